import type { Program } from '../../../reference/calls/valid.ts';
import { UsageError } from '../../common/errors.ts';
import { loadOne } from '../../findings/corpus.ts';
import { checkFits } from '../../findings/fits.ts';
import { canSweep, listSweeps, MAX_PREEMPTIONS } from '../../findings/schedules.ts';
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
 * One part for each file: its program under every schedule with at most `preemptions` preemptions. On a target outside
 * this process its programs are sweeps, each of which runs under many schedules. The sweeps of one preemption run first:
 * how many passages the lanes make determines the other sweeps.
 * @throws UsageError when the target cannot choose schedules, or a program has none to choose from.
 */
export async function scheduleParts(files: readonly string[], plan: Plan, preemptions: number): Promise<Part[]> {
  const { target, agreement } = plan;
  const programsOf = canSweep(target) ? sweeper(plan, preemptions) : scheduler(plan, preemptions);
  const parts: Part[] = [];
  for (const file of files) {
    const { program } = loadOne(file).trace;
    if (program.blocks.length === 0)
      throw new UsageError(`${file} has no parallel block (par ... end), so there is only one schedule`);
    checkFits(file, program, target, agreement);
    const name = `${file} (<= ${preemptions} preemption${preemptions === 1 ? '' : 's'})`;
    parts.push({ name, programs: await programsOf(program), unfit: 0 });
  }
  return parts;
}

type Programs = (program: Program) => Promise<() => Iterable<Program>>;

function scheduler({ target }: Plan, preemptions: number): Programs {
  const lanes = schedulable(target);
  return async (program) =>
    function* () {
      for (const trace of schedules(lanes, program, preemptions)) yield trace.program;
    };
}

function sweeper({ target }: Plan, preemptions: number): Programs {
  if (preemptions > MAX_PREEMPTIONS)
    throw new UsageError(`--preemptions ${preemptions}: ${target.spec} sweeps at most ${MAX_PREEMPTIONS} preemptions`);
  return async (program) => {
    const sweeps = await listSweeps(program, preemptions, (programs) => target.run(programs));
    return () => sweeps;
  };
}
