import type { Step } from '../../../../reference/calls/call.ts';
import type { Program } from '../../../../reference/calls/valid.ts';
import { argumentAt, namedAddresses } from '../../arguments.ts';
import { isLook } from '../../look.ts';
import { pagesIn } from '../order.ts';
import { type Context, type Edit, type Pass, START } from '../pass.ts';
import { resized } from '../resize.ts';

/** A step that creates an area or VMA. */
interface Maker {
  readonly at: number;
  /** The argument that gives the size. */
  readonly position: number;
  readonly pages: number;
  /** No step looks at what it creates. */
  readonly unseen: boolean;
}

/** The least mappings of a group. For fewer ones, `merge` and `join` propose the same. */
const MIN_ALIKE = 4;
/** Pages of the largest mapping that is proposed. */
const MAX_PAGES = 1024;
const SIZES: ReadonlySet<string> = new Set(['frames', 'bytes', 'pages']);

const sizeOf = ({ call }: Step): number =>
  call.binds === undefined ? -1 : call.parameters.findIndex(({ type, ofArea }) => SIZES.has(type) && !ofArea);

/** The mappings of a program in groups that are alike: of one call, with one size, made on one CPU. */
function groupsOf({ steps }: Program, { page }: Context): Maker[][] {
  const looks = steps.filter(({ call }) => isLook(call)).flatMap(namedAddresses);
  const seen = new Set(looks.map(({ base, index }) => `${base}${index}`));
  const groups = new Map<string, Maker[]>();
  for (const [at, step] of steps.entries()) {
    const position = sizeOf(step);
    if (position < 0) continue;
    const pages = pagesIn(argumentAt(step, position), page);
    const key = `${step.cpu} ${step.call.name} ${pages}`;
    const maker = { at, position, pages, unseen: !seen.has(`${step.call.binds}${step.binds}`) };
    const group = groups.get(key);
    if (group) group.push(maker);
    else groups.set(key, [maker]);
  }
  return [...groups.values()].filter(({ length }) => length >= MIN_ALIKE);
}

/** Leaves some mappings of a group, larger by as much as the others had. Those that a step looks at stay. */
function fewer({ steps, frames }: Program, { page }: Context, group: readonly Maker[], left: number, guard: number) {
  const gone = group.filter(({ unseen }) => unseen).slice(0, group.length - left);
  const kept = group.filter((maker) => !gone.includes(maker));
  const pages = Math.ceil(((group[0].pages + guard) * group.length) / kept.length) - guard;
  if (gone.length === 0 || pages > MAX_PAGES) return undefined;
  let made: (Step | undefined)[] = [...steps];
  for (const { at, position } of kept) made = made.with(at, resized(steps[at], position, pages, page, frames));
  for (const { at } of gone) made = made.with(at, undefined);
  return made;
}

/**
 * Trades the number of like mappings against their size. A structure that many small mappings fill is filled by a few
 * large ones, too, but there is no smaller program on the way that takes one mapping away.
 *
 * Proposes: for at least four mappings of one call and size, to leave one, a quarter or half of them, with the pages of
 * all; the same with a guard page for each.
 * Continues: from the start.
 * Costs: at most six edits for each such group, and no edit for programs without such a group.
 */
export const double: Pass = {
  name: 'double',
  *edits(program, context): Iterable<Edit> {
    for (const group of groupsOf(program, context)) {
      const { length } = group;
      for (const left of new Set([1, Math.ceil(length / 4), Math.ceil(length / 2)])) {
        for (const guard of [0, 1]) {
          const steps = fewer(program, context, group, left, guard);
          if (steps) yield { steps, next: START, fitted: true };
        }
      }
    }
  },
};
