import type { Program } from '../../reference/calls/valid.ts';
import type { Trace } from '../../reference/judge/judge.ts';
import type { Window } from '../../reference/notation/header.ts';
import type { Outcome } from '../../reference/notation/outcome.ts';
import type { Course } from './course.ts';
import type { MachineFacts } from './machine-facts.ts';
import type { Sizes } from './sizes.ts';
import type { Support } from './support.ts';

/**
 * What a target says about itself before any program runs.
 *
 * @example
 * ```ts
 * import { openTarget } from 'mmspec';
 *
 * const target = await openTarget('embedded');
 * const { name, cpus, calls } = target.manifest;
 * console.log(`${name}: ${cpus} CPUs, ${[...calls].join(' ')}`);
 * await target.close();
 * ```
 */
export interface Manifest {
  /** Implementation and version, free text: `linux 6.1.192 x86_64`. */
  readonly name: string;
  /** The name of the profile that the target proposes: `documented`, `linux-6.1`. */
  readonly profile: string;
  /** Traits that differ from the profile, by name. */
  readonly traits: ReadonlyMap<string, string>;
  /** How many CPUs a program may use. */
  readonly cpus: number;
  /** How many frames of the pool a program may use. */
  readonly frames: number;
  /** Page size in bytes. */
  readonly page: number;
  /** Where areas (`kernel`) and VMAs (`user`) lie, in page numbers. */
  readonly windows: ReadonlyMap<'kernel' | 'user', Window>;
  /** Names of the calls that the target executes. */
  readonly calls: ReadonlySet<string>;
  /** Optional abilities: `reread`, `counts`, `parallel`, `repeat`, `schedule`, `fail_after` ... */
  readonly can: ReadonlySet<string>;
  /** How many pages a program may count on; undefined if the target does not say. */
  readonly memory?: number;
  /** Maximum length of a program, in steps; Infinity if there is no limit. */
  readonly steps: number;
  /** Sizes of the implementation's structures, as far as the target tells them: programs then fill them. */
  readonly sizes?: Partial<Sizes>;
  /** Names of functions of the implementation, if the target tells which of them programs enter. */
  readonly functions?: readonly string[];
  /** By call: what the target supports of it, where that is less than the whole call. */
  readonly support?: ReadonlyMap<string, Support>;
  /** Which kernel on which machine it is; undefined for other targets. */
  readonly machine?: MachineFacts;
  /** Maximum length of a line, in bytes; undefined if there is no limit. */
  readonly line?: number;
}

/**
 * The trace with which a target answers one program.
 *
 * @example
 * ```ts
 * import { type Answer, openTarget, parse } from 'mmspec';
 *
 * const target = await openTarget('embedded');
 * const { program } = parse('mmspec program 1\n@0 a0 = vmap f0\n').entries[0].trace;
 * const [answer]: Answer[] = await target.run([program]);
 * console.log(answer.outcomes.length, answer.log); // 1 undefined
 * await target.close();
 * ```
 */
export interface Answer extends Trace {
  /** The answers of all runs but the last, if the target ran the program several times (`repeat=N`). */
  readonly earlier?: readonly Answer[];
  /** How the lanes of each block with a schedule interleaved, if the target tells. */
  readonly courses?: readonly Course[];
  /** The target's output besides the protocol, if it crashed or hung. */
  readonly log?: string;
  /** The target failed after the last step, in its clean-up. All outcomes are there, but nothing is known of leaks. */
  readonly failure?: TargetFailure;
}

/** Where a target's time went since it was started. */
export interface Spent {
  readonly programs: number;
  readonly steps: number;
  /** Microseconds by what took them: `parse`, `run`, `end`, `write` ... */
  readonly microseconds: ReadonlyMap<string, number>;
}

/** Takes an answer, or the failure in its place, and the index of its program among those that were given together. */
export type OnAnswer = (index: number, answer: Answer | TargetFailure) => void;

/**
 * Executes programs, usually in another process or machine. A target never judges and does not know the model. In this
 * process, implement `DirectTarget` instead.
 *
 * @example
 * ```ts
 * import { openTarget, parse } from 'mmspec';
 *
 * const text = 'mmspec program 1\ncpus 2\nframes 64\n@0 a0 = vmap f0\n@1 read a0\n';
 * const { program } = parse(text).entries[0].trace;
 * const target = await openTarget('embedded');
 * const [trace] = await target.run([program]);
 * console.log(trace.outcomes.map(({ kind }) => kind)); // [ 'address', 'frame' ]
 * await target.close();
 * ```
 */
