import type { Step } from '../../../../reference/calls/call.ts';
import { isLook } from '../../look.ts';
import type { Pass } from '../pass.ts';
import { windows, without } from '../windows.ts';

/**
 * Deletes runs of steps of one sort, and with them what depends on them.
 *
 * Proposes: runs by halving, from the end, down to single ones.
 * Goes on: at the same size, before the run that is gone.
 * Costs: for a program of which nothing can go about twice the number of its steps of that sort.
 */
const deletion = (name: string, sort: (step: Step) => boolean, share: number): Pass => ({
  name,
  *edits({ steps }, _context, from) {
    const positions = steps.flatMap((step, position) => (sort(step) ? [position] : []));
    const most = positions.length <= 4 ? 1 : Math.ceil(positions.length * share);
    for (const { start, end, next } of windows(positions.length, from, most)) {
      yield { steps: without(steps, positions, start, end), next };
    }
  },
});

/** Whole lives: a mapping, and with it every step that names it. */
export const lives = deletion('lives', (step) => step.binds >= 0, 0.5);
/** Steps that only look, most of which are beside the point; the failing one stays, being the last. */
export const looks = deletion('looks', ({ call }) => isLook(call), 1);
/** Any steps. */
export const steps = deletion('steps', () => true, 0.25);
