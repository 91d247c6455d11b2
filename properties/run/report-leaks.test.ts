import { expect, test } from 'vitest';
import { reportJson } from '../../src/run/report/json.ts';
import { reportFrom } from '../../src/run/report/read.ts';
import { run } from '../../src/run/run.ts';

test('a leak that a step shows and one that the clean-up finds differ in a JSON report', async () => {
  const report = await run({ target: 'mutant:vfree-keeps-memory', seed: 1, budget: { programs: 200 } });
  const [finding] = report.findings;
  expect(finding.key).toBe('SAFE-3 allocated_pages number');
  expect(finding.symptoms?.some(({ key }) => key.endsWith(' left'))).toBe(true);
  const [again] = reportFrom(reportJson(report)).findings;
  const left = (one: typeof finding) => [one, ...one.symptoms!].map(({ key, violation }) => [key, violation.left]);
  expect(left(again)).toEqual(left(finding));
  expect(again.violation.left).toBeUndefined();
});
