import { VOCABULARY } from '../../../reference/calls/index.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import type { Trace } from '../../../reference/judge/judge.ts';
import { parse } from '../../../reference/notation/document.ts';
import type { CallName } from '../../../reference/notation/names.ts';
import { printOutcome } from '../../../reference/notation/outcome.ts';
import { printTraceSteps } from '../../../reference/notation/print.ts';
import { type Manifest, TargetFailure } from '../target.ts';

/** What probes need of a target. */
export interface Probeable {
  readonly manifest: Manifest;
  run(programs: readonly Program[]): Promise<Trace[]>;
}

/** Pages of an area, in the order in which probes try them. */
const SIZES: readonly number[] = [1, 2, 3, 4, 8, 16];

/** The calls that make an area of pool frames, each with the call that unmaps it. */
const MAPPING = [
  ['vmap', 'vunmap'],
  ['vm_map_ram', 'vm_unmap_ram'],
] as const satisfies readonly (readonly [CallName, CallName])[];

/** A way to make a kernel area and to give it back: the steps, without their CPU. */
export interface Mapper {
  readonly call: CallName;
  readonly pages: number;
  /** Maps `pages` consecutive frames from frame `first` on, frame 0 by default. */
  map(area: string, first?: number): string;
  unmap(area: string): string;
}

/** The steps that map and unmap `pages` pages with a call of `MAPPING`. */
const mapperOf = (call: CallName, pages: number): Mapper => ({
  call,
  pages,
  map(area, first = 0) {
    const frames = Array.from({ length: pages }, (_, i) => `f${first + i}`).join(' ');
    return `@0 ${area} = ${call} ${frames}`;
  },
  unmap: (area) => (call === 'vmap' ? `@0 vunmap ${area}` : `@0 vm_unmap_ram ${area} ${pages}`),
});

/** An outcome that is an address. */
export const isAddress = (outcome: string): boolean => outcome.startsWith('0x');

/** The answers of a target to the steps of a probe. */
export interface Answers {
  /** One outcome for each step; '' for steps that were not reached. */
  readonly outcomes: readonly string[];
  /** The executed steps with their outcomes, one a line. */
  readonly text: string;
}

/** Runs the small programs of probes on a target. The contract may leave them undefined. */
export class Asker {
  readonly manifest: Manifest;
  readonly #target: Probeable;

  constructor(target: Probeable) {
    this.#target = target;
    this.manifest = target.manifest;
  }

  /** Whether the target announces all of these calls. */
  has(...calls: readonly CallName[]): boolean {
    return calls.every((call) => this.manifest.calls.has(call));
  }

  /** The size of `pages` pages in bytes, as the notation writes it. */
  bytes(pages: number): string {
    return `0x${(pages * this.manifest.page).toString(16)}`;
  }

  /**
   * The ways to make a kernel area of pool frames that work on the target: each call in turn, with the first of the sizes
   * for which it returns an address. A target may support only some sizes.
   */
  async mappers(...sizes: readonly number[]): Promise<readonly Mapper[]> {
    const found: Mapper[] = [];
    for (const [call, undo] of MAPPING) {
      if (!this.has(call, undo)) continue;
      for (const pages of (sizes.length > 0 ? sizes : SIZES).filter((size) => 2 * size <= this.manifest.frames)) {
        const mapper = mapperOf(call, pages);
        const answers = await this.ask(mapper.map('a0'), mapper.unmap('a0'));
        if (!isAddress(answers.outcomes[0])) continue;
        found.push(mapper);
        break;
      }
    }
    return found;
  }

  /** Executes the steps as one program. */
  async ask(...steps: readonly string[]): Promise<Answers> {
    const { cpus, frames, page } = this.manifest;
    const header = `mmspec program 1\ncpus ${cpus}\nframes ${frames}\npage ${page}\n`;
    const { program } = parse(`${header}${steps.join('\n')}\n`, VOCABULARY).entries[0].trace;
    try {
      const [trace] = await this.#target.run([program]);
      const outcomes = steps.map((_, i) => (trace.outcomes[i] ? printOutcome(trace.outcomes[i], page) : ''));
      return { outcomes, text: printTraceSteps(trace, page) };
    } catch (error) {
      if (!(error instanceof TargetFailure)) throw error;
      return { outcomes: steps.map(() => ''), text: `${steps.join('\n')}\n${error.message}\n` };
    }
  }
}
