import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { UsageError } from '../../src/common/errors.ts';
import { plan, withPlan } from '../../src/run/plan.ts';
import type { ReportData } from '../../src/run/report/data.ts';
import { run } from '../../src/run/run.ts';
import { embedded } from '../../src/targets/embedded/index.ts';
import { type OpenTarget, openDirect } from '../../src/targets/open.ts';
import { folder, mmspec } from '../support/cli.ts';
import { longUnless } from '../support/sizes.ts';

/** A target with these CPUs and frames. */
function targetWith(cpus: number, frames = 64): OpenTarget {
  const target = embedded('lazy')!;
  return openDirect('small', {
    manifest: { ...target.manifest, cpus, frames },
    execute: (program) => target.execute(program),
    executeTrace: (program) => target.executeTrace(program),
  });
}

describe('a plan without options', () => {
  test.each([
    [1, 1],
    [2, 2],
    [3, 3],
    [8, 3],
  ])('on a target with %i CPUs uses %i', (cpus, used) => {
    expect(plan(targetWith(cpus))).toMatchObject({ cpus: used, frames: 64, seed: 1, budget: { steps: 200_000 } });
  });

  test('uses as many frames as the target has', () => {
    expect(plan(targetWith(2, 16)).frames).toBe(16);
    expect(plan(targetWith(2, 1000)).frames).toBe(64);
  });

  test('judges by what the target declares', () => {
    const { agreement, target } = plan(targetWith(2));
    expect(agreement.profile).toBe(target.manifest.profile);
    expect([...agreement.declared]).toEqual([...target.manifest.traits]);
  });
});

describe('a plan with options', () => {
  test('uses them', () => {
    const options = { profile: 'linux-6.12', traits: { guard: 'none' }, cpus: 2, frames: 8, seed: 7 };
    const { agreement, ...rest } = plan(targetWith(3), { ...options, budget: { programs: 5 } });
    expect(rest).toMatchObject({ cpus: 2, frames: 8, seed: 7, budget: { programs: 5 } });
    expect([agreement.profile, agreement.traits.guard]).toEqual(['linux-6.12', 'none']);
  });

  test.each([
    [{ cpus: 3 }, '3 CPUs asked for, but small has 2; ask for 1 to 2'],
    [{ frames: 65 }, '65 frames asked for, but small has 64; ask for 1 to 64'],
    [{ profile: 'nothing' }, 'nothing'],
    [{ traits: { nothing: 'x' } }, 'nothing'],
  ])('%j is refused with the reason', (options, message) => {
    expect(() => plan(targetWith(2), options)).toThrow(UsageError);
    expect(() => plan(targetWith(2), options)).toThrow(message);
  });
});

test('an opened target stays open', async () => {
  const close = vi.fn(async () => {});
  const target = { ...targetWith(2), close };
  expect(await withPlan(target, {}, async (made) => made.target)).toBe(target);
  expect(close).not.toHaveBeenCalled();
});

describe('the same defaults', () => {
  const COMMANDS = [
    ['run', '--programs', '1', '--corpus', 'none'],
    ['gate', '--no-explore', '--programs', '1'],
    ['explore', '--alphabet', 'vmap', '--steps', '2'],
  ];

  for (const [name, ...args] of COMMANDS)
    test(`hold for mmspec ${name}`, longUnless(name === 'run'), async () => {
      const cwd = folder();
      const ended = await mmspec([name, ...args, '--report', 'json:r.json'], { cwd });
      expect(ended.stderr).not.toContain('error');
      const data: ReportData = JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'));
      expect([data.cpus, data.frames]).toEqual([3, 64]);
    });

  test('hold for run()', async () => {
    const report = await run({ target: 'embedded', budget: { programs: 1 } });
    expect([report.cpus, report.frames, report.seed]).toEqual([3, 64, 1]);
  });

  test('except that mmspec run has a larger budget', async () => {
    const { stdout } = await mmspec(['run', '--dry-run', '--corpus', 'none']);
    expect(stdout).toContain('steps 1000000) with 3 CPUs and 64 frames on embedded');
  });
});