export interface Target {
  readonly manifest: Manifest;
  /**
   * Executes programs, each from scratch.
   * @returns one trace for each program, in the same order. A trace is shorter than its program only if its last
   * outcome is `crash` or `timeout`.
   * @param onAnswer may be called with the index of each program as soon as its answer, or its failure, is known: so
   * neither is lost if the promise rejects for another reason.
   * @throws TargetFailure if the target failed outside a step, or if an answer breaks the grammar.
   */
  run(programs: readonly Program[], onAnswer?: OnAnswer): Promise<Answer[]>;
  /** Those of the functions in the manifest that programs have entered so far. */
  entered?(): ReadonlySet<string>;
  /** Where its time went since it was last started; undefined if that is not known. Call it while no program runs. */
  spent?(): Promise<Spent | undefined>;
  /** Where the sources of the implementation define a function, if the target can tell: `mm/vmalloc.c:2884`. */
  definition?(name: string): string | undefined;
  /** Restarts the target, so that the next program finds it without any history. */
  fresh?(): Promise<void>;
  /** Ends the target and all processes and machines that it started. */
  close(): Promise<void>;
}

/**
 * All members of a target, to be spread into another target that has some of them in its own way. A spread of the target
 * itself would lose the methods of its class.
 *
 * @example
 * ```ts
 * const renamed: Target = { ...membersOf(target), manifest: { ...target.manifest, name: 'another' } };
 * ```
 */
export const membersOf = (target: Target): Target => ({
  manifest: target.manifest,
  run: (programs, onAnswer) => target.run(programs, onAnswer),
  ...(target.entered ? { entered: () => target.entered!() } : {}),
  ...(target.definition ? { definition: (name) => target.definition!(name) } : {}),
  ...(target.spent ? { spent: () => target.spent!() } : {}),
  ...(target.fresh ? { fresh: () => target.fresh!() } : {}),
  close: () => target.close(),
});

/**
 * A target in this process: synchronous, and so the fastest. A module whose default export is a `DirectTarget` is
 * opened as `./module.ts`; the kit then runs it in a child process.
 *
 * @example
 * ```ts
 * import type { DirectTarget } from 'mmspec';
 * import { outcomes } from 'mmspec';
 *
 * // An implementation that has only one call: every read faults, as nothing is ever mapped.
 * const target: DirectTarget = {
 *   manifest: {
 *     name: 'nothing 0.1',
 *     profile: 'documented',
 *     traits: new Map(),
 *     cpus: 2,
 *     frames: 64,
 *     page: 4096,
 *     windows: new Map(),
 *     calls: new Set(['read']),
 *     can: new Set(),
 *     steps: Number.POSITIVE_INFINITY,
 *   },
 *   execute: (program) => program.steps.map(() => outcomes.FAULT),
 *   executeTrace: (program) => ({ program, outcomes: target.execute(program) }),
 * };
 * export default target;
 * ```
 */
export interface DirectTarget {
  readonly manifest: Manifest;
  /** True if `executeTrace` takes a `Chooser` as its second argument, which interleaves the lanes of blocks. */
  readonly schedulable?: boolean;
  /**
   * Executes one program from scratch.
   * @returns one outcome for each step; fewer only if the last one is `crash` or `timeout`.
   */
  execute(program: Program): Outcome[];
  /**
   * Like `execute`, but returns a trace, with the logical times of parallel blocks. If the manifest has the ability
   * `leaks`, the program is undone after its last step, and the trace has the leaks that this showed.
   */
  executeTrace(program: Program): Trace;
}

/**
 * The target or the kit failed outside a step, so nothing is known about the contract. Exit code 3.
 *
 * @example
 * ```ts
 * import { openTarget, TargetFailure } from 'mmspec';
 *
 * try {
 *   await openTarget('exec:/no/such/adapter');
 * } catch (error) {
 *   if (!(error instanceof TargetFailure)) throw error;
 *   console.log(error.message, error.log);
 * }
 * ```
 */
export class TargetFailure extends Error {
  override readonly name = 'TargetFailure';
  /** The program that was running; several if any of them may be the cause; empty if none was running. */
  readonly programs: readonly Program[];
  /** The target's output besides the protocol. */
  readonly log: string;

  constructor(message: string, options: { programs?: readonly Program[]; log?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.programs = options.programs ?? [];
    this.log = options.log ?? '';
  }
}
