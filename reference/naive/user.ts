import { areaOfFrame, type FrameId, isPrivateCopy, vmaFrame } from '../notation/frame.ts';
import type { Outcome } from '../notation/outcome.ts';
import type { StepOf } from './arguments.ts';
import { USER_LOOKUPS } from './lookups-user.ts';
import { MAPPINGS } from './mappings.ts';
import { reach } from './observe.ts';
import {
  after,
  elsewhere,
  type Kind,
  type Rule,
  type Rules,
  type State,
  spend,
  undefinedBehaviour,
  type Vma,
  type World,
} from './state.ts';
import { empty, fill, inside, isErrno, isZero, pageIn, perhaps, vmaOf } from './vma.ts';

/** The rules of the user side. */

const remapPfnRange: Rule<StepOf<'remap_pfn_range'>> = (world, state, step, outcome) => {
  const [{ index: name }, address, frame, size] = step.args;
  const vma = vmaOf(state, step);
  const from = pageIn(world, state, vma, address);
  const pages = size / world.page;
  if (!Number.isInteger(pages) || pages < 1)
    undefinedBehaviour('remap_pfn_range of a size that is not one or more whole pages');
  if (from < 0 || from + pages > vma.pages) undefinedBehaviour('remap_pfn_range beyond the VMA');
  if (!vma.shared) undefinedBehaviour('remap_pfn_range of a private VMA outside its mmap handler');
  if (vma.kind === 'mixedmap') undefinedBehaviour('remap_pfn_range of a VM_MIXEDMAP VMA');
  if (vma.ptes.slice(from, from + pages).some((pte) => pte)) undefinedBehaviour('remap_pfn_range over a mapped page');
  const whole = pages === vma.pages;
  if (whole && vma.remapped && world.traits.full_remap === 'once') return outcome.kind === 'errno' ? [state] : [];
  if (isErrno(outcome, 'ENOMEM')) return perhaps(state, name, 'pfnmap');
  if (!isZero(outcome)) return [];
  return after(state, (next) => {
    const changed = next.vmas.get(name)!;
    changed.kind = 'pfnmap';
    changed.remapped ||= whole;
    for (let i = 0; i < pages; i++) fill(world, next, name, from + i, frame + i, false);
  });
};

/** The states after frames were inserted as counted pages, from page `first` of a VMA on. An empty list may change its kind. */
function insertAll(world: World, state: State, name: number, first: number, frames: readonly FrameId[]): State[] {
  if (frames.length === 0) return perhaps(state, name, 'mixedmap');
  return after(state, (next) => {
    next.vmas.get(name)!.kind = 'mixedmap';
    frames.forEach((frame, i) => {
      fill(world, next, name, first + i, frame, true);
    });
  });
}

/** Pages of areas can be inserted only while their area lives. */
function needsLiveAreas(state: State, call: string, frames: readonly FrameId[]): void {
  for (const frame of frames) {
    const of = areaOfFrame(frame);
    const area = of && state.areas.get(of.area);
    if (area && (!area.live || area.frames[of.page] !== frame)) undefinedBehaviour(`${call} of memory that is freed`);
  }
}

const vmInsertPage: Rule<StepOf<'vm_insert_page'>> = (world, state, step, outcome) => {
  const [{ index: name }, address, frame] = step.args;
  const vma = vmaOf(state, step);
  const page = pageIn(world, state, vma, address);
  if (vma.kind === 'pfnmap') undefinedBehaviour('vm_insert_page into a VM_PFNMAP VMA');
  needsLiveAreas(state, 'vm_insert_page', [frame]);
  if (!inside(vma, page)) return isErrno(outcome, 'EFAULT') ? [state] : [];
  if (isErrno(outcome, 'ENOMEM')) return perhaps(state, name, 'mixedmap');
  if (vma.ptes[page]) return isErrno(outcome, 'EBUSY') ? [state] : [];
  return isZero(outcome) ? insertAll(world, state, name, page, [frame]) : [];
};

/** The state after an insertion that lacked memory for a page table; undefined if the outcome does not say so. */
function withoutTable(state: State, outcome: Outcome): State | undefined {
  if (isErrno(outcome, 'ENOMEM')) return state;
  return isErrno(outcome, 'EFAULT') ? spend(state) : undefined;
}

const vmInsertPages: Rule<StepOf<'vm_insert_pages'>> = (world, state, step, outcome) => {
  const [{ index: name }, address, frames] = step.args;
  const vma = vmaOf(state, step);
  const first = pageIn(world, state, vma, address);
  const asked = frames.length;
  if (vma.kind === 'pfnmap') undefinedBehaviour('vm_insert_pages into a VM_PFNMAP VMA');
  needsLiveAreas(state, 'vm_insert_pages', frames);
  if (asked === 0 && first === vma.pages) undefinedBehaviour('vm_insert_pages of an empty list at the end of the VMA');
  const left = outcome.kind === 'errno' ? outcome.note : 0;
  if (first < 0 || first + asked > vma.pages) return isErrno(outcome, 'EFAULT') && left === asked ? [state] : [];
  /** The states after the first `done` pages of the list were inserted. */
  const inserted = (done: number, before = state): State[] =>
    insertAll(world, before, name, first, frames.slice(0, done));
  const busy = frames.findIndex((_, i) => vma.ptes[first + i]);
  const free = busy < 0 ? asked : busy;
  if (isZero(outcome)) return free === asked ? inserted(asked) : [];
  if (isErrno(outcome, 'EBUSY')) return free < asked && left === asked - free ? inserted(free) : [];
  // There may be too little memory at any page. An upper page table that cannot be allocated is reported as -EFAULT.
  const short = withoutTable(state, outcome);
  const done = asked - left;
  return short && left >= Math.min(asked, 1) && done >= 0 && done <= free ? inserted(done, short) : [];
};

