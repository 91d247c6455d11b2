import { type DirectTarget, isStepOf, type Outcome, outcomes, type Program } from 'mmspec';

/** The implementation under test: a page table without TLBs, so that an unmapped page is gone at once. */

const PAGE = 4096;
/** The addresses of areas, in pages. */
const WINDOW = { start: 0x1000, end: 0x2000 };

/** First fit, with a guard page behind each area. */
function findFree(areas: ReadonlyMap<number, number>, pages: number): number | undefined {
  let start = WINDOW.start;
  for (const [first, length] of [...areas].sort(([a], [b]) => a - b)) {
    if (first - start > pages) break;
    start = first + length + 1;
  }
  return start + pages < WINDOW.end ? start : undefined;
}

function execute({ steps }: Program): Outcome[] {
  const table = new Map<number, number>(); // page -> frame
  const areas = new Map<number, number>(); // first page -> length in pages
  const names = new Map<number, number>(); // number of a name -> first page
  return steps.map((step) => {
    if (isStepOf(step, 'vm_map_ram')) {
      const [frames] = step.args;
      const first = frames.length > 0 ? findFree(areas, frames.length) : undefined;
      if (first === undefined) return outcomes.NIL;
      for (const [i, frame] of frames.entries()) table.set(first + i, frame);
      areas.set(first, frames.length);
      names.set(step.binds, first);
      return outcomes.address(first);
    }
    if (isStepOf(step, 'vm_unmap_ram')) {
      const first = names.get(step.args[0].index);
      if (first === undefined) return outcomes.SKIPPED;
      for (let i = 0; i < step.args[1]; i++) table.delete(first + i);
      areas.delete(first);
      return outcomes.OK;
    }
    if (isStepOf(step, 'read')) {
      const [{ base, index, offset }] = step.args;
      if (base !== 'a') return outcomes.FAULT; // `null` and `hole`
      const first = names.get(index);
      if (first === undefined) return outcomes.SKIPPED;
      const frame = table.get(first + Math.floor(offset / PAGE));
      return frame === undefined ? outcomes.FAULT : outcomes.reached(frame);
    }
    return outcomes.UNSUPPORTED;
  });
}

export const pageTable: DirectTarget = {
  manifest: {
    name: 'page table',
    profile: 'documented',
    traits: new Map([['tlb', 'before-return']]),
    cpus: 1,
    frames: 64,
    page: PAGE,
    windows: new Map([['kernel', WINDOW]]),
    calls: new Set(['vm_map_ram', 'vm_unmap_ram', 'read']),
    can: new Set(),
    steps: 1000,
  },
  execute,
  executeTrace: (program) => ({ program, outcomes: execute(program) }),
};
