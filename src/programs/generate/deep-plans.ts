import type { Known, KnownVma } from '../../../reference/model/known.ts';
import { inObject, inVma } from '../../../reference/notation/address.ts';
import type { AnyArguments } from '../../../reference/notation/signature.ts';
import { namedAddress } from '../arguments.ts';
import type { Plan, Slot } from './repertoire.ts';

/** Pages of a page table. */
const TABLE_PAGES = 512;

type Draw = NonNullable<Slot['draw']>;

const last = (known: Known): KnownVma | undefined => known.liveVmas[known.liveVmas.length - 1];

/** The plan with other ways to draw some of its arguments. */
const redrawn = (plan: Plan, change: (slot: Slot) => Partial<Slot>): Plan => ({
  ...plan,
  slots: plan.slots.map((slot) => ({ ...slot, ...change(slot) })),
});

/** Creates VMAs that all map one object, each from its start. */
export const ofOneObject = (plan: Plan): Plan =>
  redrawn(plan, ({ type, optional }) => {
    if (type === 'object') return { draw: () => inObject(0, 0) };
    return optional && type === 'vma' ? { often: 0 } : {};
  });

/** Creates VMAs in a row: each follows the last one, and continues its object. */
export const inARow = (plan: Plan): Plan =>
  redrawn(plan, ({ type, optional }) => {
    if (type === 'object') {
      const draw: Draw = (known) => {
        const vma = last(known);
        return vma && vma.index >= 0 ? inObject(vma.object, (vma.index + vma.pages) * known.page) : inObject(0, 0);
      };
      return { draw };
    }
    if (!optional || type !== 'vma') return {};
    const draw: Draw = (known) => {
      const vma = last(known);
      return vma && vma.next < 0 ? inVma(vma.name, 0) : undefined;
    };
    return { draw, often: 100 };
  });

/** Fills pages of a VMA from the first one that is certainly empty on, or close to a page table's distance. */
export const fillingUp = (plan: Plan): Plan =>
  redrawn(plan, ({ type, draw: usual }) => {
    if (type !== 'address' || !usual) return {};
    const draw: Draw = (known, drawn: AnyArguments, choose) => {
      const named = namedAddress(drawn[0]);
      const vma = named && known.vmas[named.index];
      if (!vma || choose.chance(20)) return usual(known, drawn, choose);
      const near = TABLE_PAGES - 3 + choose.below(5);
      if (near < vma.pages && choose.chance(50)) return inVma(vma.name, near * known.page);
      const page = vma.perhaps.indexOf(0);
      return page < 0 ? usual(known, drawn, choose) : inVma(vma.name, page * known.page);
    };
    return { draw };
  });
