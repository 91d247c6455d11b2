import type { Call, Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { execute } from '../../findings/execution.ts';
import { whyUnfit } from '../../findings/fits.ts';
import { firstSteps, knownAfter } from '../../findings/localise/first-wrong.ts';
import { observationsAfter } from '../../findings/localise/observations.ts';
import { poolFrames } from '../../programs/arguments.ts';
import { localiseOptions } from './blame.ts';
import type { CampaignOptions } from './options.ts';
import { showsEveryCall, silentCalls } from './silent.ts';
import type { CampaignState } from './state.ts';

/**
 * A short run may miss what a rare call does, such as `exit`, by chance. Then it ends with short programs that use this call
 * and look at everything after each step.
 */

/** Steps of a program before the looks are added, and programs for one call, at most. */
const MAX_STEPS = 8;
const MAX_PROGRAMS = 8;
/** A run with a number of programs gets at most this part of the number on top. */
const PROGRAMS_DIVISOR = 4;
/** A run with fewer programs is meant to be small, and gets none. */
const MIN_PROGRAMS = 100;

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

/**
 * Short programs that use a call and no more CPUs and frames than the others of the run, the shortest first. Steps of calls
 * that the target does not have are left out.
 */
const shortPrograms = (
  call: Call,
  directed: readonly Program[],
  { target, cpus, frames }: CampaignOptions,
): Program[] =>
  directed
    .filter(({ steps, blocks }) => blocks.length === 0 && steps.length <= MAX_STEPS)
    .filter((program) => program.cpus <= cpus && program.steps.every((step) => poolFrames(step) <= frames))
    .filter(({ steps }) => steps.some((step) => step.call === call))
    .toSorted((a, b) => a.steps.length - b.steps.length)
    .map((program) => {
      const steps = program.steps.filter((step) => target.manifest.calls.has(step.call.name));
      return { ...program, steps, frames };
    });

/** The maximum number of short programs that follow the random ones. */
function maxPrograms({ budget: { programs } }: CampaignOptions): number {
  if (programs === undefined) return Number.POSITIVE_INFINITY;
  return programs < MIN_PROGRAMS ? 0 : Math.floor(programs / PROGRAMS_DIVISOR);
}

/**
 * Runs short programs for each call that has shown no effect, unless the run was stopped. They may still run for a moment
 * after the time is over.
 */
export async function showEffects(state: CampaignState): Promise<void> {
  const { options, meter } = state;
  if (!showsEveryCall(options)) return;
  let left = maxPrograms(options);
  const { target, agreement } = options;
  const silent = silentCalls(meter, options);
  if (silent.length === 0 || left === 0 || state.stopped) return;
  // Not imported at the top: this loads all mutants.
  const { directedPrograms } = await import('../directed.ts');
  const directed = directedPrograms(options.cpus);
  for (const call of silent) {
    let leftForCall = MAX_PROGRAMS;
    for (const program of shortPrograms(call, directed, options)) {
      if (leftForCall === 0 || left === 0 || state.halted || !silentCalls(meter, options).includes(call)) break;
      const looked = lookedAt(program, options);
      if (!looked) continue;
      leftForCall--;
      left--;
      try {
        for (const judged of await execute(target, [looked], agreement.terms, meter.tally)) await state.take(judged);
      } catch (error) {
        state.survive(error);
      }
    }
  }
}
