import type { Address } from '../notation/address.ts';
import { type FrameId, isPoolFrame, isPrivateCopy } from '../notation/frame.ts';
import type { Outcome } from '../notation/outcome.ts';
import type { StepOf } from './arguments.ts';
import { flushed, see } from './caller.ts';
import { deferredAt, others } from './kernel.ts';
import { type Area, after, type Rule, type Rules, type State, type World } from './state.ts';
import { owns } from './vma.ts';

/** The rules of what CPUs see, and of counts. */

/** The frame was reached. A read returns the value that was last written to the word; a write changes it. */
export function reach(
  world: World,
  state: State,
  frame: FrameId,
  address: Address,
  outcome: Outcome,
  value?: number,
): State[] {
  if (outcome.kind !== 'frame' || outcome.value !== frame) return [];
  const within = ((address.offset % world.page) + world.page) % world.page;
  const index = Math.floor(within / 8);
  const word = `${frame}/${index}`;
  if (value !== undefined) return after(state, (next) => next.words.set(word, value));
  const unknownFrom = state.unknownFrom.get(frame) ?? Number.POSITIVE_INFINITY;
  const known = state.words.get(word) ?? (index < unknownFrom ? 0 : Number.NaN);
  if (Number.isNaN(known)) return after(state, (next) => next.words.set(word, outcome.extra));
  return known === outcome.extra ? [state] : [];
}

/** Whether an area of the program, live or not, had the frame at this page. */
const hadFrame = (state: State, page: number, frame: FrameId): boolean =>
  [...state.areas.values()].some(({ frames, start }) => frames[page - start] === frame);

/** Whether the call that freed the memory at this page may have written into it. */
function mayBeWritten(world: World, state: State, page: number): boolean {
  if (deferredAt(world, state, page)) return true;
  return !state.taken.has(page) && lastMapped(state, page)?.deferred === false;
}

/** The last area that mapped a frame at this page, or that is sparse and had the page. */
const lastMapped = (state: State, page: number): Area | undefined =>
  [...state.areas.values()].findLast(
    ({ frames, size = 0, start }) => frames[page - start] !== undefined || (page >= start && page < start + size),
  );

/** Whether an old translation of other code may lead away from this page, where nothing is mapped. */
function othersMayHaveHad(world: World, state: State, page: number): boolean {
  if (!state.taken.has(page)) return true;
  // The page is the guard page of an area now, so no new mapping has ended the translations of those who had it before.
  return world.traits.tlb === 'never' && lastMapped(state, page)?.live === false;
}

function kernel(world: World, state: State, cpu: number, address: Address, outcome: Outcome, value?: number): State[] {
  const area = state.areas.get(address.index)!;
  const page = area.start + Math.floor(address.offset / world.page);
  if (area.permanent) {
    // The pages beside it may be other memory, but no frame is mapped there that belongs elsewhere.
    const pool = outcome.kind === 'frame' && isPoolFrame(outcome.value);
    if (page !== area.start && !pool) return ['frame', 'fault', 'other'].includes(outcome.kind) ? [state] : [];
    return reach(world, state, page - state.permanentMap!, address, outcome, value);
  }
  const mapped = state.table.get(page);
  if (world.traits.tlb === 'caller') {
    const sight = { cpu, page, mapped, readOnly: false, write: value !== undefined, taken: state.taken.has(page) };
    const foreign = outcome.kind === 'frame' && !hadFrame(state, page, outcome.value);
    return see(state, { ...sight, kernel: true, foreign }, outcome, (frame) =>
      reach(world, state, frame, address, outcome, value),
    );
  }
  const last = lastMapped(state, page);
  // A vfree that resets permissions leaves no translation of any kind.
  const readOnly = value !== undefined && last?.readOnly === true && (last.live || !last.resets);
  const perhaps = last?.live && last.from === 'vmalloc' && last.readOnly === undefined;
  if (value !== undefined && perhaps && outcome.kind === 'fault') return [state];
  if (readOnly && outcome.kind === 'fault') return [state];
  if (readOnly && (mapped !== undefined || outcome.kind === 'frame')) return [];
  // The call that frees it later may have written into it.
  if (outcome.kind === 'other' && mayBeWritten(world, state, page)) return [state];
  if (mapped !== undefined) return reach(world, state, mapped, address, outcome, value);
  const held = state.tlb[cpu].get(page);
  // After a read that faults the CPU cannot reach the old frame again: it is not in the page tables (UNMAP-4). A write may
  // fault although the CPU holds a translation, which then is one for reads only. A page of more than 4 KiB may have several.
  if (outcome.kind === 'fault')
    return value === undefined && world.page <= 4096 ? after(state, (next) => next.tlb[cpu].delete(page)) : [state];
  // Addresses that the program no longer uses may be handed to others.
  if (outcome.kind === 'other') return othersMayHaveHad(world, state, page) ? others(state, page) : [];
  // Memory that someone else had at this address may still be reached through their stale translation.
  const lingers = world.traits.tlb !== 'before-return';
  const foreign = outcome.kind === 'frame' && !isPoolFrame(outcome.value) && !hadFrame(state, page, outcome.value);
  if (lingers && foreign && outcome.value !== held) {
    if (deferredAt(world, state, page)) return [state];
    return othersMayHaveHad(world, state, page) ? others(state, page) : [];
  }
  return held === undefined ? [] : reach(world, state, held, address, outcome, value);
}

