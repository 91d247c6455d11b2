import { type Pass, START } from '../pass.ts';

/**
 * Puts all steps but one on CPU 0. Most failures that need two CPUs need only one step on the other. Often several
 * steps could be that one, and no single move leads from one choice to another.
 *
 * Proposes: for each step, to put it alone on CPU 1.
 * Continues: from the start.
 * Costs: one edit for each step of a program with several steps on other CPUs.
 */
export const cpus: Pass = {
  name: 'cpus',
  *edits({ steps }) {
    if (steps.filter(({ cpu }) => cpu > 0).length < 2) return;
    const onFirst = steps.map((step) => ({ ...step, cpu: 0 }));
    for (let at = steps.length - 1; at >= 0; at--) {
      yield { steps: onFirst.with(at, { ...onFirst[at], cpu: 1 }), next: START };
    }
  },
};
