import { expect, test } from 'vitest';
import type { Program } from '../../reference/calls/valid.ts';
import { changesState } from '../../src/findings/localise/culprit.ts';
import { Campaign } from '../../src/run/campaign/campaign.ts';
import { withPlan } from '../../src/run/plan.ts';
import { untested } from '../../src/run/report/untested.ts';
import { run } from '../../src/run/run.ts';

const missing = (report: Parameters<typeof untested>[0]): string[] =>
  untested(report).flatMap(({ what, required }) => (required ? [what] : []));

test.each(['embedded', 'embedded:eager'])(
  'a run with few steps on %s still shows what each call does',
  async (target) => {
    const report = await run({ target, budget: { steps: 3000 }, seed: 1 });
    expect(report.findings).toEqual([]);
    expect(report.calls.filter(({ effects }) => effects === 0)).toEqual([]);
    expect(missing(report)).toEqual([]);
  },
);

test('a run with a number of programs gets up to a quarter more for calls that have shown no effect', async () => {
  // 400 random programs of this seed leave a call without an effect.
  const report = await run({ target: 'embedded', budget: { programs: 400 }, seed: 2_854_026_840 });
  expect(report.programs).toBeGreaterThan(400);
  expect(report.programs).toBeLessThanOrEqual(500);
  expect(missing(report)).toEqual([]);
});

test('a run with fewer than 100 programs gets none', async () => {
  const few = await run({ target: 'embedded', budget: { programs: 99 }, seed: 1 });
  expect(few.programs).toBe(99);
  expect(missing(few)).not.toEqual([]);
});

test('the short programs leave out what the target does not have', async () => {
  const ran: Program[] = [];
  await withPlan('embedded', { budget: { steps: 1 } }, ({ target, ...plan }) => {
    const calls = new Set([...target.manifest.calls].filter((name) => !/page_(map)?count/.test(name)));
    const weaker = { ...target, manifest: { ...target.manifest, calls } };
    return new Campaign({ ...plan, target: weaker, onJudged: ({ trace }) => ran.push(trace.program) }).run();
  });
  const counts = ran.flatMap(({ steps }) => steps).filter(({ call }) => /page_(map)?count/.test(call.name));
  expect(ran.length).toBeGreaterThan(10);
  expect(counts).toEqual([]);
});

test('the end of a time budget belongs to calls that have shown no effect', async () => {
  const ran: Program[] = [];
  await withPlan('embedded', { budget: { milliseconds: 60_000 } }, (plan) => {
    const startedAt = performance.now() - 59_500;
    return new Campaign({ ...plan, startedAt, onJudged: ({ trace }) => ran.push(trace.program) }).run();
  });
  expect(ran).not.toEqual([]);
  const changes = ran.map(({ steps }) => steps.filter(({ call }) => changesState(call)).length);
  expect(Math.max(...changes)).toBeLessThanOrEqual(8);
});

test.each([
  ['of saved programs only', { only: true }],
  ['of a shard', { shard: { index: 0, of: 2 } }],
  ['of a gate', { budget: { random: 400 } }],
])('a run %s is not extended', async (_, options) => {
  const { programs } = await withPlan('embedded', { budget: { programs: 400 }, seed: 2_854_026_840 }, (plan) =>
    new Campaign({ ...plan, ...options }).run(),
  );
  expect([0, 200, 400]).toContain(programs);
});

test('the short programs at the end find faults, too', async () => {
  const report = await run({ target: 'mutant:exit-unmaps-parent', budget: { steps: 1 }, seed: 1 });
  expect(report.findings.map(({ culprit }) => culprit?.clause.id)).toEqual(['EXI-1']);
});

test('a run that stops at the first failure runs no short program after it', async () => {
  const settings = { target: 'mutant:zap-misses-last-page', budget: { steps: 1 }, seed: 1 };
  const [whole, bailed] = [await run(settings), await run({ ...settings, bail: true })];
  expect(bailed.findings.length).toBe(1);
  expect(bailed.programs).toBeLessThan(whole.programs);
});
