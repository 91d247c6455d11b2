import { type Address, type DirectTarget, isStepOf, type Outcome, outcomes, type Program, type Step } from 'mmspec';

/**
 * A target in TypeScript: a small vmap on a simulated machine with two CPUs. It flushes lazily, as Linux does: after
 * vunmap, a CPU may keep its translation until vm_unmap_aliases. The planted bug: vm_unmap_aliases flushes only the CPU
 * that calls it.
 */

const CPUS = 2;
const PAGE = 4096;
/** The addresses of areas, in pages. */
const WINDOW = { start: 0xffff_c900_0000_0, end: 0xffff_c900_0100_0 };

/** Whether to leave the bug out: `FIXED=1 npx mmspec run ...`. */
const fixed = process.env.FIXED === '1';

class Vmap {
  /** The page table: for each mapped page the frame. */
  readonly #table = new Map<number, number>();
  /** For each CPU the translations that it has loaded. */
  readonly #tlbs = Array.from({ length: CPUS }, () => new Map<number, number>());
  /** The frames of each area, by its first page. Addresses are never used again. */
  readonly #areas = new Map<number, readonly number[]>();
  #next = WINDOW.start;

  /** Maps frames. Returns the first page, or undefined where there is no room. */
  map(frames: readonly number[]): number | undefined {
    const first = this.#next;
    // One more page, which stays unmapped: the guard page.
    if (frames.length === 0 || first + frames.length + 1 > WINDOW.end) return undefined;
    this.#next = first + frames.length + 1;
    for (const [i, frame] of frames.entries()) this.#table.set(first + i, frame);
    this.#areas.set(first, frames);
    return first;
  }

  unmap(first: number): void {
    for (const i of this.#areas.get(first)?.keys() ?? []) this.#table.delete(first + i);
    this.#areas.delete(first);
  }

  /** Drops the translations of unmapped pages from all TLBs. */
  flush(cpu: number): void {
    const flushed = fixed ? this.#tlbs : [this.#tlbs[cpu]];
    for (const tlb of flushed) for (const page of tlb.keys()) if (!this.#table.has(page)) tlb.delete(page);
  }

  /** The frame that a CPU reaches; undefined where the access faults. */
  access(cpu: number, page: number): number | undefined {
    const tlb = this.#tlbs[cpu];
    const frame = tlb.get(page) ?? this.#table.get(page);
    if (frame !== undefined) tlb.set(page, frame);
    return frame;
  }
}

/** Executes the steps of one program. */
class Session {
  readonly #vmap = new Vmap();
  /** The first page of each area that a step made, by the number in its name. It outlives the mapping. */
  readonly #names = new Map<number, number>();

  execute(step: Step): Outcome {
    if (isStepOf(step, 'vmap')) {
      const first = this.#vmap.map(step.args[0]);
      if (first === undefined) return outcomes.NIL;
      this.#names.set(step.binds, first);
      return outcomes.address(first);
    }
    if (isStepOf(step, 'vunmap')) {
      const page = this.#pageAt(step.args[0]);
      if (page === undefined) return outcomes.SKIPPED;
      this.#vmap.unmap(page);
      return outcomes.OK;
    }
    if (isStepOf(step, 'vm_unmap_aliases')) {
      this.#vmap.flush(step.cpu);
      return outcomes.OK;
    }
    if (isStepOf(step, 'read')) {
      const page = this.#pageAt(step.args[0]);
      if (page === undefined) return outcomes.SKIPPED;
      const frame = this.#vmap.access(step.cpu, page);
      return frame === undefined ? outcomes.FAULT : outcomes.reached(frame);
    }
    return outcomes.UNSUPPORTED;
  }

  /** The page of an address; undefined where the step that makes the area returned NULL. */
  #pageAt({ base, index, offset }: Address): number | undefined {
    if (base !== 'a') return 0; // `null` and `hole`: nothing is ever mapped there
    const first = this.#names.get(index);
    return first === undefined ? undefined : first + Math.floor(offset / PAGE);
  }
}

function execute(program: Program): Outcome[] {
  const session = new Session();
  return program.steps.map((step) => session.execute(step));
}

const target: DirectTarget = {
  manifest: {
    name: 'small vmap in TypeScript',
    profile: 'documented',
    traits: new Map(),
    cpus: CPUS,
    frames: 64,
    page: PAGE,
    windows: new Map([['kernel', WINDOW]]),
    calls: new Set(['vmap', 'vunmap', 'vm_unmap_aliases', 'read']),
    can: new Set(),
    steps: 1000,
  },
  execute,
  executeTrace: (program) => ({ program, outcomes: execute(program) }),
};

export default target;
