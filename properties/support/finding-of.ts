import type { Program } from '../../reference/calls/valid.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { parse } from '../../reference/notation/document.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { runUntilFailure } from '../../src/findings/until-failure.ts';
import { Campaign } from '../../src/run/campaign/campaign.ts';
import { withPlan } from '../../src/run/plan.ts';
import { makeReport, type Report } from '../../src/run/report/report.ts';
import { type RunOptions, run } from '../../src/run/run.ts';
import { shrinkFailure } from '../../src/run/shrink.ts';
import type { OpenTarget } from '../../src/targets/open.ts';

/** A program for three CPUs, from its steps. */
export const programOn3Cpus = (steps: string): Program =>
  parse(`mmspec program 1\ncpus 3\nframes 64\n${steps}\n`, VOCABULARY).entries[0].trace.program;

/**
 * How many programs the search for a shorter one tries, in tests that are about something else. At full size it tries as
 * many as `shrink` and `run` do.
 */
export const CERTIFICATES = { small: 300, full: undefined } as const;

export interface FindingOptions {
  /** By default, the mutant with the given name. */
  readonly target?: OpenTarget | string;
  /** One of `CERTIFICATES`. */
  readonly certify?: number | undefined;
}

/** The time limit: more than shrinking takes in any test on a busy machine, and less than a long test may take. */
const MILLISECONDS = 250_000;

/** Shrinks a program that fails on the mutant `name`, or on another target if one is given. */
export async function findingOf(
  name: string,
  steps: string,
  { target = `mutant:${name}`, certify }: FindingOptions = {},
): Promise<Finding> {
  const program = programOn3Cpus(steps);
  return withPlan(target, { programs: [program] }, async (plan) => {
    const failed = await runUntilFailure(plan.target, program, plan.agreement.terms);
    return shrinkFailure(failed, plan, { milliseconds: MILLISECONDS, certify });
  });
}

/** As `run`, with one of `CERTIFICATES`. */
export const runWith = (options: RunOptions, certify: number | undefined): Promise<Report> =>
  certify === undefined
    ? run(options)
    : withPlan(options.target, options, async (plan) =>
        makeReport(plan, await new Campaign({ ...plan, certify }).run()),
      );

/** The name of the call to blame. */
export const culpritCall = ({ culprit, trace }: Finding): string | undefined =>
  culprit && trace.program.steps[culprit.step].call.name;
