import type { Program } from '../../reference/calls/valid.ts';
import { Tally } from '../../reference/clauses/tally.ts';
import type { Terms } from '../../reference/judge/judge.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { lanesOf } from '../../reference/notation/program.ts';
import { withoutAttributes } from '../programs/shrink/index.ts';
import type { OpenTarget } from '../targets/open.ts';
import type { Answer } from '../targets/target.ts';
import { execute, failureOf, type Judged, judged } from './execution.ts';

/** Runs of one sweep, at most. Most sweeps end earlier, as a lane has fewer passages. */
const RUNS_PER_SWEEP = 64;

/** Sweeps try at most this many preemptions. Most races need no more. */
export const MAX_PREEMPTIONS = 2;

/** True for targets outside this process that run schedules, and sweep a preemption over a lane in one message. */
export const canSweep = ({ direct, manifest: { can } }: OpenTarget): boolean =>
  !direct && can.has('schedule') && can.has('repeat');

/** True for programs that have a block with a schedule. */
export const isScheduled = ({ blocks }: Program): boolean =>
  blocks.some(({ attributes }) => attributes.has('schedule'));

const CHANCE = ['repeat', 'step', 'pick', 'delay', 'chance', 'at'];

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

/** A sweep of a block's schedules: the lanes that run one after the other. */
interface Sweep {
  /** Number of the block. */
  readonly at: number;
  readonly cpus: readonly number[];
  readonly program: Program;
}

/** Sweeps of one preemption: for each block, each lane is preempted by each other lane. */
function firstSweeps(program: Program): Sweep[] {
  return program.blocks.flatMap((block, at) => {
    const lanes = lanesOf(program.steps, block).toSorted((a, b) => a - b);
    return lanes.flatMap((first) =>
      lanes
        .filter((second) => second !== first)
        .map((second) => ({
          at,
          cpus: [first, second],
          program: withSchedule(program, at, `${first},${second}`, 1),
        })),
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
        return { at, cpus: [first, second, third], program: withSchedule(program, at, schedule, 2) };
      });
  });
}

type Run = (programs: readonly Program[]) => Promise<readonly Answer[]>;

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

/** What was seen of a program under all schedules. */
export interface UnderSchedules {
  /** The first run that fails in the wanted way, with as few preemptions as possible. */
  readonly failed: Judged | undefined;
  /** The key of another failure, if there was one. */
  readonly other: string | undefined;
}

/** A program that is being swept. */
interface Swept {
  readonly text: string;
  readonly program: Program;
  readonly second: Sweep[];
  failed?: Judged;
  other?: string;
}

/**
 * Runs programs under every schedule with up to `preemptions` preemptions (1 or 2), if their lanes end within the runs of
 * one sweep. A program is swept once only.
 */
export class Sweeper {
  readonly #target: OpenTarget;
  readonly #terms: Terms;
  readonly #wanted: (run: Judged) => boolean;
  readonly #preemptions: number;
  readonly #seen = new Map<string, UnderSchedules>();
  /** Runs so far. */
  executions = 0;

  /** @param wanted whether a run, which fails, fails in the wanted way. */
  constructor(target: OpenTarget, terms: Terms, preemptions: number, wanted: (run: Judged) => boolean = () => true) {
    this.#target = target;
    this.#terms = terms;
    this.#preemptions = preemptions;
    this.#wanted = wanted;
  }

  /** The run that failed, of a program that was swept before. */
  failed(program: Program): Judged | undefined {
    return this.#seen.get(textOf(program))?.failed;
  }

  /** Sweeps programs with parallel blocks; returns what was seen of each. */
  async sweep(programs: readonly Program[]): Promise<UnderSchedules[]> {
    const open = new Map<string, Swept>();
    for (const program of programs) {
      const text = textOf(program);
      if (!this.#seen.has(text)) open.set(text, { text, program, second: [] });
    }
    const all = [...open.values()];
    await this.#run(all.flatMap((swept) => firstSweeps(swept.program).map((sweep) => ({ swept, sweep }))));
    if (this.#preemptions > 1) {
      const left = all.filter(({ failed }) => !failed);
      await this.#run(left.flatMap((swept) => swept.second.map((sweep) => ({ swept, sweep }))));
    }
    for (const { text, failed, other } of all) this.#seen.set(text, { failed, other });
    return programs.map((program) => this.#seen.get(textOf(program))!);
  }

  /**
   * The keys of the failures of programs; undefined for those that hold. Programs without parallel blocks run once.
   * @param key the key of the wanted failure.
   */
  async failures(programs: readonly Program[], key: string): Promise<(string | undefined)[]> {
    const verdicts = new Map<Program, string | undefined>();
    const apart = programs.filter(({ blocks }) => blocks.length === 0);
    const runs = await execute(this.#target, apart, this.#terms);
    for (const [i, run] of runs.entries())
      verdicts.set(apart[i], run.violation && this.#wanted(run) ? key : failureOf(run));
    const overlapping = programs.filter(({ blocks }) => blocks.length > 0);
    const seen = await this.sweep(overlapping);
    for (const [i, { failed, other }] of seen.entries()) verdicts.set(overlapping[i], failed ? key : other);
    return programs.map((program) => verdicts.get(program));
  }

  async #run(sweeps: readonly { readonly swept: Swept; readonly sweep: Sweep }[]): Promise<void> {
    if (sweeps.length === 0) return;
    const answers = await this.#target.run(sweeps.map(({ sweep }) => sweep.program));
    for (const [i, answer] of answers.entries()) {
      const { swept, sweep } = sweeps[i];
      const runs = runsOf(answer);
      this.executions += runs.length;
      this.#look(runs, swept);
      if (this.#preemptions > 1 && sweep.cpus.length === 2) swept.second.push(...secondSweeps(sweep, runs));
    }
  }

  #look(runs: readonly Answer[], swept: Swept): void {
    const uncounted = new Tally();
    for (const run of runs) {
      if (swept.failed) return;
      const one = judged(run, this.#terms, uncounted);
      if (!one.violation) continue;
      if (this.#wanted(one)) swept.failed = one;
      else swept.other ??= failureOf(one) as string;
    }
  }
}

/** The text of a program without attributes: what is the same for all schedules. */
const textOf = (program: Program): string => printSteps(withoutAttributes(program));
