import { beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { CLAUSES } from '../reference/contract.ts';
import { applicable } from '../reference/model/applicable.ts';
import { findingText } from './output/report/text/finding.ts';
import { untestedText } from './output/report/words.ts';
import { Campaign } from './run/campaign/campaign.ts';
import type { CampaignResult } from './run/campaign/options.ts';
import { coverage, EVERY_STEP } from './run/report/coverage.ts';
import { agree } from './targets/agreement.ts';
import { type OpenTarget, openDirect, openTarget } from './targets/open.ts';
import type { DirectTarget } from './targets/target.ts';

/**
 * How `conformance` tests a target.
 *
 * @example
 * ```ts
 * import { conformance, type ConformanceOptions } from 'mmspec/vitest';
 *
 * const options: ConformanceOptions = { steps: 20_000, traits: { tlb: 'before-return' } };
 * conformance('embedded:eager', options);
 * ```
 */
export interface ConformanceOptions {
  /** Draws the same programs again; 1 if not said, so that a test run is repeatable. */
  readonly seed?: number;
  /** Judged steps; 200,000 if not said. */
  readonly steps?: number;
  /** Instead of the profile that the target proposes. */
  readonly profile?: string;
  /** Traits that override the profile, `{ tlb: 'lazy' }`. */
  readonly traits?: Readonly<Record<string, string>>;
  /** Milliseconds that the campaign may take; 120,000 if not said. */
  readonly timeout?: number;
  /** CPUs and frames that programs use; 2 and 64 if not said, or what the target has. */
  readonly cpus?: number;
  readonly frames?: number;
}

/**
 * Registers one test per clause of the contract, and runs one campaign that all of them read. A clause that the
 * campaign could not exercise is skipped, never passed.
 *
 * @param target a target of this process, or a specification as on the command line (`exec:./adapter`).
 *
 * @example
 * ```ts
 * import { conformance } from 'mmspec/vitest';
 *
 * conformance('embedded', { steps: 20_000 });
 * ```
 */
export function conformance(target: DirectTarget | string, options: ConformanceOptions = {}): void {
  const name = typeof target === 'string' ? target : target.manifest.name;
  describe(`conformance of ${name}`, () => {
    let opened: OpenTarget;
    let result: CampaignResult;
    let table: Map<string, ReturnType<typeof coverage>[number]>;
    let applies: Uint8Array;

    beforeAll(
      async () => {
        opened = typeof target === 'string' ? await openTarget(target) : openDirect(name, target);
        const { manifest } = opened;
        const traits = new Map(Object.entries(options.traits ?? {}));
        const agreement = agree(manifest, { ...(options.profile ? { profile: options.profile } : {}), traits });
        applies = applicable(agreement.traits);
        result = await new Campaign({
          target: opened,
          agreement,
          seed: options.seed ?? 1,
          cpus: options.cpus ?? Math.min(2, manifest.cpus),
          frames: options.frames ?? Math.min(64, manifest.frames),
          budget: { steps: options.steps ?? 200_000, milliseconds: options.timeout ?? 120_000 },
        }).run();
        table = new Map(coverage(result.tally, agreement.traits, manifest.calls).map((line) => [line.clause.id, line]));
        await opened.close();
      },
      (options.timeout ?? 120_000) * 1.2,
    );

    for (const clause of CLAUSES) {
      test(`${clause.id} ${clause.sentence}`, (context: TestContext) => {
        const finding = result.findings.find((one) => one.violation.clause === clause);
        if (finding) expect.fail(findingText(finding, 'npx mmspec replay FILE', opened.manifest.page));
        if (applies[clause.index] === 0) return context.skip('not asked for under the traits of the target');
        const line = table.get(clause.id)!;
        if (line.exercised === 0 && !EVERY_STEP.has(clause.id)) context.skip(untestedText(line));
        expect(line.violated).toBe(0);
      });
    }
  });
}
