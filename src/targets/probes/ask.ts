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

  /** The pairs of calls that make a kernel area of frames and give it back, among those that the target announces. */
  mappers(): {
    readonly map: (area: string, frames: string) => string;
    readonly unmap: (area: string, pages: number) => string;
  }[] {
    const found = [];
    if (this.has('vmap', 'vunmap'))
      found.push({ map: (a: string, frames: string) => `${a} = vmap ${frames}`, unmap: (a: string) => `vunmap ${a}` });
    if (this.has('vm_map_ram', 'vm_unmap_ram'))
      found.push({
        map: (a: string, frames: string) => `${a} = vm_map_ram ${frames}`,
        unmap: (a: string, pages: number) => `vm_unmap_ram ${a} ${pages}`,
      });
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
