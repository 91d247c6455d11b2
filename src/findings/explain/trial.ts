import type { Call, Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';
import { Pause } from '../../common/event-loop.ts';
import { untilStopped } from '../../common/stopped.ts';
import { repair } from '../../programs/shrink/repair.ts';

/** Runs variations; returns the key of each one's failure, undefined for those that hold. */
export type RunVariations = (programs: readonly Program[]) => Promise<readonly (string | undefined)[]>;

export interface TrialOptions {
  readonly traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  /** The failure of the counterexample: a variation fails only if it fails in the same way. */
  readonly key: string;
  readonly run: RunVariations;
  /** Calls, CPUs and frames that the target has. */
  readonly calls: readonly Call[];
  readonly cpus: number;
  readonly frames: number;
  /** Maximum number of programs to run. */
  readonly tries: number;
  /** Once aborted, nothing more runs. */
  readonly signal?: AbortSignal;
}

/** Variations use at least this many CPUs and frames, if the target has them. */
const CPUS = 3;
const FRAMES = 1024;

/** Tries variations of a counterexample, each once. */
export class Trial {
  readonly program: Program;
  readonly options: TrialOptions;
  readonly #failures = new Map<string, string | undefined>();
  /** Programs that were run. */
  tries = 0;
  /** False once a variation could not be tried. */
  complete = true;
  readonly #pause = new Pause();

  constructor(program: Program, options: TrialOptions) {
    const cpus = Math.max(program.cpus, Math.min(CPUS, options.cpus));
    const frames = Math.max(program.frames, Math.min(FRAMES, options.frames));
    this.program = { ...program, cpus, frames };
    this.options = options;
  }

  /**
   * The program with some steps changed or left out, and the steps that depend on them repaired; undefined when no valid
   * program results.
   */
  variant(steps: readonly (Step | undefined)[]): Program | undefined {
    const { traits, page, calls } = this.options;
    const edit = { steps, next: { at: 0, size: 0 }, whole: true };
    return repair(this.program, edit, { traits, page, calls });
  }

  /** The program with one step changed, or left out. */
  with(index: number, step: Step | undefined): Program | undefined {
    return this.variant(this.program.steps.map((old, i) => (i === index ? step : old)));
  }

  /** Whether each program fails in the same way; undefined for those that do not exist or were not run. */
  async fails(programs: readonly (Program | undefined)[]): Promise<(boolean | undefined)[]> {
    await this.#pause.take();
    const left = this.options.signal?.aborted ? 0 : this.options.tries - this.tries;
    const fresh = new Map<string, Program>();
    for (const program of programs) {
      if (!program) continue;
      const text = printSteps(program);
      if (this.#failures.has(text)) continue;
      if (fresh.size < left) fresh.set(text, program);
      else this.complete = false;
    }
    const failures = await untilStopped(this.options.run([...fresh.values()]));
    if (!failures) {
      this.complete = false;
      fresh.clear();
    }
    [...fresh.keys()].forEach((text, i) => {
      this.#failures.set(text, failures?.[i]);
    });
    this.tries += fresh.size;
    return programs.map((program) => {
      if (!program) return undefined;
      const text = printSteps(program);
      return this.#failures.has(text) ? this.#failures.get(text) === this.options.key : undefined;
    });
  }
}
