import { areaFrame } from '../notation/frame.ts';
import type { StepOf } from './arguments.ts';
import { isInUser, place, unmap } from './kernel.ts';
import { type Area, after, type Rule, type Rules, type State, undefinedBehaviour, type World } from './state.ts';

/** The rules of `vrealloc`. */

/** The area is no longer there. Its memory may be kept until a flush. */
function free(world: World, next: State, name: number): void {
  const area = next.areas.get(name)!;
  area.live = false;
  if (world.traits.tlb !== 'before-return') for (const frame of area.frames) next.unfreed.add(frame);
  unmap(world, next, area);
}

/** The new memory starts with what the old memory has in its first `bytes` bytes. The words behind them are not known. */
function keepContents(world: World, next: State, old: Area, made: Area, bytes: number): void {
  const keptOf = (page: number): number => Math.floor((bytes - page * world.page) / 8);
  old.frames.forEach((frame, page) => {
    const known = Math.min(keptOf(page), next.unknownFrom.get(frame) ?? world.page / 8);
    if (known < world.page / 8) next.unknownFrom.set(made.frames[page], known);
  });
  for (const [at, value] of [...next.words]) {
    const [frame, word] = at.split('/').map(Number);
    const page = old.frames.indexOf(frame);
    if (page >= 0 && word < keptOf(page)) next.words.set(`${made.frames[page]}/${word}`, value);
  }
}

/** The area that the step gives to the call; undefined if it gives NULL. */
function givenArea(world: World, state: State, { args: [address, size] }: StepOf<'vrealloc'>): Area | undefined {
  if (world.traits.tlb === 'caller') undefinedBehaviour('vrealloc where callers flush');
  const { base, index, offset } = address;
  if (base === 'null' && size > 0) return undefined;
  const area = base === 'a' ? state.areas.get(index)! : undefined;
  if (!area?.live || area.from !== 'vmalloc' || offset !== 0 || area.frames.length === 0)
    undefinedBehaviour('vrealloc of what is not a live area of vmalloc');
  if (area.readOnly !== false || area.resets) undefinedBehaviour('vrealloc of an area with other permissions');
  if (area.forUser || isInUser(state, area)) undefinedBehaviour('vrealloc of an area for user space');
  if (size > 0 && size <= (area.frames.length - 1) * world.page) undefinedBehaviour('vrealloc to fewer pages');
  return area;
}

const vrealloc: Rule<StepOf<'vrealloc'>> = (world, state, step, outcome) => {
  const [{ index }, size] = step.args;
  const old = givenArea(world, state, step);
  if (size === 0) return outcome.kind === 'null' ? after(state, (next) => free(world, next, index)) : [];
  if (outcome.kind === 'null') return [state];
  if (outcome.kind !== 'address' || outcome.extra !== 0) return [];
  const frames = Array.from({ length: Math.ceil(size / world.page) }, (_, i) => areaFrame(step.binds, i));
  const made: Area = { from: 'vmalloc', start: outcome.value, frames, bytes: size, readOnly: false, live: true };
  const stays = old?.start === made.start;
  const before = stays ? after(state, (next) => free(world, next, index))[0] : state;
  return place(world, before, step.binds, made, (next, own) => {
    own.forEach((page, i) => {
      next.table.set(page, frames[i]);
    });
    if (old) keepContents(world, next, old, made, Math.min(size, old.bytes!));
  }).map((next) => {
    if (old && !stays) free(world, next, index);
    return next;
  });
};

export const REALLOC = { vrealloc } satisfies Rules;
