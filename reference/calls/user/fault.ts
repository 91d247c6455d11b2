import { clause } from '../../clauses/clause.ts';
import { MIXEDMAP, PFNMAP } from '../../model/known.ts';
import type { KnownVma } from '../../model/known-space.ts';
import type { Model } from '../../model/model.ts';
import type { Insertion } from '../../model/promises.ts';
import { markSeen, seenBy } from '../../model/seen.ts';
import { framesAt, LOADED, type Vma } from '../../model/user/vma.ts';
import { type FrameId, printFrame } from '../../notation/frame.ts';
import { define } from '../define.ts';
import { liesIn } from '../lies-in.ts';
import { IN } from '../spaces.ts';
import { boundVma, drawLivePage, knownVma, needsUserPage, needsVma, predictFill } from './vmas.ts';

const MAPS = clause(
  'FLT-1',
  'An access to a page where nothing is mapped calls the fault handler of the VMA: the frame that the handler inserts is mapped, no count has changed, and the access reaches that frame.',
  'mm/memory.c, do_fault(); Documentation/filesystems/locking.rst, vm_operations_struct',
  { promises: 'maps' },
);
const PRESENT = clause(
  'FLT-2',
  'An access to a mapped page reaches what is mapped, and calls no fault handler.',
  'mm/memory.c, handle_pte_fault()',
  { promises: 'keeps' },
);

const INSERTION: Insertion = { maps: MAPS, counted: undefined };

/** Whether the fault handler of a VMA can insert frames by number. */
const handlesFaults = ({ kinds, shared }: KnownVma): boolean => kinds === MIXEDMAP || (kinds === PFNMAP && shared);

/** The access reached a frame that the page has now. */
function reach(model: Model, vma: Vma, page: number, frame: FrameId): void {
  model.word = 0;
  model.write = -1;
  markSeen(vma, model.cpu, page, LOADED);
  model.touch(frame);
}

export const fault = define({
  name: 'fault',
  side: 'user',
  summary:
    'reads a page from user space; if nothing is mapped there, the fault handler of the VMA inserts a frame by number',
  noun: 'fault',
  example: { steps: ['@0 v0 = mmap o0 1 pfnmap shared', '@0 fault v0 f2'], outcome: 'f2' },
  effect: 'fills',
  sees: 'translations',
  parameters: [{ name: 'addr', type: 'address', where: 'vma' }, { name: 'pfn', type: 'frame' }, IN],
  draw: { addr: (known, _drawn, choose) => drawLivePage(known, choose, handlesFaults) },
  outcomes: ['frame', 'fault', 'other'],
  clauses: [MAPS, PRESENT],
  effects: [MAPS],
  weight: 8,
  sequential: true,
  undefinedHere(known, step) {
    const [address] = step.args;
    if (known.traits.user_tlb === 'caller') return 'the access may go through an old translation';
    const why = needsUserPage(known, address) ?? needsVma(known, step, PFNMAP | MIXEDMAP);
    if (why) return why;
    const vma = knownVma(known, step)!;
    if (!liesIn(vma, address.offset / known.page, 1)) return 'the page must lie inside the VMA';
    return handlesFaults(vma) ? undefined : `the handler of v${address.index} cannot insert frames by number`;
  },
  predict: (known, step) => predictFill(known, knownVma(known, step)!, step.args[0], 1),
  end(model, step, outcome) {
    const [{ offset }, frame] = step.args;
    const vma = boundVma(model, step);
    const page = offset / model.page;
    const { protection } = vma;
    if (protection?.forbids(false)) {
      const allowed = (): string => 'fault: the VMA does not allow reads';
      return model.expect(protection.restriction!.denies, outcome.kind === 'fault', allowed);
    }
    if (vma.possible?.has(page)) {
      // The handler needs memory for a page table.
      if (outcome.kind === 'fault' && framesAt(vma, page).includes(-1) && model.mayLackMemory())
        return model.user.settle(vma, page, (one) => one < 0);
      if (outcome.kind !== 'frame') return model.violate(MAPS, 'a frame');
      model.user.fillOrFind(vma, page, frame, INSERTION);
      model.user.settle(vma, page, (one) => one === outcome.value);
    }
    const present = vma.frames[page];
    if (present >= 0) {
      model.user.keep(PRESENT);
      model.count(frame, 0, 0, PRESENT);
      const allowed = `${printFrame(present)}: page ${page} of v${vma.name}, which is mapped`;
      if (outcome.kind !== 'frame' || outcome.value !== present) return model.violate(PRESENT, allowed);
      model.uphold(PRESENT);
      return reach(model, vma, page, present);
    }
    if (outcome.kind === 'frame' && outcome.value === frame) {
      model.user.insert(vma, page, frame, INSERTION);
      model.uphold(MAPS);
      return reach(model, vma, page, frame);
    }
    if (outcome.kind === 'fault' && model.mayLackMemory()) return;
    const allowed = `${printFrame(frame)}, which the handler inserts`;
    const removal = vma.removals[page];
    if (removal?.access && outcome.kind === 'frame' && outcome.value === vma.last[page]) {
      const loaded = seenBy(vma, model.cpu, page) === LOADED;
      const [broken, also] = loaded ? [removal.access, removal.tables] : [removal.tables, removal.access];
      return model.violate(broken, allowed, [also, MAPS]);
    }
    model.violate(MAPS, allowed);
  },
});
