import { expect, test } from 'vitest';
import { crash } from '../../reference/notation/outcome.ts';
import { printStep } from '../../reference/notation/print.ts';
import { execute, failureOf } from '../../src/findings/execution.ts';
import { quotedClause } from '../../src/findings/finding.ts';
import { minimise } from '../../src/run/campaign/minimise.ts';
import { agree } from '../../src/targets/agreement.ts';
import { mutant } from '../../src/targets/embedded/index.ts';
import { type OpenTarget, openDirect } from '../../src/targets/open.ts';
import { culpritCall, findingOf, programOn3Cpus } from '../support/finding-of.ts';

const NAME = 'zap-misses-last-page';
const STEPS = `
  @0 v0 = mmap o0 2 pfnmap shared remap=f0
  @0 zap_vma_ptes v0 v0 0x2000
  @0 remap_pfn_range v0 v0+0x1000 f2 0x1000`;

/** A target outside this process. Like Linux, it crashes if remap_pfn_range finds a page mapped. */
function crashing(): OpenTarget {
  const { direct: _none, ...target } = openDirect(NAME, mutant(NAME)!);
  return {
    ...target,
    run: async (programs) =>
      (await target.run(programs)).map((answer) => {
        const texts = answer.program.steps.map(printStep);
        const mapped = texts.some((text) => text.includes('2 pfnmap shared remap='));
        const zap = texts.findIndex((text) => mapped && text.endsWith('zap_vma_ptes v0 v0 0x2000'));
        const at = texts.findIndex(
          (text, step) => zap >= 0 && step > zap && / remap_pfn_range v0 v0\+0x1000/.test(text),
        );
        return at < 0 ? answer : { ...answer, outcomes: [...answer.outcomes.slice(0, at), crash('BUG')] };
      }),
  };
}

test('if a target outside this process crashes, the step after which the state was already wrong is to blame', async () => {
  const finding = await findingOf(NAME, STEPS, { target: crashing() });
  expect(finding.symptoms?.map(({ key }) => key)).toEqual(['SAFE-1 remap_pfn_range crash']);
  expect(quotedClause(finding).id).toBe('ZAP-1');
  expect(culpritCall(finding)).toBe('zap_vma_ptes');
});

test('a wrong state that is known does not hide the crash that follows', async () => {
  const target = crashing();
  const agreement = agree(target.manifest);
  const [failed] = await execute(target, [programOn3Cpus(STEPS)], agreement.terms);
  const finding = await minimise(failed, {
    target,
    agreement,
    key: failureOf(failed)!,
    after: { programs: 0, steps: 0 },
    milliseconds: 100_000,
    known: ({ violation }) => violation!.clause.id === 'ZAP-1',
  });
  expect([finding.key, finding.rate.failed > 0]).toEqual(['SAFE-1 remap_pfn_range crash', true]);
});
