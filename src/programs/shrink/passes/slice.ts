import type { Step } from '../../../../reference/calls/call.ts';
import { isPoolFrame, printFrame } from '../../../../reference/notation/frame.ts';
import { argumentsOf, usedNames } from '../../arguments.ts';
import { type Pass, START } from '../pass.ts';

/** What a step is about: the mappings, objects and frames that it names, as the notation writes them. */
function subjectsOf(step: Step): string[] {
  const named = argumentsOf(step).flatMap(({ type, value }): string[] => {
    if (type === 'frame') return isPoolFrame(value) ? [printFrame(value)] : [];
    if (type === 'frames') return value.filter(isPoolFrame).map(printFrame);
    return type === 'object' ? [`o${value.index}`] : [];
  });
  named.push(...usedNames(step));
  return step.binds < 0 ? named : [`${step.call.binds}${step.binds}`, ...named];
}

const isMapping = (subject: string): boolean => subject[0] === 'a' || subject[0] === 'v';

/** The steps without those about mappings that are not wanted. */
function onlyAbout(steps: readonly Step[], wanted: ReadonlySet<string>): (Step | undefined)[] {
  return steps.map((step) =>
    subjectsOf(step).every((subject) => !isMapping(subject) || wanted.has(subject)) ? step : undefined,
  );
}

/**
 * Keeps only the steps that are related to the last step, which is the failing one.
 *
 * Proposes: the steps about the mappings of the last step; then also those about mappings that share a frame or an
 * object with them.
 * Continues: not at all, since what is left is related to the last step.
 * Costs: at most two edits, and none if nothing would go.
 */
export const slice: Pass = {
  name: 'slice',
  *edits({ steps }, _context, from) {
    if (from || steps.length < 3) return;
    const direct = new Set(subjectsOf(steps[steps.length - 1]));
    const close = onlyAbout(steps, direct);
    if (close.includes(undefined)) yield { steps: close, next: START };
    const shared = new Set(direct);
    for (const step of steps) {
      const subjects = subjectsOf(step);
      if (step.binds >= 0 && direct.has(subjects[0])) for (const subject of subjects) shared.add(subject);
    }
    const wider = new Set(shared);
    for (const step of steps) {
      const subjects = subjectsOf(step);
      if (subjects.some((subject) => !isMapping(subject) && shared.has(subject)))
        for (const subject of subjects) wider.add(subject);
    }
    const wide = onlyAbout(steps, wider);
    if (wide.includes(undefined)) yield { steps: wide, next: START };
  },
};
