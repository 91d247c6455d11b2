import { expect, test } from 'vitest';
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

test('a run with a number of programs runs no others', async () => {
  const report = await run({ target: 'embedded', budget: { programs: 1 }, seed: 1 });
  expect(report.programs).toBe(1);
  expect(missing(report)).not.toEqual([]);
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
