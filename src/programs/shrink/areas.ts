import type { Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { argumentAt, namedAddresses } from '../arguments.ts';
import { isLook } from '../look.ts';
import { pagesIn } from './order.ts';
import type { Context } from './pass.ts';
import { resized, sizedArgument } from './resize.ts';

/** A kernel area of a program. */
export interface Area {
  /** The position of the step that creates it. */
  readonly at: number;
  readonly name: number;
  /** The name of the call that creates it. */
  readonly call: string;
  /** The position of the argument that gives its size. */
  readonly position: number;
  readonly pages: number;
  /** No step looks at it: its only purpose is to fill a data structure. */
  readonly unseen: boolean;
}

/** The areas of a program in order. */
export function areasOf({ steps }: Program, { page }: Context): Area[] {
  const looks = steps.filter(({ call }) => isLook(call));
  const seen = new Set(looks.flatMap(namedAddresses).flatMap(({ base, index }) => (base === 'a' ? [index] : [])));
  return steps.flatMap((step, at) => {
    const position = sizedArgument(step);
    if (position < 0) return [];
    const pages = pagesIn(argumentAt(step, position), page);
    return [{ at, name: step.binds, call: step.call.name, position, pages, unseen: !seen.has(step.binds) }];
  });
}

/** The steps with an area resized. `pool`: frames in the pool. */
export const withPages = (
  steps: readonly Step[],
  { at, position }: Area,
  pages: number,
  { page }: Context,
  pool: number,
): Step[] => steps.with(at, resized(steps[at], position, pages, page, pool));
