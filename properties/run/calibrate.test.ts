import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { writeCalibration } from '../../src/cli/calibrate.ts';
import { UsageError } from '../../src/common/errors.ts';
import { Campaign } from '../../src/run/campaign/campaign.ts';
import { calibrating, fitting, withCalibrated } from '../../src/run/gate/calibrate.ts';
import { parseConfig } from '../../src/run/gate/config.ts';
import { runGate } from '../../src/run/gate/gate.ts';
import { gatePlan } from '../../src/run/gate/plan.ts';
import { plan } from '../../src/run/plan.ts';
import type { Report } from '../../src/run/report/report.ts';
import { openTarget } from '../../src/targets/open.ts';
import { mmspec } from '../support/cli.ts';
import { reportOf } from '../support/report.ts';

const BUDGET = 90_000;

/** A gate that ends after some programs, as it would when its time is over, on a target. */
async function calibrated(spec: string, programs: number): Promise<Report> {
  const general = plan(await openTarget(spec), {});
  const made = gatePlan(general, { seed: 1, budget: BUDGET, explore: false }, parseConfig(''));
  return runGate(calibrating(made), (options) => {
    expect(options.budget.random).toBe(Number.MAX_SAFE_INTEGER);
    expect(options.budget.milliseconds).toBeLessThanOrEqual(BUDGET * 0.75);
    return new Campaign({ ...options, budget: { programs } }).run();
  });
}

test('a calibrating gate counts the random programs that ran', async () => {
  const report = await calibrated('embedded', 700);
  const before = report.phases.filter(({ name }) => name !== 'random').reduce((sum, { done }) => sum + done, 0);
  const random = 700 - before;
  expect(random).toBeGreaterThan(100);
  expect(fitting(report)).toBe(Math.floor(random / 10) * 10);
});

test('the number is rounded down to two digits', () => {
  const rounded = (done: number) => fitting({ phases: [{ name: 'random', done, left: 1, unfit: 0 }] });
  expect([0, 7, 99, 123, 7399, 120_999].map(rounded)).toEqual([0, 7, 99, 120, 7300, 120_000]);
});

describe('the configuration', () => {
  test.each([
    ['is made', '', 'programs 7300\nbudget 90s\n'],
    ['keeps what it has', '# ours\ntarget linux:own\n', '# ours\ntarget linux:own\nprograms 7300\nbudget 90s\n'],
    ['gets new values', 'programs 800 # few\nframes 9\nbudget 1m\n', 'programs 7300\nframes 9\nbudget 90s\n'],
    ['gets them where they count', 'programs 1\nprograms 2', 'programs 1\nprograms 7300\nbudget 90s\n'],
  ])('%s', (_, before, after) => {
    expect(withCalibrated(before, { programs: 7300, budget: BUDGET })).toBe(after);
    expect(parseConfig(after)).toMatchObject({ programs: 7300, budget: BUDGET });
  });
});

describe('a calibration', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'mmspec-calibrate-'));
  afterAll(() => rmSync(scratch, { recursive: true }));
  const report: Report = { ...reportOf('mmspec trace 1\nprogram 1\nend 1\n'), phases: [] };
  const random = (done: number): Report => ({ ...report, phases: [{ name: 'random', done, left: 1, unfit: 0 }] });

  test('writes its file', () => {
    const file = join(scratch, 'mmspec.config');
    writeFileSync(file, 'frames 9\n');
    expect(writeCalibration(random(512), BUDGET, file)).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('frames 9\nprograms 510\nbudget 90s\n');
  });

  test('writes nothing where programs failed, or none ran', () => {
    const file = join(scratch, 'not-written');
    const [finding] = reportOf(
      'mmspec trace 1\nprogram 1\n@0 a0 = vmap f0 => 0xffffc90000000000\n@0 read a0 => fault\nend 1\n',
    ).findings;
    expect(writeCalibration({ ...random(512), findings: [finding] }, BUDGET, file)).toBe(1);
    expect(writeCalibration({ ...random(512), targetFailures: 1 }, BUDGET, file)).toBe(3);
    expect(() => writeCalibration(random(0), BUDGET, file)).toThrow(UsageError);
    expect(() => readFileSync(file)).toThrow('ENOENT');
  });

  test('cannot be asked for together with a number of programs', async () => {
    expect(await mmspec(['gate', '--calibrate', '--programs', '5'])).toMatchObject({ code: 2 });
  });
});
