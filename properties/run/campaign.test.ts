import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Program } from '../../reference/calls/valid.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { Campaign } from '../../src/run/campaign/campaign.ts';
import type { CampaignOptions } from '../../src/run/campaign/options.ts';
import { shardShare, shardSize } from '../../src/run/campaign/sharding.ts';
import { directedPrograms } from '../../src/run/directed.ts';
import { plan } from '../../src/run/plan.ts';
import { makeReport } from '../../src/run/report/report.ts';
import { embedded, mutant } from '../../src/targets/embedded/index.ts';
import { type OpenTarget, openDirect } from '../../src/targets/open.ts';
import { type DirectTarget, TargetFailure } from '../../src/targets/target.ts';
import { testInTwoSizes } from '../support/sizes.ts';

/** A target of this process that a campaign treats as one outside it. `onRun` sees each batch and may fail it. */
function remote(target: DirectTarget, onRun: (programs: readonly Program[]) => void = () => {}): OpenTarget {
  const { direct: _, ...open } = openDirect('remote', target);
  return {
    ...open,
    run: async (programs) => {
      await new Promise((resolve) => setImmediate(resolve));
      onRun(programs);
      return open.run(programs);
    },
  };
}

const campaignOn = (target: OpenTarget, options: Partial<CampaignOptions> = {}) =>
  new Campaign({ ...plan(target, { budget: { programs: 100 } }), ...options });

/** The programs that a campaign runs, in order. */
async function programsOf(options: Partial<CampaignOptions>): Promise<string[]> {
  const seen: string[] = [];
  const onJudged: CampaignOptions['onJudged'] = ({ trace }) => seen.push(printSteps(trace.program));
  await campaignOn(openDirect('embedded', embedded('lazy')!), { ...options, onJudged }).run();
  return seen;
}

/** Saved programs. */
const SAVED = directedPrograms().filter(({ blocks }) => blocks.length === 0);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('target failures', () => {
  const failing = (...batches: readonly number[]): OpenTarget => {
    let batch = 0;
    return remote(embedded('lazy')!, () => {
      if (batches.includes(batch++)) throw new TargetFailure('lost');
    });
  };

  test('are counted apart from interruptions, and the campaign continues', async () => {
    const target = failing(1, 2);
    const onFailure = vi.fn();
    const result = await campaignOn(target, { onFailure }).run();
    expect(result).toMatchObject({ failures: 2, interrupted: false, complete: false });
    expect(onFailure).toHaveBeenCalledTimes(2);
    expect(result.programs).toBeLessThan(100);
    expect(makeReport(plan(target), result)).toMatchObject({ interrupted: true, targetFailures: 2 });
  });

  test('abort the campaign when there are five', async () => {
    const onFailure = vi.fn();
    const campaign = campaignOn(failing(0, 1, 2, 3, 4), { onFailure, budget: { programs: 10_000 } });
    await expect(campaign.run()).rejects.toThrow(TargetFailure);
    expect(onFailure).toHaveBeenCalledTimes(4);
  });

  test('abort the campaign at once when nobody listens', async () => {
    await expect(campaignOn(failing(0)).run()).rejects.toThrow('lost');
  });
});

describe('a signal', () => {
  test.each([
    ['in this process', (target: DirectTarget) => openDirect('embedded', target)],
    ['outside this process', (target: DirectTarget) => remote(target)],
  ])('interrupts a campaign on a target %s, without a failure', async (_, open) => {
    const abort = new AbortController();
    const onProgress = (): void => abort.abort();
    const options = { signal: abort.signal, onProgress, budget: { programs: 1_000_000 } };
    const result = await campaignOn(open(embedded('lazy')!), options).run();
    expect(result).toMatchObject({ interrupted: true, failures: 0, complete: false });
    expect(result.programs).toBeLessThan(1_000_000);
  });
});

describe('the time budget', () => {
  const BUDGET_MS = 1000;

  test.each([
    ['in this process', (target: DirectTarget) => openDirect('embedded', target)],
    ['outside this process', (target: DirectTarget) => remote(target)],
  ])('ends a campaign on a target %s', async (_, open) => {
    let clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => clock);
    const conforming = embedded('lazy')!;
    const tick = <T>(result: T): T => {
      clock += 1;
      return result;
    };
    const target: DirectTarget = {
      manifest: conforming.manifest,
      execute: (program) => tick(conforming.execute(program)),
      executeTrace: (program) => tick(conforming.executeTrace(program)),
    };
    const result = await campaignOn(open(target), { budget: { milliseconds: BUDGET_MS } }).run();
    expect(result.milliseconds).toBeGreaterThanOrEqual(BUDGET_MS);
    expect(result).toMatchObject({ interrupted: false, complete: false });
    // The clock is read once in a slice of 20,000 steps, or in a batch: fewer programs than that overrun it.
    expect(result.programs).toBeLessThan(2 * BUDGET_MS);
  });
});

describe('shards', () => {
  testInTwoSizes('divide a run: each program belongs to one of them', { small: 8, full: 30 }, async (numRuns) => {
    const shard = fc.integer({ min: 1, max: 5 }).chain((of) => fc.tuple(fc.nat(of - 1), fc.constant(of)));
    await fc.assert(
      fc.asyncProperty(shard, fc.nat(40), fc.nat(7), async ([index, of], programs, given) => {
        const options = { first: SAVED.slice(0, given), budget: { programs } };
        const whole = await programsOf(options);
        // The whole run may end with short programs for calls that have shown no effect.
        const all = whole.slice(0, programs);
        expect(all.length).toBe(programs);
        expect(whole.length).toBeLessThanOrEqual(programs + programs / 4);
        const own = await programsOf({ ...options, shard: { index, of } });
        expect(own).toEqual(all.filter((_, number) => number % of === index));
      }),
      { numRuns },
    );
  });

  test('have sizes that add up', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.integer({ min: 1, max: 9 }), (from, count, of) => {
        const shares = Array.from({ length: of }, (_, index) => shardShare(from, count, { index, of }));
        expect(shares.reduce((total, share) => total + share, 0)).toBe(count);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
        expect(shardSize(count)).toBe(count);
      }),
    );
  });
});

test('shrinking on a target outside this process waits until the target has answered everything', async () => {
  let inFlight = 0;
  let samples = 0;
  const target = remote(mutant('zap-returns-zero')!);
  const watched: OpenTarget = {
    ...target,
    run: async (programs) => {
      // Shrinking begins with one program, repeated.
      if (programs.length > 1 && programs.every((program) => program === programs[0])) {
        samples++;
        expect(inFlight).toBe(0);
      }
      inFlight++;
      const answers = await target.run(programs);
      inFlight--;
      return answers;
    },
  };
  const { findings } = await campaignOn(watched, { budget: { programs: 200 } }).run();
  expect(findings.length).toBeGreaterThan(0);
  expect(samples).toBeGreaterThan(0);
});
