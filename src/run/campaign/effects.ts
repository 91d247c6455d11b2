import type { Call, Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { CALLS } from '../../../reference/contract.ts';
import { execute } from '../../findings/execution.ts';
import { whyUnfit } from '../../findings/fits.ts';
import { firstSteps, knownAfter } from '../../findings/localise/first-wrong.ts';
import { observationsAfter } from '../../findings/localise/observations.ts';
import { poolFrames } from '../../programs/arguments.ts';
import { callCoverage } from '../report/calls.ts';
import { localiseOptions } from './blame.ts';
import type { CampaignOptions } from './options.ts';
import { WHOLE_RUN } from './sharding.ts';
import type { CampaignState } from './state.ts';

/**
 * A run of some thousand steps may miss what a rare call does, such as `exit`, by chance. Then it ends with short
 * programs that use this call and look at everything after each step.
 */

/** Steps of a program before the looks are added, and programs for one call, at most. */
const MAX_STEPS = 8;
const MAX_PROGRAMS = 8;

/** The program with all observations after each step; undefined if it is not defined on the target. */
function lookedAt(program: Program, { target, agreement }: CampaignOptions): Program | undefined {
  const settings = localiseOptions(target, agreement);
  const steps: Step[] = [];
  for (const [at, step] of program.steps.entries()) {
    const beginning = firstSteps(program, at + 1);
    const known = knownAfter(beginning, settings);
    if (!known) return undefined;
    steps.push(step, ...observationsAfter(beginning, known, target.manifest));
  }
  const looked = { ...program, steps };
  return whyUnfit(looked, target, agreement) === undefined ? looked : undefined;
}

/** Short programs that use a call and no more CPUs and frames than the others of the run, the shortest first. */
const shortPrograms = (call: Call, directed: readonly Program[], { cpus, frames }: CampaignOptions): Program[] =>
  directed
    .filter(({ steps, blocks }) => blocks.length === 0 && steps.length <= MAX_STEPS)
    .filter((program) => program.cpus <= cpus && program.steps.every((step) => poolFrames(step) <= frames))
    .filter(({ steps }) => steps.some((step) => step.call === call))
    .toSorted((a, b) => a.steps.length - b.steps.length)
    .map((program) => ({ ...program, frames }));

/** Whether a run is one of the whole target that ended because its steps were used up. */
const endedBySteps = ({ options, meter, stopped }: CampaignState): boolean => {
  const { budget, only = false, shard = WHOLE_RUN } = options;
  const counted = budget.programs !== undefined || budget.random !== undefined;
  return !only && !counted && shard.of === 1 && meter.full && !stopped;
};

/** The calls of the target that have shown no effect so far. */
function silentCalls({ meter, options }: CampaignState): Call[] {
  const silent = callCoverage(meter.tally, options.target.manifest).filter(({ effects }) => effects === 0);
  const names = new Set(silent.map(({ call }) => call));
  return CALLS.filter(({ name }) => names.has(name));
}

/** Runs short programs for each call that has shown no effect, if the run ended because its steps were used up. */
export async function showEffects(state: CampaignState): Promise<void> {
  if (!endedBySteps(state)) return;
  const { options, meter } = state;
  const { target, agreement } = options;
  const silent = silentCalls(state);
  if (silent.length === 0) return;
  // Not imported at the top: this loads all mutants.
  const { directedPrograms } = await import('../directed.ts');
  const directed = directedPrograms(options.cpus);
  for (const call of silent) {
    let left = MAX_PROGRAMS;
    for (const program of shortPrograms(call, directed, options)) {
      if (left === 0 || state.stopped || !silentCalls(state).includes(call)) break;
      const looked = lookedAt(program, options);
      if (!looked) continue;
      left--;
      try {
        for (const judged of await execute(target, [looked], agreement.terms, meter.tally)) await state.take(judged);
      } catch (error) {
        state.survive(error);
      }
    }
  }
}
