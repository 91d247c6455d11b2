import type { Step } from '../../../../reference/calls/call.ts';
import { isLook } from '../../look.ts';
import type { Pass } from '../pass.ts';
import { windows, without } from '../windows.ts';

/**
 * Deletes runs of steps of one kind, and with them what depends on them.
 *
 * Proposes: runs of at most `share` of these steps, from the end, halving the length down to single steps.
 * Continues: with the same length, before the run that was deleted.
 * Costs: about twice the number of these steps, if none of them can go.
 */
const deletion = (name: string, isOfKind: (step: Step) => boolean, share: number): Pass => ({
  name,
  *edits({ steps }, _context, from) {
    const positions = steps.flatMap((step, position) => (isOfKind(step) ? [position] : []));
    const most = positions.length <= 4 ? 1 : Math.ceil(positions.length * share);
    for (const { start, end, next } of windows(positions.length, from, most)) {
      yield { steps: without(steps, positions, start, end), next };
    }
  },
});

/** Whole lives: the step that creates a mapping, and with it every step that names the mapping. */
export const lives = deletion('lives', (step) => step.binds >= 0, 0.5);
/** Steps that only look. Most of them do not matter; the failing one stays, since it is the last. */
export const looks = deletion('looks', ({ call }) => isLook(call), 1);
/** Any steps. */
export const steps = deletion('steps', () => true, 0.25);
