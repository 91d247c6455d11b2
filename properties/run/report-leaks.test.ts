import { expect } from 'vitest';
import { reportJson } from '../../src/run/report/json.ts';
import { reportFrom } from '../../src/run/report/read.ts';
import { CERTIFICATES, runWith } from '../support/finding-of.ts';
import { testInTwoSizes } from '../support/sizes.ts';

/** A report whose finding a step shows, and also the clean-up of another program; not every seed draws both. */
async function withBothSymptoms(certify: number | undefined) {
  for (let seed = 2; seed <= 11; seed++) {
    const report = await runWith({ target: 'mutant:vfree-keeps-memory', seed, budget: { programs: 200 } }, certify);
    const [finding] = report.findings;
    if (finding.symptoms?.some(({ key }) => key.endsWith(' left'))) return { report, finding };
  }
  throw new Error('none of ten seeds shows both symptoms');
}

testInTwoSizes(
  'a leak that a step shows and one that the clean-up finds differ in a JSON report',
  CERTIFICATES,
  async (certify) => {
    const { report, finding } = await withBothSymptoms(certify);
    expect(finding.key).toBe('SAFE-3 allocated_pages number');
    const [again] = reportFrom(reportJson(report)).findings;
    const left = (one: typeof finding) => [one, ...one.symptoms!].map(({ key, violation }) => [key, violation.left]);
    expect(left(again)).toEqual(left(finding));
    expect(again.violation.left).toBeUndefined();
  },
);
