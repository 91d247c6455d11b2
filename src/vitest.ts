/**
 * mmspec for vitest: a suite with one test for each clause of the contract.
 *
 * @packageDocumentation
 *
 * @example
 * ```ts
 * import { conformance } from 'mmspec/vitest';
 *
 * conformance('embedded', { steps: 20_000 });
 * ```
 */

import { beforeAll, describe, expect, type TestContext, test } from 'vitest';
import type { Clause } from '../reference/clauses/clause.ts';
import { CLAUSES } from '../reference/contract.ts';
import { shows } from './findings/finding.ts';
import { findingText } from './output/report/text/finding.ts';
import { Campaign } from './run/campaign/campaign.ts';
import type { Jobs } from './run/campaign/options.ts';
import { withPlan } from './run/plan.ts';
import { makeReport, type Report } from './run/report/report.ts';
import { untested, whyUntested } from './run/report/untested.ts';
import type { DirectTarget } from './targets/target.ts';

/** Default of `timeout`, in milliseconds. */
const TIMEOUT_MS = 120_000;
/** The campaign ends by its own time budget; vitest waits longer, so that the last program can be shrunk. */
const HOOK_TIMEOUT_FACTOR = 1.2;

/**
 * How `conformance` tests a target.
 *
 * @example
 * ```ts
 * import { type ConformanceOptions, conformance } from 'mmspec/vitest';
 *
 * const options: ConformanceOptions = { steps: 60_000, profile: 'linux-6.1' };
 * conformance('embedded', options);
 * ```
 */
export interface ConformanceOptions {
  /** The same seed runs the same programs; 1 by default. */
  readonly seed?: number;
  /** Judged steps to run; 200,000 by default. */
  readonly steps?: number;
  /** Name of the profile to judge by, instead of the one that the target proposes. */
  readonly profile?: string;
  /** Traits that override the profile, by name: `{ tlb: 'lazy' }`. */
  readonly traits?: Readonly<Record<string, string>>;
  /** Time limit of the whole suite in milliseconds; 120,000 by default. */
  readonly timeout?: number;
  /** CPUs that programs use; 3 by default, or as many as the target has. */
  readonly cpus?: number;
  /** Frames of the pool that programs use; 64 by default, or as many as the target has. */
  readonly frames?: number;
  /**
   * How many threads run random programs side by side; the results do not depend on it. By default as many as the machine
   * has CPUs, unless the campaign is short.
   */
  readonly jobs?: Jobs;
}

/**
 * Registers a vitest suite with one test for each clause of the contract. One campaign runs before the tests, and all
 * of them read its report. A clause that the campaign could not exercise is skipped, never passed. The last test fails if
 * the campaign lacks evidence: a call of the target whose effect no step showed, or no effect across CPUs.
 *
 * The suite fails before its tests when the target is unknown (UsageError) or fails outside a step (TargetFailure).
 * @param target a target of this process, or a specification as on the command line: `exec:./adapter`.
 *
 * @example
 * ```ts
 * import { conformance } from 'mmspec/vitest';
 *
 * conformance('embedded:eager', { steps: 20_000 });
 * ```
 */
export function conformance(target: DirectTarget | string, options: ConformanceOptions = {}): void {
  const name = typeof target === 'string' ? target : target.manifest.name;
  const { timeout = TIMEOUT_MS } = options;
  describe(`conformance of ${name}`, () => {
    let report: Report;

    beforeAll(async () => {
      report = await runCampaign(target, options, timeout);
    }, timeout * HOOK_TIMEOUT_FACTOR);

    for (const clause of CLAUSES)
      test(`${clause.id} ${clause.sentence}`, (context: TestContext) => checkClause(clause, report, context));

    test('every call of the target was tested', () => {
      const gaps = untested(report).filter(({ required }) => required);
      expect(gaps.map(({ what, why, option }) => `${what}: ${why}; ${option}`)).toEqual([]);
    });
  });
}

function runCampaign(target: DirectTarget | string, options: ConformanceOptions, timeout: number): Promise<Report> {
  const { steps, timeout: _, ...asked } = options;
  return withPlan(target, asked, async (plan) => {
    const budget = { ...plan.budget, ...(steps === undefined ? {} : { steps }), milliseconds: timeout };
    return makeReport(plan, await new Campaign({ ...plan, budget }).run());
  });
}

function checkClause(clause: Clause, report: Report, context: TestContext): void {
  const finding = report.findings.find((one) => shows(one, clause));
  if (finding) expect.fail(findingText(finding, 'npx mmspec replay FILE', { page: report.page }));
  const line = report.coverage.find((one) => one.clause === clause);
  if (!line) return context.skip('does not apply under the traits of the target');
  if (line.exercised === 0) context.skip(whyUntested(line, report));
  expect(line.violated).toBe(0);
}
