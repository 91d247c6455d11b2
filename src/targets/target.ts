import type { Window } from '../../reference/notation/document.ts';
import type { Outcome } from '../../reference/notation/outcome.ts';
import type { Program, Trace } from '../../reference/notation/program.ts';

/** What a target says about itself before anything runs. */
export interface Manifest {
  /** Implementation and version, free text: `linux 6.1.192 x86_64`. */
  readonly name: string;
  /** The profile that it proposes. */
  readonly profile: string;
  /** Traits that override the profile. */
  readonly traits: ReadonlyMap<string, string>;
  readonly cpus: number;
  /** The most frames that a program may ask for. */
  readonly frames: number;
  /** Page size in bytes. */
  readonly page: number;
  readonly windows: ReadonlyMap<'kernel' | 'user', Window>;
  /** Names of the calls that it can execute. */
  readonly calls: ReadonlySet<string>;
  /** Optional abilities: `reread`, `counts`, `parallel`, `repeat`, `schedule`, `fail_after` ... */
  readonly can: ReadonlySet<string>;
  /** The longest program, in steps; Infinity where there is no limit. */
  readonly steps: number;
  /** The longest line that it takes, in bytes; missing where there is no limit. */
  readonly line?: number;
}

/** What a target answered to one program. */
export interface Answer extends Trace {
  /** The traces of the times before, where the target ran the program several times in one go. */
  readonly earlier?: readonly Trace[];
  /** Where it crashed or hung: what it said besides. */
  readonly log?: string;
}

/** Something that executes programs; it never judges, and knows nothing of the model. */
export interface Target {
  readonly manifest: Manifest;
  /**
   * Executes programs, each from scratch, and tells what it answered, in the same order. A trace is shorter than its
   * program only where its last outcome is `crash` or `timeout`.
   * @throws TargetFailure where the target failed outside a step, or answered what the grammar forbids.
   */
  run(programs: readonly Program[]): Promise<Answer[]>;
  /** The next program runs on a target that was started anew, without any history. */
  fresh?(): Promise<void>;
  /** Ends the target and everything that it owns. */
  close(): Promise<void>;
}

/** A target in this process: the hot path, without promises. */
export interface DirectTarget {
  readonly manifest: Manifest;
  /** `executeTrace` takes a second argument, a `Chooser`, which decides how the lanes of parallel blocks interleave. */
  readonly schedulable?: boolean;
  /** Executes one program from scratch: one outcome a step, fewer only where the last is `crash` or `timeout`. */
  execute(program: Program): Outcome[];
  /** The same as a trace, with the logical times of parallel blocks. */
  executeTrace(program: Program): Trace;
}

/** The target or the kit failed outside a step: nothing is known about the contract. Exit code 3. */
export class TargetFailure extends Error {
  override readonly name = 'TargetFailure';
  /** What was running: one program, or several of which nobody knows which it was. */
  readonly programs: readonly Program[];
  /** What the target said besides the protocol. */
  readonly log: string;

  constructor(message: string, options: { programs?: readonly Program[]; log?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.programs = options.programs ?? [];
    this.log = options.log ?? '';
  }
}
