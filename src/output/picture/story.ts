import type { Step } from '../../../reference/calls/call.ts';
import type { Violation } from '../../../reference/clauses/violation.ts';
import type { Trace } from '../../../reference/judge/judge.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { printOutcome } from '../../../reference/notation/outcome.ts';
import { printCall } from '../../../reference/notation/print.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';
import { narrate, type RangeView, type State } from './narrate.ts';
import { type Group, whyOverlapping } from './overlap.ts';
import { type Entry, type EntryState, Translations } from './translations.ts';
import { type Range, World } from './world.ts';

/** A page of a range; may lie outside. */
export interface Place {
  readonly range: string;
  readonly page: number;
}

/** One line of the picture: a step, or in a parallel block the call or the return of one. */
export interface Moment {
  /** Index of the step. */
  readonly step: number;
  readonly phase: 'whole' | 'call' | 'return';
  readonly cpu: number;
  /** CPUs on which a step is under way, in a parallel block. */
  readonly running: readonly number[];
  /** The step without its CPU, and its outcome (empty at a call). */
  readonly text: string;
  readonly outcome: string;
  /** The state after it, by name of the range and by key of the entry. */
  readonly ranges: ReadonlyMap<string, RangeView>;
  readonly entries: ReadonlyMap<string, EntryState>;
  /** Names and keys that the step has to do with: what its line points at. */
  readonly touches: readonly string[];
  /** The page that the step is about, once it has returned. */
  readonly place: Place | undefined;
  /** What happened, in words. */
  readonly notes: readonly string[];
  readonly offending: boolean;
}

/** A trace as a picture: who could reach what, moment by moment. */
export interface Story {
  readonly cpus: number;
  /** Page size in bytes. */
  readonly page: number;
  readonly ranges: readonly Range[];
  readonly entries: readonly Entry[];
  readonly moments: readonly Moment[];
  readonly violation: Violation | undefined;
  /** What the offending step has to do with the others of its parallel block. */
  readonly why: readonly Group[];
}

/** What a trace is told by. */
export interface Telling {
  readonly traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  readonly violation?: Violation | undefined;
}

/** A step's call, its return, or both in one. */
interface Event {
  readonly step: number;
  readonly phase: Moment['phase'];
  readonly at: number;
}

/** The events of a trace in the order of time: those of a parallel block by their logical times. */
function eventsOf(trace: Trace): Event[] {
  const { program, outcomes, times } = trace;
  const events: Event[] = [];
  const blocks = program.blocks.values();
  let block = blocks.next().value;
  for (let step = 0; step < outcomes.length; step++) {
    if (block && step === block.start && times?.[step]) {
      const inside: Event[] = [];
      for (; step < block.end && step < outcomes.length; step++) {
        const interval = times[step];
        if (!interval) continue;
        inside.push({ step, phase: 'call', at: interval.called }, { step, phase: 'return', at: interval.returned });
      }
      step--;
      inside.sort((one, other) => one.at - other.at);
      events.push(...joined(inside));
      block = blocks.next().value;
    } else events.push({ step, phase: 'whole', at: 0 });
  }
  return events;
}

/** A call that is followed by its own return is one line. */
function joined(events: readonly Event[]): Event[] {
  const result: Event[] = [];
  for (let i = 0; i < events.length; i++) {
    const whole = events[i].phase === 'call' && events[i + 1]?.step === events[i].step;
    result.push(whole ? { ...events[i], phase: 'whole' } : events[i]);
    if (whole) i++;
  }
  return result;
}

const snapshot = (world: World): Map<string, RangeView> =>
  new Map(world.ranges.map((range) => [range.name, { state: range.state, frames: range.frames }]));

/** Tells the story of a trace. */
export function tell(trace: Trace, telling: Telling): Story {
  const { program, outcomes } = trace;
  const world = new World(telling.traits, telling.page);
  const translations = new Translations(world);
  const moments: Moment[] = [];
  const called = new Map<number, number>();
  const running = new Set<number>();
  const used = new Set<string>();
  let now = 0;
  for (const { step: index, phase } of eventsOf(trace)) {
    const step: Step = program.steps[index];
    const outcome = outcomes[index];
    now++;
    if (phase !== 'return') called.set(index, now);
    if (phase === 'call') running.add(step.cpu);
    if (phase === 'return') running.delete(step.cpu);
    const offending = telling.violation?.step === index && phase !== 'call';
    const before = snapshot(world);
    const entriesBefore = translations.snapshot();
    if (phase !== 'call') {
      now++;
      world.apply(step, outcome, called.get(index)!, now);
      translations.observe(step, outcome, offending);
    }
    const ranges = snapshot(world);
    const entries = translations.snapshot();
    const was = { ranges: before, entries: entriesBefore };
    const is = { ranges, entries };
    const touches = touched(was, is, phase === 'call' ? undefined : translations.last);
    if (touches.length === 0 && phase !== 'call') touches.push(...named(step, world));
    moments.push({
      step: index,
      phase,
      cpu: step.cpu,
      running: [...running],
      text: printCall(step),
      outcome: phase === 'call' ? '' : printOutcome(outcome, telling.page),
      ...is,
      touches,
      place: phase === 'call' ? undefined : placeOf(step, world),
      notes: narrate(world.ranges, translations.entries, was, is, telling.page, {
        used,
        dropped: translations.dropped,
      }),
      offending,
    });
    for (const key of entries.keys()) used.add(key);
  }
  const { lingered } = translations;
  return {
    cpus: program.cpus,
    page: telling.page,
    ranges: world.ranges,
    entries: translations.entries,
    moments: lingered === undefined ? moments : overdue(moments, lingered),
    violation: telling.violation,
    why: whyOverlapping(trace, telling.page, telling.violation),
  };
}

/** The moments from the one at which a translation had to go to the offending one, with the translation still there. */
function overdue(moments: readonly Moment[], key: string): Moment[] {
  const offending = moments.findIndex((moment) => moment.offending);
  const last = moments.slice(0, offending).findLastIndex(({ entries }) => entries.has(key));
  if (last < 0) return [...moments];
  return moments.map((moment, at) =>
    at > last && at < offending ? { ...moment, entries: new Map(moment.entries).set(key, 'overdue') } : moment,
  );
}

/** Addresses that a step is given. */
const addresses = ({ call, args }: Step): Address[] =>
  call.naming.flatMap((at) => (args[at] === undefined ? [] : [args[at] as Address]));

/** Names of what a step is about. */
const named = (step: Step, world: World): string[] => [
  ...new Set(addresses(step).flatMap((address) => world.named(address)?.name ?? [])),
];

/** The page that a step is about: the last address that it is given says which. */
function placeOf(step: Step, world: World): Place | undefined {
  const address = addresses(step).at(-1);
  const range = address && step.call.binds === undefined ? world.named(address) : undefined;
  return range && { range: range.name, page: Math.floor(address!.offset / world.page) };
}

/** What changed, and what was looked at. */
function touched(before: State, after: State, used: string | undefined): string[] {
  const names: string[] = [];
  for (const [name, view] of after.ranges) {
    const old = before.ranges.get(name);
    if (old?.state !== view.state || old.frames !== view.frames) names.push(name);
  }
  for (const key of new Set([...before.entries.keys(), ...after.entries.keys()]))
    if (before.entries.get(key) !== after.entries.get(key) || key === used) names.push(key);
  return names;
}
