import { type Pass, withEntry } from '../pass.ts';

/**
 * Puts all steps but one on CPU 0: the failures that need two CPUs mostly need one step there, but several ways to
 * choose it would do, and none can be reached from the others by moving one step at a time.
 *
 * Proposes: for each step that it alone is on CPU 1.
 * Goes on: from the start.
 * Costs: as many proposals as there are steps, for programs with several steps on other CPUs.
 */
export const cpus: Pass = {
  name: 'cpus',
  *edits({ steps }) {
    if (steps.filter(({ cpu }) => cpu > 0).length < 2) return;
    const first = steps.map((step) => ({ ...step, cpu: 0 }));
    for (let at = steps.length - 1; at >= 0; at--) {
      yield { steps: withEntry(first, at, { ...first[at], cpu: 1 }), next: { at: 0, size: 0 } };
    }
  },
};
