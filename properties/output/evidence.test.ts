import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import { EXPORTS, type Exhibit } from '../../src/output/export/index.ts';
import { parseExpectations } from '../../src/run/expect/file.ts';
import { reportJson } from '../../src/run/report/json.ts';
import type { Report } from '../../src/run/report/report.ts';
import type { MachineFacts } from '../../src/targets/machine-facts.ts';
import { folder, mmspec } from '../support/cli.ts';
import { exhibitOfText } from '../support/exhibits.ts';
import { reportOf } from '../support/report.ts';
import { NO_ORDER, STALE } from '../support/traces.ts';

/** Mails and Markdown say what a maintainer needs to believe them. */

const MACHINE: MachineFacts = {
  release: '6.12.7-me',
  version: 'build 0123456789ab',
  commit: '89abcdef0123',
  options: ['KASAN', 'PREEMPT'],
  cpus: 2,
  emulator: 'QEMU 7.2.22',
  accelerator: 'tcg, thread=single',
};

const base = reportOf(STALE);
const [symptom] = reportOf(NO_ORDER).findings;
const finding: Finding = {
  ...base.findings[0],
  rate: { failed: 9, of: 10 },
  diagnosis: 'stale',
  culprit: { step: 4, clause: base.findings[0].violation.clause },
  symptoms: [symptom],
};
const report: Report = { ...base, machine: MACHINE, findings: [finding] };
const exhibit: Exhibit = { ...exhibitOfText('stale', STALE), machine: MACHINE, found: { report, finding } };

/** The text without line breaks, and without the backslashes of Markdown. */
const wordsOf = (form: 'mail' | 'markdown', one: Exhibit): string =>
  EXPORTS.get(form)!.write(one).replaceAll('\\', '').replaceAll('<!-- -->', '').replace(/\s+/g, ' ');

const FACTS = [
  'build 0123456789ab',
  'commit 89abcdef0123',
  'KASAN PREEMPT',
  '2 CPUs on QEMU 7.2.22 (tcg, thread=single)',
  'fails 9 of 10 times',
  'stale translation: gone after a flush',
  'step 5, @0 vm_unmap_aliases: the state is wrong after it',
  symptom.violation.clause.id,
  'none that the report lists',
];

test.each(['mail', 'markdown'] as const)('%s', (form) => {
  const text = wordsOf(form, exhibit);
  for (const fact of FACTS) expect(text).toContain(fact);
  expect(text).toMatch(/seed:? 7, after 117 programs/);
});

test('they name the bug of a listed divergence', () => {
  const [entry] = parseExpectations('ALIAS-1 0123abcd bug=https://example.org/1 : It is known.');
  const listed: Report = { ...report, expected: [{ entry, file: 'mmspec.expect', met: 1 }] };
  expect(wordsOf('mail', { ...exhibit, found: { report: listed, finding } })).toContain('https://example.org/1');
});

test('they say nothing of a run that they do not know', () => {
  const text = wordsOf('mail', exhibitOfText('stale', STALE));
  expect(text).not.toMatch(/kernel 6|seed|known fix|fails/);
});

test('the command line takes the facts from the report of the run, if the program is a finding of it', async () => {
  const where = folder();
  const [trace, json] = [join(where, 'stale.mm'), join(where, 'report.json')];
  writeFileSync(trace, STALE);
  writeFileSync(json, JSON.stringify(reportJson(report)));
  const mail = await mmspec(['export', trace, '--as', 'mail', '--from', json]);
  expect(mail.stdout).toContain('fails 9 of 10 times');
  writeFileSync(trace, NO_ORDER);
  const other = await mmspec(['export', trace, '--as', 'mail', '--from', json]);
  expect(other.code).toBe(2);
  expect(other.stderr).toMatch(/is no finding of .*report\.json; its findings are\n {2}ALIAS-1 read frame/);
});
