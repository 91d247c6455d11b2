import { VOCABULARY } from '../../../reference/contract.ts';
import { parse } from '../../../reference/notation/document.ts';
import { printOutcome } from '../../../reference/notation/outcome.ts';
import { printTraceSteps } from '../../../reference/notation/print.ts';
import type { Program, Trace } from '../../../reference/notation/program.ts';
import { type Manifest, TargetFailure } from '../target.ts';

/** What can be asked: any target will do. */
export interface Askable {
  readonly manifest: Manifest;
  run(programs: readonly Program[]): Promise<Trace[]>;
}

/** What a target answered to a probe. */
export interface Answers {
  /** Outcome by step; '' where the target did not get so far. */
  readonly outcomes: readonly string[];
  /** The executed steps, one a line. */
  readonly text: string;
  /** True where the target crashed, hung or failed. */
  readonly fell: boolean;
}

/** Runs small programs, whether or not the contract defines them, on a target that has the calls for them. */
export class Asker {
  readonly manifest: Manifest;
  readonly #target: Askable;

  constructor(target: Askable) {
    this.#target = target;
    this.manifest = target.manifest;
  }

  /** True where the target announced all of these calls. */
  has(...calls: readonly string[]): boolean {
    return calls.every((call) => this.manifest.calls.has(call));
  }

  /** The number of bytes of so many pages, as the notation writes it. */
  bytes(pages: number): string {
    return `0x${(pages * this.manifest.page).toString(16)}`;
  }

  /** The kernel-side calls that make an area of one or more frames and give it back. */
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

  /** Executes steps as one program. */
  async ask(...steps: readonly string[]): Promise<Answers> {
    const { cpus, frames, page } = this.manifest;
    const header = `mmspec program 1\ncpus ${cpus}\nframes ${frames}\npage ${page}\n`;
    const { program } = parse(`${header}${steps.join('\n')}\n`, VOCABULARY).entries[0].trace;
    try {
      const [trace] = await this.#target.run([program]);
      const outcomes = steps.map((_, i) => (trace.outcomes[i] ? printOutcome(trace.outcomes[i], page) : ''));
      const fell = trace.outcomes.some(({ kind }) => kind === 'crash' || kind === 'timeout');
      return { outcomes, text: printTraceSteps(trace, page), fell };
    } catch (error) {
      if (!(error instanceof TargetFailure)) throw error;
      return { outcomes: steps.map(() => ''), text: `${steps.join('\n')}\n${error.message}\n`, fell: true };
    }
  }
}