type MapsWhole = StepOf<'vm_map_pages' | 'vm_map_pages_zero' | 'remap_vmalloc_range'>;

/**
 * Maps a list of frames in a whole VMA. `listOf`: the frames from that of the first page on. `refusal`: the errno if they
 * are too few.
 */
const mapWhole =
  <S extends MapsWhole>(refusal: string, listOf: (vma: Vma, step: S, state: State) => readonly FrameId[]): Rule<S> =>
  (world, state, step, outcome) => {
    const name = step.args[0].index;
    const vma = vmaOf(state, step);
    if (vma.kind === 'pfnmap') undefinedBehaviour(`${step.call.name} of a VM_PFNMAP VMA`);
    const frames = listOf(vma, step, state);
    if (step.call.name !== 'remap_vmalloc_range')
      needsLiveAreas(state, step.call.name, step.args[1] as readonly FrameId[]);
    if (frames.length < vma.pages) return isErrno(outcome, refusal) ? [state] : [];
    const inserted = (done: number, before = state): State[] =>
      insertAll(world, before, name, 0, frames.slice(0, done));
    const busy = vma.ptes.findIndex((pte) => pte);
    if (isZero(outcome)) return busy < 0 ? inserted(vma.pages) : [];
    if (isErrno(outcome, 'EBUSY')) return busy < 0 ? [] : inserted(busy);
    const short = withoutTable(state, outcome);
    if (!short) return [];
    // It does not say how far it got before there was too little memory.
    const most = busy < 0 ? vma.pages - 1 : busy;
    return Array.from({ length: most + 1 }, (_, done) => inserted(done, short)).flat();
  };

const insertByNumber: Rule<StepOf<'vmf_insert_pfn' | 'vmf_insert_mixed'>> = (world, state, step, outcome) => {
  const [{ index: name }, address, frame] = step.args;
  const vma = vmaOf(state, step);
  const page = pageIn(world, state, vma, address);
  if (step.call.name === 'vmf_insert_mixed' ? vma.kind !== 'mixedmap' : vma.kind !== 'pfnmap' || !vma.shared)
    undefinedBehaviour(`${step.call.name} into a VMA of another kind`);
  if (outcome.kind !== 'vmfault') return [];
  if (!inside(vma, page)) return outcome.text === 'SIGBUS' ? [state] : [];
  if (outcome.text === 'OOM') return [state];
  if (outcome.text !== 'NOPAGE') return [];
  return vma.ptes[page] ? [state] : after(state, (next) => fill(world, next, name, page, frame, false));
};

const fault: Rule<StepOf<'fault'>> = (world, state, step, outcome) => {
  const [address, frame] = step.args;
  const vma = vmaOf(state, step);
  const page = pageIn(world, state, vma, address);
  if (world.traits.user_tlb === 'caller') undefinedBehaviour('fault through an old translation');
  if (!inside(vma, page)) undefinedBehaviour('fault outside the VMA');
  if (vma.kind === 'plain' || (vma.kind === 'pfnmap' && !vma.shared))
    undefinedBehaviour('fault where the handler cannot insert frames by number');
  if (vma.allows === 'none') return outcome.kind === 'fault' ? [state] : [];
  const pte = vma.ptes[page];
  if (pte) return reach(world, state, pte.frame, address, outcome);
  if (outcome.kind === 'fault') {
    const short = world.traits.memory === 'scarce' ? state : spend(state);
    return short ? [short] : [];
  }
  const [filled] = after(state, (next) => fill(world, next, address.index, page, frame, false));
  return reach(world, filled, frame, address, outcome);
};

const zapVmaPtes: Rule<StepOf<'zap_vma_ptes'>> = (world, state, step, outcome) => {
  const [{ index: name }, address, size] = step.args;
  const vma = vmaOf(state, step);
  const from = pageIn(world, state, vma, address);
  const pages = size / world.page;
  if (!Number.isInteger(pages)) undefinedBehaviour('zap_vma_ptes of a size that is not whole pages');
  const outside = from < 0 || from + pages > vma.pages;
  const unchecked = world.traits.zap_checks === 'none';
  if (unchecked && outside) undefinedBehaviour('zap_vma_ptes of a range that leaves the VMA, without a check');
  const kinds: Kind[] = world.traits.zap_mixedmap === 'zapped' ? ['pfnmap', 'mixedmap'] : ['pfnmap'];
  const refuses = !unchecked && (outside || !kinds.includes(vma.kind));
  if (!['ok', 'number', 'errno'].includes(outcome.kind)) return [];
  // The contract does not say what it returns for size 0.
  if (pages === 0) return [state];
  if (world.traits.zap_return === 'int' && isZero(outcome) === refuses) return [];
  if (refuses) return [state];
  return after(state, (next) => {
    for (let page = from; page < from + pages; page++) empty(world, next, name, page);
  });
};

