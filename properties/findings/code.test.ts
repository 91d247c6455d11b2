import { expect, test } from 'vitest';
import { withCode } from '../../src/findings/code.ts';
import { reportHtml } from '../../src/output/report/html/index.ts';
import { findingText } from '../../src/output/report/text/finding.ts';
import { reportJson } from '../../src/run/report/json.ts';
import { reportFrom } from '../../src/run/report/read.ts';
import { reportOf } from '../support/report.ts';
import { STALE } from '../support/traces.ts';

const LINES: Readonly<Record<string, number>> = {
  read: 1,
  vm_unmap_aliases: 2981,
  zap_vma_ptes: 7,
  free_vmap_block: 9,
};
const target = {
  definition: (name: string) => (LINES[name] === undefined ? undefined : `mm/vmalloc.c:${LINES[name]}`),
};

const report = reportOf(STALE);
const [finding] = report.findings;
const blaming = (step: number) => ({ ...finding, culprit: { step, clause: finding.violation.clause } });

test('a finding says where the sources define the call to blame', () => {
  const found = withCode(blaming(4), target);
  expect(found.code).toEqual([{ function: 'vm_unmap_aliases', place: 'mm/vmalloc.c:2981' }]);
  expect(findingText(found, 'replay')).toContain('\n  code      vm_unmap_aliases at mm/vmalloc.c:2981\n');
  const whole = { ...report, findings: [found] };
  expect(reportHtml(whole)).toContain('vm_unmap_aliases at mm/vmalloc.c:2981');
  expect(reportFrom(reportJson(whole)).findings[0].code).toEqual(found.code);
});

test('the calls of an overlap come first, then the functions at which lanes stopped', () => {
  const { program } = finding.trace;
  const block = { start: 3, end: 5, attributes: new Map([['at', '0:1@free_vmap_block,1:2@step3,1:3@unknown']]) };
  const overlapping = { ...blaming(4), trace: { ...finding.trace, program: { ...program, blocks: [block] } } };
  expect(withCode(overlapping, target).code?.map((one) => one.function)).toEqual([
    'read',
    'vm_unmap_aliases',
    'free_vmap_block',
  ]);
});

test.each([
  ['the target cannot tell', {}],
  ['its sources do not define the call', { definition: () => undefined }],
])('nothing is said if %s', (_, silent) => {
  const found = withCode(blaming(4), silent);
  expect(found).not.toHaveProperty('code');
  expect(findingText(found, 'replay')).not.toContain('  code ');
});
