import type { Program } from '../../../reference/calls/valid.ts';
import { UsageError } from '../../common/errors.ts';
import { loadOne } from '../../findings/corpus.ts';
import { checkFits } from '../../findings/fits.ts';
import type { Alphabet } from '../../programs/enumerate/alphabet.ts';
import type { Part } from '../phases.ts';
import type { Plan } from '../plan.ts';
import { type Ground, programsUpTo } from './explore.ts';
import { schedulable, schedules } from './schedules.ts';

/** What small programs may use on a target. */
export function groundOf({ target, agreement, cpus, frames }: Pick<Plan, 'target' | 'agreement' | 'cpus' | 'frames'>) {
  const { page, calls, can } = target.manifest;
  return { traits: agreement.traits, page, calls, can, cpus, frames } satisfies Ground;
}

/** The maximum length of the small programs of an alphabet that a target usually runs, in steps. */
export const usualSteps = ({ steps }: Alphabet, { target }: Pick<Plan, 'target'>): number =>
  target.direct ? steps.direct : steps.remote;

/** One part for each alphabet: all its programs of at most `steps` steps. */
export const alphabetParts = (alphabets: readonly Alphabet[], plan: Plan, steps?: number): Part[] =>
  alphabets.map((alphabet) => {
    const length = steps ?? usualSteps(alphabet, plan);
    const programs = (): Iterable<Program> => programsUpTo(alphabet, length, groundOf(plan));
    return { name: `${alphabet.name} (<= ${length})`, programs, unfit: 0 };
  });

/**
 * One part for each file: its program under every schedule with at most `preemptions` preemptions.
 * @throws UsageError when the target cannot choose schedules, or a program has none to choose from.
 */
export function scheduleParts(files: readonly string[], { target, agreement }: Plan, preemptions: number): Part[] {
  const lanes = schedulable(target);
  return files.map((file) => {
    const { program } = loadOne(file).trace;
    if (program.blocks.length === 0)
      throw new UsageError(`${file} has no parallel block (par ... end), so there is only one schedule`);
    checkFits(file, program, target, agreement);
    function* programs(): Generator<Program, void> {
      for (const trace of schedules(lanes, program, preemptions)) yield trace.program;
    }
    return { name: `${file} (<= ${preemptions} preemption${preemptions === 1 ? '' : 's'})`, programs, unfit: 0 };
  });
}
