import type { Program } from '../../reference/calls/valid.ts';
import { Tally } from '../../reference/clauses/tally.ts';
import type { Terms } from '../../reference/judge/judge.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { lanesOf } from '../../reference/notation/program.ts';
import { withoutAttributes } from '../programs/shrink/index.ts';
import type { OpenTarget } from '../targets/open.ts';
import type { Answer } from '../targets/target.ts';
import { failureOf, type Judged, judged } from './execution.ts';

/** Runs of one sweep, at most. Most sweeps end earlier, as a lane has fewer passages. */
const RUNS_PER_SWEEP = 64;

/** Preemptions that most races need at most. */
export const MAX_PREEMPTIONS = 2;

/** True for targets outside this process that run schedules, and sweep a preemption over a lane in one message. */
export const canSweep = ({ direct, manifest: { can } }: OpenTarget): boolean =>
  !direct && can.has('schedule') && can.has('repeat');

/** True for programs that have a block with a schedule. */
export const isScheduled = ({ blocks }: Program): boolean =>
  blocks.some(({ attributes }) => attributes.has('schedule'));

const CHANCE = ['repeat', 'step', 'delay', 'at'];

/** The program with schedules for its blocks and nothing that is left to chance; other blocks keep their schedules. */
function withSchedule(program: Program, at: number, schedule: string, step?: number): Program {
  const blocks = program.blocks.map((block, number) => {
    const own = number === at ? schedule : (block.attributes.get('schedule') ?? '-');
    const attributes = new Map(block.attributes).set('schedule', own);
    for (const name of CHANCE) attributes.delete(name);
    if (step !== undefined && number === at) attributes.set('step', String(step));
    if (step !== undefined && number === 0) attributes.set('repeat', String(RUNS_PER_SWEEP));
    return { ...block, attributes };
  });
  return { ...program, blocks };
}

/** The runs of an answer, in order. */
const runsOf = (answer: Answer): readonly Answer[] => [...(answer.earlier ?? []), answer];

/** Where lane `cpu` was preempted in block `at` of a run, in passages; undefined if it was not. */
const preemptedAt = ({ courses }: Answer, at: number, cpu: number): number | undefined =>
  courses?.[at]?.stops.find((stop) => !stop.stuck && stop.cpu === cpu)?.passages;

/** A sweep: which lane of which block the swept preemption stops. */
interface Sweep {
  readonly at: number;
  readonly cpus: readonly number[];
  readonly program: Program;
}

/** Sweeps of one preemption: for each block, each lane is preempted by each other lane. */
function firstSweeps(program: Program, from = 1): Sweep[] {
  return program.blocks.flatMap((block, at) => {
    const lanes = lanesOf(program.steps, block).toSorted((a, b) => a - b);
    return lanes.flatMap((first) =>
      lanes
        .filter((second) => second !== first)
        .map((second) => {
          const schedule = `${first}${from > 1 ? `:${from}` : ''},${second}`;
          return { at, cpus: [first, second], program: withSchedule(program, at, schedule, 1) };
        }),
    );
  });
}

/** For each run of a sweep of one preemption: a sweep of a second one, behind it. */
function secondSweeps({ at, cpus: [first, second], program }: Sweep, runs: readonly Answer[]): Sweep[] {
  const lanes = lanesOf(program.steps, program.blocks[at]);
  return runs.flatMap((run) => {
    const stopped = preemptedAt(run, at, first);
    if (stopped === undefined) return [];
    return lanes
      .filter((third) => third !== second)
      .map((third) => {
        const schedule = `${first}${stopped > 1 ? `:${stopped}` : ''},${second},${third}`;
        return { at, cpus: [first, second], program: withSchedule(program, at, schedule, 2) };
      });
  });
}

type Run = (programs: readonly Program[]) => Promise<readonly Answer[]>;

/**
 * Runs a program under every schedule with up to `preemptions` preemptions (1 or 2), if the lanes end within the runs of
 * one sweep. Yields the runs of each sweep.
 */
async function* sweepsOf(program: Program, preemptions: number, run: Run): AsyncGenerator<readonly Answer[]> {
  const first = firstSweeps(program);
  const answers = (await run(first.map((sweep) => sweep.program))).map(runsOf);
  yield* answers;
  if (preemptions < 2) return;
  for (const [i, runs] of answers.entries()) {
    const second = secondSweeps(first[i], runs);
    if (second.length > 0) yield* (await run(second.map((sweep) => sweep.program))).map(runsOf);
  }
}

/**
 * The programs that run a program under every schedule with up to `preemptions` preemptions (at most 2); each of them
 * sweeps one preemption over a lane. `run` executes those of one preemption, to learn how far lanes go.
 */
export async function listSweeps(program: Program, preemptions: number, run: Run): Promise<readonly Program[]> {
  const first = firstSweeps(program);
  const all = first.map((sweep) => sweep.program);
  if (preemptions === 0) return first.map(({ at, cpus }) => withSchedule(program, at, String(cpus[0])));
  if (preemptions < 2) return all;
  const answers = await run(all);
  const second = answers.flatMap((answer, i) => secondSweeps(first[i], runsOf(answer)));
  return [...all, ...second.map((sweep) => sweep.program)];
}

/** The first run of a sweep that fails with `key`, or in any way if `key` is undefined. */
function failingRun(runs: readonly Answer[], terms: Terms, key: string | undefined): Judged | undefined {
  const uncounted = new Tally();
  for (const run of runs) {
    const one = judged(run, terms, uncounted);
    const failure = failureOf(one);
    if (failure !== undefined && (key === undefined || failure === key)) return one;
  }
  return undefined;
}

/** What was seen of a program under all schedules. */
export interface UnderSchedules {
  /** The first run that failed with the key, with the fewest preemptions; otherwise undefined. */
  readonly failed: Judged | undefined;
  /** The key of another failure, if there was one. */
  readonly other: string | undefined;
  readonly executions: number;
}

/** Runs programs under every schedule with up to `preemptions` preemptions, until each has failed with `key`. */
export class Sweeper {
  readonly #target: OpenTarget;
  readonly #terms: Terms;
  readonly #key: string | undefined;
  readonly #preemptions: number;
  readonly #seen = new Map<string, UnderSchedules>();
  /** Runs so far. */
  executions = 0;

  constructor(target: OpenTarget, terms: Terms, key: string | undefined, preemptions: number) {
    this.#target = target;
    this.#terms = terms;
    this.#key = key;
    this.#preemptions = preemptions;
  }

  /** The run that failed, of a program that was swept before. */
  failed(program: Program): Judged | undefined {
    return this.#seen.get(textOf(program))?.failed;
  }

  async sweep(program: Program): Promise<UnderSchedules> {
    const text = textOf(program);
    const known = this.#seen.get(text);
    if (known) return known;
    let failed: Judged | undefined;
    let other: string | undefined;
    let executions = 0;
    for await (const runs of sweepsOf(program, this.#preemptions, (programs) => this.#target.run(programs))) {
      executions += runs.length;
      failed = failingRun(runs, this.#terms, this.#key);
      if (failed) break;
      const another = failingRun(runs, this.#terms, undefined);
      if (another) other ??= failureOf(another);
    }
    this.executions += executions;
    const seen = { failed, other, executions };
    this.#seen.set(text, seen);
    return seen;
  }
}

/** The text of a program without attributes: what is the same for all schedules. */
const textOf = (program: Program): string => printSteps(withoutAttributes(program));