function user(world: World, state: State, cpu: number, address: Address, outcome: Outcome, value?: number): State[] {
  const page = state.vmas.get(address.index)!.start + Math.floor(address.offset / world.page);
  const vma = [...state.vmas.values()].find((one) => owns(one, page));
  const pte = vma?.ptes[page - vma.start];
  const frame = pte?.frame;
  const forbidden = vma?.allows === 'none' || (vma?.allows === 'read' && value !== undefined);
  const readOnly = value !== undefined && vma?.shared === false && frame !== undefined && !isPrivateCopy(frame);
  if (world.traits.user_tlb === 'caller') {
    const sight = { cpu, page, mapped: frame, readOnly, write: value !== undefined, taken: vma !== undefined };
    return see(state, { ...sight, kernel: false, foreign: false }, outcome, (reached) =>
      reach(world, state, reached, address, outcome, value),
    );
  }
  if (vma && forbidden) return outcome.kind === 'fault' ? [state] : [];
  if (pte?.held && value !== undefined && outcome.kind === 'fault') return [state];
  if (!vma) return outcome.kind === 'fault' || outcome.kind === 'other' ? [state] : [];
  if (frame === undefined || readOnly) return outcome.kind === 'fault' ? [state] : [];
  return reach(world, state, frame, address, outcome, value);
}

const isWrite = (step: StepOf<'read' | 'reread' | 'write'>): step is StepOf<'write'> => step.call.name === 'write';

const observe: Rule<StepOf<'read' | 'reread' | 'write'>> = (world, state, step, outcome) => {
  const [address] = step.args;
  const value = isWrite(step) ? step.args[1] : undefined;
  if (address.base === 'a') return kernel(world, state, step.cpu, address, outcome, value);
  if (address.base === 'v') return user(world, state, step.cpu, address, outcome, value);
  return outcome.kind === 'fault' ? [state] : [];
};

const counted =
  (which: 'references' | 'maps'): Rule<StepOf<'page_count' | 'page_mapcount'>> =>
  (_world, state, step, outcome) =>
    outcome.kind === 'number' && outcome.value === (state[which].get(step.args[0]) ?? 0) ? [state] : [];

/** Memory of areas and private copies exists while it is mapped. That of a freed area may exist until the next flush. */
const allocated: Rule<StepOf<'allocated_pages'>> = (_world, state, _step, outcome) => {
  const mapped = [
    ...[...state.areas.values()].flatMap(({ live, frames }) => (live ? frames : [])),
    ...[...state.vmas.values(), ...state.elsewhere.values()].flatMap(({ ptes }) =>
      ptes.flatMap((pte) => (pte ? [pte.frame] : [])),
    ),
  ].filter((frame) => !isPoolFrame(frame));
  const least = new Set(mapped).size;
  // A worker frees pages one by one, also after it has given the addresses back.
  const waiting = [...state.areas.values()].flatMap(({ deferred, frames }) => (deferred === undefined ? [] : frames));
  const most = new Set([...mapped, ...state.unfreed, ...waiting]).size;
  return outcome.kind === 'number' && outcome.value >= least && outcome.value <= most ? [state] : [];
};

export const OBSERVE = {
  read: observe,
  write: observe,
  reread: observe,
  page_count: counted('references'),
  page_mapcount: counted('maps'),
  allocated_pages: allocated,
  flush_tlb: (_world, state, step, outcome) =>
    outcome.kind === 'ok' ? after(state, (next) => flushed(next, step.cpu)) : [],
  fail_after: (_world, state, _step, outcome) =>
    outcome.kind === 'ok'
      ? after(state, (next) => {
          next.injected++;
        })
      : [],
} satisfies Rules;
