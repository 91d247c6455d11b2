import { inArea, inObject, inVma } from '../../../../reference/notation/address.ts';
import { type Plan, planWith, type Slot } from '../repertoire.ts';

/** The arguments of the next step, where a deep program chooses them itself. */
export class Aim {
  /** The area to unmap. */
  area = 0;
  /** The VMA, and the range of its pages. */
  vma = 0;
  page = 0;
  pages = 1;
  /** The first frame to map. `repeat`: every page maps it; otherwise the pages map consecutive frames. */
  frame = 0;
  repeat = false;
  /** The object, and the index of a page in it. */
  object = 0;
  index = 0;
  /** The VMA right before a new one, or -1. */
  after = -1;
  /** Whether a new VMA maps frames from the start, where its kind allows that. */
  remap = false;
}

type Draw = NonNullable<Slot['draw']>;

/** How each argument follows from the aim; undefined where the call's own way stays. */
function drawFrom(aim: Aim, { type, optional }: Slot): Draw | undefined {
  switch (type) {
    case 'area':
      return () => inArea(aim.area, 0);
    case 'vma':
      return optional ? () => (aim.after < 0 ? undefined : inVma(aim.after, 0)) : () => inVma(aim.vma, 0);
    case 'address':
      return (known) => inVma(aim.vma, aim.page * known.page);
    case 'bytes':
      return (known) => aim.pages * known.page;
    case 'pages':
      return () => aim.pages;
    case 'object':
      return (known) => inObject(aim.object, aim.index * known.page);
    case 'frame':
      return optional ? () => (aim.remap ? aim.frame : undefined) : () => aim.frame;
    case 'frames':
      return (known) =>
        Array.from({ length: aim.pages }, (_, i) => (aim.repeat ? aim.frame : (aim.frame + i) % known.frames));
    default:
      return undefined;
  }
}

/** The plan with its arguments taken from the aim: all of them, or only those of some types. */
export const aimed = (plan: Plan, aim: Aim, types?: readonly Slot['type'][]): Plan =>
  planWith(plan, (slot, position) => {
    if (plan.support?.without.has(position)) return undefined;
    const draw = types && !types.includes(slot.type) ? undefined : drawFrom(aim, slot);
    return draw && { draw, often: slot.optional ? 100 : slot.often };
  });
