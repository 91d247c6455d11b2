import type { Step } from '../../../reference/calls/call.ts';
import { runsIn } from '../../../reference/calls/spaces.ts';
import type { Violation } from '../../../reference/clauses/violation.ts';
import { follow } from '../../../reference/judge/follow.ts';
import type { Trace } from '../../../reference/judge/judge.ts';
import type { Phase } from '../../../reference/judge/observer.ts';
import { type MappedRange, rangeName } from '../../../reference/model/view.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { printOutcome } from '../../../reference/notation/outcome.ts';
import { printCall } from '../../../reference/notation/print.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';
import { stopsText } from '../../targets/course.ts';
import { narrate } from './narrate.ts';
import { type Group, whyOverlapping } from './overlap.ts';
import { lookAt, NO_STATE, type State } from './state.ts';
import { type Entry, Translations } from './translations.ts';

/** A page of a range; may lie outside. */
export interface Place {
  readonly range: string;
  readonly page: number;
}

/** One line of the picture: a step, or in a parallel block the call or the return of one; with the state after it. */
export interface Moment extends State {
  /** Index of the step. */
  readonly step: number;
  readonly phase: Phase;
  readonly cpu: number;
  /** CPUs on which a step is under way, in a parallel block. */
  readonly running: readonly number[];
  /** The step without its CPU, and its outcome (empty at a call). */
  readonly text: string;
  readonly outcome: string;
  /** Names of ranges and keys of translations that the line points at. */
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
  readonly ranges: readonly MappedRange[];
  readonly entries: readonly Entry[];
  readonly moments: readonly Moment[];
  readonly violation: Violation | undefined;
  /** Why the offending step cannot be right beside the others of its parallel block. */
  readonly why: readonly Group[];
  /** Where a schedule stopped lanes, in words; empty if it is not known. */
  readonly stops: string;
}

/** What a story depends on besides the trace. */
export interface StoryOptions {
  readonly traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  readonly violation?: Violation | undefined;
}

/** The story of a trace: what the judge's model knows after each step. It does not stop at a violation. */
export function storyOf(trace: Trace, { traits, page, violation }: StoryOptions): Story {
  const { program, outcomes } = trace;
  const translations = new Translations(page);
  const moments: Moment[] = [];
  const running = new Set<number>();
  const used = new Set<string>();
  let ranges: readonly MappedRange[] = [];
  let before: State = NO_STATE;
  follow(trace, traits, page, (view, { step: index, phase, access }) => {
    const step: Step = program.steps[index];
    if (phase === 'call') running.add(step.cpu);
    if (phase === 'return') running.delete(step.cpu);
    const returned = phase !== 'call';
    const offending = returned && violation?.step === index;
    ranges = view.ranges;
    if (returned) translations.observe(ranges, access, offending);
    const now: State = { ranges: lookAt(ranges, before), entries: translations.snapshot() };
    const touches = touched(before, now, returned ? translations.last : undefined);
    if (touches.length === 0 && returned) touches.push(...named(step, ranges));
    const seen = { used, dropped: translations.dropped };
    moments.push({
      step: index,
      phase,
      cpu: step.cpu,
      running: [...running],
      text: printCall(step),
      outcome: returned ? printOutcome(outcomes[index], page) : '',
      ...now,
      touches,
      place: returned ? placeOf(step, ranges, page) : undefined,
      notes: narrate(ranges, translations.entries, before, now, page, seen),
      offending,
    });
    for (const key of now.entries.keys()) used.add(key);
    before = now;
  });
  const { lingered } = translations;
  return {
    cpus: program.cpus,
    page,
    ranges,
    entries: translations.entries,
    moments: lingered === undefined ? moments : overdue(moments, lingered),
    violation,
    why: whyOverlapping(trace, page, violation),
    stops: stopsText(program),
  };
}

/** Adds a translation as `overdue` to the moments between the one at which it had to go and the offending one. */
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

/** The range that an address names, if it was mapped. */
const rangeOf = ({ base, index }: Address, step: Step, ranges: readonly MappedRange[]): MappedRange | undefined => {
  const named = rangeName(base, index, base === 'v' ? runsIn(step) : -1);
  return ranges.find(({ name }) => name === named);
};

/** Names of what a step is about. */
const named = (step: Step, ranges: readonly MappedRange[]): string[] => [
  ...new Set(addresses(step).flatMap((address) => rangeOf(address, step, ranges)?.name ?? [])),
];

/** The page that a step is about, taken from its last address. */
function placeOf(step: Step, ranges: readonly MappedRange[], page: number): Place | undefined {
  const address = addresses(step).at(-1);
  const range = address && step.call.binds === undefined ? rangeOf(address, step, ranges) : undefined;
  return range && { range: range.name, page: Math.floor(address!.offset / page) };
}

/** Names of the ranges and keys of the translations that changed, and of the one that was used. */
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
