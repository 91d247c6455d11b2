import { describe, expect, test } from 'vitest';
import { judge } from '../../reference/judge/judge.ts';
import { quotedClause } from '../../src/findings/finding.ts';
import { findingText } from '../../src/output/report/text/finding.ts';
import { agree } from '../../src/targets/agreement.ts';
import { mutant } from '../../src/targets/embedded/index.ts';
import { openDirect } from '../../src/targets/open.ts';
import { CASES } from '../support/culprits.ts';
import { CERTIFICATES, culpritCall, findingOf, programOn3Cpus } from '../support/finding-of.ts';
import { testInTwoSizes } from '../support/sizes.ts';

/** A finding names the call that did it, where another call merely noticed. */

test.each(CASES.map((one) => [one.what, one] as const))('the judge alone charges another clause: %s', (_, one) => {
  const target = mutant(one.mutant)!;
  const trace = target.executeTrace(programOn3Cpus(one.steps));
  expect(judge(trace, agree(target.manifest).terms)?.clause.id).toBe(one.symptom);
});

/** The mutants whose cases take more than a second to shrink. Of the others, `npm test` takes some. */
const SLOW: ReadonlySet<string> = new Set([
  'threshold-purge-forgets-flush',
  'map-flushes-locally',
  'mprotect-without-flush',
]);

/** Registers a test. `npm test` runs it only if it is quick, and then ends the search for a shorter program early. */
function testWithCertificates(title: string, quick: boolean, body: (certify?: number) => Promise<void>): void {
  if (quick) testInTwoSizes(title, CERTIFICATES, body);
  else test(title, { tags: ['long'] }, () => body(CERTIFICATES.full));
}

describe('a finding names the culprit', () => {
  for (const [i, one] of CASES.entries())
    testWithCertificates(one.what, i % 2 === 0 && !SLOW.has(one.mutant), async (certify) => {
      const { mutant, clause, call, steps } = one;
      const finding = await findingOf(mutant, steps, { certify });
      expect(quotedClause(finding).id).toBe(clause);
      expect(culpritCall(finding)).toBe(call);
      expect(findingText(finding, 'replay').split('\n')[0]).toContain(clause);
    });
});

for (const [i, one] of CASES.entries())
  testWithCertificates(
    `also on a target outside this process: ${one.what}`,
    i % 4 === 0 && !SLOW.has(one.mutant),
    async (certify) => {
      const { mutant: name, clause, call, steps } = one;
      const { direct: _none, ...target } = openDirect(name, mutant(name)!);
      const finding = await findingOf(name, steps, { target, certify });
      expect(finding.rate).toEqual({ failed: 10, of: 10 });
      expect(quotedClause(finding).id).toBe(clause);
      expect(culpritCall(finding)).toBe(call);
    },
  );
