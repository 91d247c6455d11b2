import type { Program } from '../../../reference/calls/valid.ts';
import type { Clause } from '../../../reference/clauses/clause.ts';
import type { Tally } from '../../../reference/clauses/tally.ts';
import type { Judged } from '../../findings/execution.ts';
import type { Finding } from '../../findings/finding.ts';
import type { StateCount } from '../../programs/states/count.ts';
import type { GoalCount } from '../../programs/states/tally.ts';
import type { Agreement } from '../../targets/agreement.ts';
import type { OpenTarget } from '../../targets/open.ts';
import type { TargetFailure } from '../../targets/target.ts';

/** Which part of a run this process executes: `{ index: 0, of: 4 }` is the first of four. */
export interface Shard {
  /** From 0 to `of` - 1. */
  readonly index: number;
  readonly of: number;
}

/**
 * How much to run. The run ends when it reaches the first of these limits; with none of them it ends only by a signal.
 *
 * @example
 * ```ts
 * import { type Budget, run } from 'mmspec';
 *
 * const budget: Budget = { programs: 50, milliseconds: 30_000 };
 * const report = await run({ target: 'embedded', budget });
 * console.log(report.programs); // 50
 * ```
 */
export interface Budget {
  /** Random programs, not counting those in `first`. */
  readonly random?: number;
  /**
   * Programs of the whole run: given and random ones, of all shards together. A run of 100 or more that is not
   * divided may run up to a quarter more: short programs for calls that have shown no effect.
   */
  readonly programs?: number;
  /** Judged steps of this process. */
  readonly steps?: number;
  /** Wall-clock time in milliseconds, including the time for shrinking. */
  readonly milliseconds?: number;
}

/**
 * How many threads run random programs side by side, each with a target of its own: a number, or `auto` for as many as
 * help.
 *
 * @example
 * ```ts
 * import { type Jobs, run } from 'mmspec';
 *
 * const jobs: Jobs = 2;
 * const report = await run({ target: 'embedded', budget: { programs: 50 }, jobs });
 * console.log(report.programs); // 50
 * ```
 */
export type Jobs = number | 'auto';

/** What a campaign runs, on what, and for how long. */
export interface CampaignOptions {
  readonly target: OpenTarget;
  /** The contract to judge by. */
  readonly agreement: Agreement;
  /** The same seed draws the same programs. */
  readonly seed: number;
  /** CPUs that programs use; at most those of the target. */
  readonly cpus: number;
  /** Frames of the pool that programs use; at most those of the target. */
  readonly frames: number;
  readonly budget: Budget;
  /** When the time budget began, on the clock of `performance.now()`; when the campaign starts by default. */
  readonly startedAt?: number;
  /** Clauses whose calls are drawn more often. */
  readonly favour?: readonly Clause[];
  /** Maximum length of a random program, in steps. */
  readonly length?: number;
  /**
   * Also draw steps that make a real kernel warn. The default is true, except on targets that report the warnings of a
   * kernel log.
   */
  readonly warnings?: boolean;
  /**
   * Percentage of random programs that contain a parallel block. The default is 75 for targets in this process and 20
   * for others; targets without parallel blocks get none.
   */
  readonly parallel?: number;
  /** False to leave no overlap to chance, on targets that sweep schedules; the default is true. */
  readonly chance?: boolean;
  /** Programs to run before the random ones; read only as fast as they run. */
  readonly first?: Iterable<Program>;
  /** Run `first` and no random programs. */
  readonly only?: boolean;
  /** Stop at the first confirmed violation. */
  readonly bail?: boolean;
  /** Run only this shard's programs. A budget of programs is that of the whole run. */
  readonly shard?: Shard;
  /** Ends the run early; the result then says `interrupted`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Called with each new finding once it is shrunk. */
  readonly onFinding?: (finding: Finding) => void;
  /**
   * Called when the target fails outside a step. With this callback the run continues, up to a maximum number of
   * failures; without it the run throws.
   */
  readonly onFailure?: (failure: TargetFailure) => void;
  /** Called when the time budget ended before the target answered all programs that it was given, with their number. */
  readonly onUnanswered?: (programs: number) => void;
  /** Count which programs reach the goals of a gate. */
  readonly goals?: boolean;
  /** Threads that run random programs side by side; see `jobsOf`. */
  readonly jobs?: Jobs | undefined;
  /**
   * Called with each program that was executed and judged, except those tried while shrinking. The programs then run in
   * one thread.
   */
  readonly onJudged?: (judged: Judged) => void;
  /**
   * Returns true for a violation that is known already: it is neither shrunk nor reported. Asked once more when the
   * program is `shrunk`, so that it keeps a parallel block only if the violation needs it.
   */
  readonly known?: (judged: Judged, shrunk: boolean) => boolean;
  /** Programs to try for a certificate of minimality, instead of a time limit, so that the run can be repeated exactly. */
  readonly certify?: number;
}

/** How far a campaign got. */
export interface Progress {
  readonly tally: Tally;
  readonly programs: number;
  readonly steps: number;
  /** Wall-clock time since the start, in milliseconds. */
  readonly milliseconds: number;
  readonly findings: readonly Finding[];
  /** How many states the programs reached. */
  readonly states: { readonly reached: number };
  /** How long the run will still take, if that is known; `estimated` from the part of its programs or steps that ran. */
  readonly left?: { readonly milliseconds: number; readonly estimated: boolean };
  /** The current activity when it is not running programs: `shrinking ALIAS-1: 198 steps, now 12`. */
  readonly doing?: string;
}

/** Where the time of this process went while programs ran on a target outside it, in milliseconds. */
export interface Times {
  generating: number;
  judging: number;
  /** Until the target has answered a batch, less what else this process did meanwhile. */
  waiting: number;
}

/** What a campaign ran and found. */
export interface CampaignResult {
  readonly tally: Tally;
  readonly states: readonly StateCount[];
  /** The goals of a gate; empty unless they were asked for. */
  readonly goals: readonly GoalCount[];
  /** Programs and steps that were executed and judged, not counting those tried while shrinking. */
  readonly programs: number;
  readonly steps: number;
  /** Wall-clock time in milliseconds, including shrinking. */
  readonly milliseconds: number;
  /** The same without shrinking. */
  readonly running: number;
  /** Undefined for targets in this process, and for several jobs. */
  readonly times?: Readonly<Times>;
  readonly findings: readonly Finding[];
  /** A signal ended the campaign before its budget did. */
  readonly interrupted: boolean;
  /** How often the target failed outside a step: nothing is known about the programs that it had then. */
  readonly failures: number;
  /** Everything assigned to this shard ran. */
  readonly complete: boolean;
}
