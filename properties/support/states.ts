import { runsIn } from '../../reference/calls/spaces.ts';
import { Tally } from '../../reference/clauses/tally.ts';
import { judgeNonEffect } from '../../reference/judge/answer.ts';
import { judgeBlock } from '../../reference/judge/block.ts';
import type { Trace } from '../../reference/judge/judge.ts';
import type { Life } from '../../reference/model/kernel/life.ts';
import { Model } from '../../reference/model/model.ts';
import type { Vma } from '../../reference/model/user/vma.ts';
import { printFrame } from '../../reference/notation/frame.ts';
import type { Traits } from '../../reference/profiles/traits.ts';
import type { Moment } from '../../src/output/picture/story.ts';

/** States as text, to compare what the picture draws with what others know: one line for each area and VMA. */

const NO_WINDOWS = new Map();

const printStates = (frames: readonly number[]): string =>
  [...new Set(frames)]
    .sort((a, b) => a - b)
    .map((frame) => (frame < 0 ? '-' : printFrame(frame)))
    .join('|');

/** What a moment of the picture draws. */
export const drawnState = ({ ranges }: Moment): string[] =>
  [...ranges]
    .map(([name, { state, frames }]) => {
      const pages = frames.map((page) => printStates(typeof page === 'number' ? [page] : page));
      return `${name} ${state} ${pages.join(' ')}`;
    })
    .sort();

/**
 * What the judge's own model holds after each step outside of parallel blocks, and after each block, up to the first
 * violation. It is read from the model's fields, and the model is driven here: none of it is shared with the picture.
 */
export function* modelStates({ program, outcomes, ...rest }: Trace, traits: Traits): Generator<[number, string[]]> {
  const model = new Model(traits, new Tally(), program.frames, 4096, NO_WINDOWS);
  const blocks = program.blocks.values();
  let block = blocks.next().value;
  let clock = 0;
  for (let index = 0; index < outcomes.length && !model.violation && !model.unknown; index++) {
    if (block?.start === index) {
      clock = judgeBlock(model, { program, outcomes, ...rest }, block, clock);
      index = block.end - 1;
      block = blocks.next().value;
      if (model.violation || model.unknown) return;
    } else {
      const step = program.steps[index];
      model.enter(index, step.cpu, clock + 1, clock + 2, outcomes[index]);
      clock += 2;
      model.enterSpace(runsIn(step));
      if (!judgeNonEffect(model, step, index, outcomes[index])) step.call.end(model, step, outcomes[index]);
      model.enterSpace(-1);
    }
    yield [index, stateOf(model)];
  }
}

function stateOf(model: Model): string[] {
  const lives = model.kernel.named.filter((life) => life !== undefined);
  const spaces = [{ space: model.user, suffix: '' }, ...childrenOf(model)];
  const areas = lives.map(
    (life) =>
      `a${life.name} ${ageOf(life, lives, model)} ${framesOf(life)
        .map((f) => printStates([f]))
        .join(' ')}`,
  );
  const users = spaces.flatMap(({ space, suffix }) =>
    space.named.flatMap((vma) => {
      if (vma === undefined) return [];
      const pages = pagesOf(vma);
      const state = !vma.live ? 'gone' : pages.every((page) => page === '-') ? 'empty' : 'live';
      return [`v${vma.name}${suffix} ${state} ${pages.join(' ')}`];
    }),
  );
  return [...areas, ...users].sort();
}

/** What each page of an area maps or mapped, -1 for pages of sparse areas where nothing is mapped. */
const framesOf = ({ frames, parts, pages }: Life): readonly number[] =>
  parts === undefined
    ? frames
    : Array.from({ length: pages }, (_, page) => {
        const part = parts[page];
        return part && part.removal?.access === undefined ? part.frames[0] : -1;
      });

const childrenOf = ({ spaces }: Model) =>
  spaces.flatMap((space, name) => (space === undefined ? [] : [{ space, suffix: ` in m${name}` }]));

const pagesOf = ({ frames, possible }: Vma): string[] =>
  [...frames].map((frame, page) => printStates(possible?.get(page)?.map((one) => one.frame) ?? [frame]));

/** Whether old translations of an area may linger: worked out from all lives, page by page. */
function ageOf(life: Life, lives: readonly Life[], { now, kernel, traits }: Model): string {
  if (life.deferred) return 'ended';
  if (life.unmapped > now) return 'live';
  if (traits.tlb === 'before-return' || (traits.tlb !== 'never' && life.unmapped < kernel.flushed)) return 'gone';
  // The pages of a sparse area have lives of their own.
  const pieces = (life.parts ?? [life]).filter(
    (part): part is Life => part !== undefined && part.removal?.access === undefined,
  );
  const lingers = pieces.some((piece) => piece.frames.some((_, page) => mayLinger(piece, page, lives, traits)));
  return lingers ? 'ended' : 'gone';
}

/** Whether an old translation of a page may be left: nobody has used its address since it was unmapped. */
function mayLinger(life: Life, page: number, lives: readonly Life[], traits: Traits): boolean {
  const location = life.start + page;
  if (life.others?.[page]) return false;
  return !lives.some(({ mapped, start, pages, origin, parts }) => {
    if (mapped <= life.mapped) return false;
    // So does a page of a sparse area at which nothing was mapped.
    if (parts && traits.tlb === 'never') return parts[location - start] !== undefined;
    // A guard page takes an address without mapping it: without flushes, that leaves old translations there.
    const guarded = origin !== 'ram' && traits.tlb !== 'never';
    const from = guarded && traits.guard === 'leading' ? start - 1 : start;
    const to = guarded && traits.guard === 'trailing' ? start + pages + 1 : start + pages;
    return location >= from && location < to;
  });
}
