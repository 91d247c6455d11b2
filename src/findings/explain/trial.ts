import type { Call, Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';
import { Pause } from '../../common/event-loop.ts';
import { repair } from '../../programs/shrink/repair.ts';

/** Runs programs; gives the key of each one's failure, or undefined where it holds. */
export type Run = (programs: readonly Program[]) => Promise<readonly (string | undefined)[]>;

export interface TrialOptions {
  readonly traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  /** The failure that must stay the same. */
  readonly key: string;
  readonly run: Run;
  /** Calls that the target has. */
  readonly calls: readonly Call[];
  /** CPUs and frames that it has. */
  readonly cpus: number;
  readonly frames: number;
  /** Programs to run at most. */
  readonly tries: number;
  /** Nothing more is run once it is aborted. */
  readonly signal?: AbortSignal;
}

/** CPUs and frames that variations may use, where the target has so many. */
const CPUS = 3;
const FRAMES = 1024;

/** Tries variations of a counterexample. */
export class Trial {
  readonly program: Program;
  readonly options: TrialOptions;
  readonly #known = new Map<string, string | undefined>();
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

  /** The program with some steps changed, and everything that depends on them; undefined where that is undefined. */
  variant(steps: readonly (Step | undefined)[]): Program | undefined {
    const { traits, page, calls } = this.options;
    const edit = { steps, next: { at: 0, size: 0 }, whole: true };
    return repair(this.program, edit, { traits, page, calls });
  }

  /** The program with one step changed. */
  with(index: number, step: Step | undefined): Program | undefined {
    return this.variant(this.program.steps.map((old, i) => (i === index ? step : old)));
  }

  /** For each program whether it fails in the same way; undefined where there is none, or no try is left. */
  async fails(programs: readonly (Program | undefined)[]): Promise<(boolean | undefined)[]> {
    await this.#pause.take();
    const most = this.options.signal?.aborted ? 0 : this.options.tries - this.tries;
    const fresh = new Map<string, Program>();
    for (const program of programs) {
      if (!program) continue;
      const text = printSteps(program);
      if (this.#known.has(text)) continue;
      if (fresh.size < most) fresh.set(text, program);
      else this.complete = false;
    }
    const verdicts = await this.options.run([...fresh.values()]);
    [...fresh.keys()].forEach((text, i) => {
      this.#known.set(text, verdicts[i]);
    });
    this.tries += fresh.size;
    return programs.map((program) => {
      if (!program) return undefined;
      const text = printSteps(program);
      return this.#known.has(text) ? this.#known.get(text) === this.options.key : undefined;
    });
  }
}
