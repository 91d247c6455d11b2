import type { Step } from '../reference/calls/call.ts';
import type { Program } from '../reference/calls/valid.ts';
import { Tally } from '../reference/clauses/tally.ts';
import { VOCABULARY } from '../reference/contract.ts';
import { judge, type Terms, type Trace } from '../reference/judge/judge.ts';
import { inArea } from '../reference/notation/address.ts';
import type { CallName } from '../reference/notation/names.ts';
import { NO_BLOCKS } from '../reference/notation/program.ts';
import { agree } from '../src/targets/agreement.ts';
import { embedded } from '../src/targets/embedded/index.ts';
import type { DirectTarget } from '../src/targets/target.ts';
import { processorMs } from './clock.ts';

/** What it costs to judge a step while other pages are live. */
export interface Growth {
  /** Live pages. */
  readonly live: number;
  /** Of processor time, per step. */
  readonly microseconds: number;
}

/** Numbers of live pages that are measured. */
const LIVE_PAGES: readonly number[] = [10, 100, 1000, 10_000];

/** The model of a program with 10,000 live pages and this many cycles is still kept for the next program. */
const CYCLES = 4000;
const ROUNDS = 25;

/** Maps `live` areas of one page each, then maps, reads and unmaps another area `cycles` times. */
function program(live: number, cycles: number): Program {
  const call = (name: CallName) => VOCABULARY.get(name)!;
  const [map, read, unmap] = [call('vm_map_ram'), call('read'), call('vm_unmap_ram')];
  const steps: Step[] = [];
  for (let name = 0; name < live; name++) steps.push({ cpu: 0, call: map, binds: name, args: [[name % 64]] });
  for (let name = live; name < live + cycles; name++) {
    steps.push(
      { cpu: 0, call: map, binds: name, args: [[name % 64]] },
      { cpu: 1, call: read, binds: -1, args: [inArea(name, 0)] },
      { cpu: 0, call: unmap, binds: -1, args: [inArea(name, 0), 1] },
    );
  }
  return { cpus: 2, frames: 64, steps, blocks: NO_BLOCKS };
}

/** One program, whose least time is taken. */
class Timed {
  least = Number.POSITIVE_INFINITY;
  readonly #trace: Trace;

  constructor(target: DirectTarget, live: number, cycles: number) {
    const one = program(live, cycles);
    this.#trace = { program: one, outcomes: target.execute(one) };
  }

  judge(terms: Terms, tally: Tally): void {
    const from = processorMs();
    judge(this.#trace, terms, tally);
    this.least = Math.min(this.least, processorMs() - from);
  }
}

/** Measures what it costs to judge a step while pages are live, without the steps that map them. The numbers take turns. */
export function growth(): Growth[] {
  const target = embedded('lazy')!;
  const { terms } = agree(target.manifest);
  const tally = new Tally();
  const measured = LIVE_PAGES.map((live) => ({
    live,
    all: new Timed(target, live, CYCLES),
    maps: new Timed(target, live, 0),
  }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { all, maps } of measured) {
      all.judge(terms, tally);
      maps.judge(terms, tally);
    }
  }
  return measured.map(({ live, all, maps }) => ({
    live,
    microseconds: ((all.least - maps.least) * 1000) / (3 * CYCLES),
  }));
}