const madvise: Rule<StepOf<'madvise'>> = (world, state, step, outcome) => {
  const [{ index: name }, address, size, advice] = step.args;
  const vma = vmaOf(state, step);
  const from = pageIn(world, state, vma, address);
  const pages = size / world.page;
  if (!Number.isInteger(pages) || from < 0 || from + pages > vma.pages)
    undefinedBehaviour('madvise of a range that is not whole pages of the VMA');
  if (advice !== 'dontneed' && vma.kind !== 'pfnmap') undefinedBehaviour(`madvise ${advice} of ordinary pages`);
  if (pages === 0) return isZero(outcome) ? [state] : [];
  if (vma.kind === 'pfnmap') return isErrno(outcome, 'EINVAL') ? [state] : [];
  if (!isZero(outcome)) return [];
  return after(state, (next) => {
    for (let page = from; page < from + pages; page++) empty(world, next, name, page);
  });
};

const unmapMappingRange: Rule<StepOf<'unmap_mapping_range'>> = (world, state, step, outcome) => {
  const [object, size, flags] = step.args;
  const mayLeaveInserted = world.traits.unmap_inserted === 'undefined' && !flags;
  if (outcome.kind !== 'ok') return [];
  // The start is rounded down and the length up, independently of each other. Length 0 means up to the end.
  const first = Math.floor(object.offset / world.page);
  const beyond = size === 0 ? Number.POSITIVE_INFINITY : first + Math.ceil(size / world.page);
  // It unmaps the range in the address spaces of the parent and the child.
  const [here] = after(state, unmapAll);
  return after(elsewhere(here), unmapAll).map(elsewhere);

  function unmapAll(next: State): void {
    for (const [name, vma] of next.vmas) {
      if (!vma.live || vma.object !== object.index) continue;
      vma.ptes.forEach((pte, page) => {
        // The indices of a private remap are frame numbers, which are larger than all page indices of objects.
        const index = vma.index === undefined ? Number.MAX_SAFE_INTEGER : vma.index + page;
        if (index < first || index >= beyond) return;
        const isCopy = pte && isPrivateCopy(pte.frame);
        if (mayLeaveInserted && pte?.counted)
          undefinedBehaviour('unmap_mapping_range of an inserted page, without even_cows');
        if (!(isCopy && !flags)) empty(world, next, name, page);
      });
    }
  }
};

const breakCow: Rule<StepOf<'break_cow'>> = (world, state, step, outcome) => {
  const { index: name, offset } = step.args[0];
  const vma = vmaOf(state, step);
  const page = offset / world.page;
  if (world.traits.user_tlb === 'caller') undefinedBehaviour('break_cow through an old translation');
  if (vma.shared || !Number.isInteger(page) || !inside(vma, page))
    undefinedBehaviour('break_cow of an address that is not a page of a private VMA');
  const pte = vma.ptes[page];
  if (!pte) return outcome.kind === 'fault' ? [state] : [];
  // The copy needs memory.
  const short = outcome.kind === 'fault' ? spend(state) : undefined;
  if (short) return [short];
  if (outcome.kind !== 'ok') return [];
  if (isPrivateCopy(pte.frame)) return [state];
  return after(state, (next) => {
    const made = vmaFrame(name, page);
    empty(world, next, name, page);
    fill(world, next, name, page, made, false);
    // A new copy starts with a fresh stamp, even if the page had another copy before.
    for (const word of [...next.words.keys()]) if (word.startsWith(`${made}/`)) next.words.delete(word);
  });
};

export const USER = {
  ...MAPPINGS,
  remap_pfn_range: remapPfnRange,
  vm_insert_page: vmInsertPage,
  vm_insert_pages: vmInsertPages,
  vm_map_pages: mapWhole('ENXIO', (vma, step) => step.args[1].slice(vma.index)),
  vm_map_pages_zero: mapWhole('ENXIO', (_vma, step) => step.args[1]),
  remap_vmalloc_range: mapWhole('EINVAL', (_vma, { args: [, area, first] }: StepOf<'remap_vmalloc_range'>, state) => {
    const { live, forUser, frames } = state.areas.get(area.index)!;
    if (!live || area.offset !== 0) undefinedBehaviour('remap_vmalloc_range of an address that is not of a live area');
    return forUser ? frames.slice(first) : [];
  }),
  vmf_insert_pfn: insertByNumber,
  vmf_insert_mixed: insertByNumber,
  fault,
  zap_vma_ptes: zapVmaPtes,
  madvise,
  ...USER_LOOKUPS,
  unmap_mapping_range: unmapMappingRange,
  break_cow: breakCow,
} satisfies Rules;
