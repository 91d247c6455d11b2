import { expect, test } from 'vitest';
import schema from '../../schema/report.schema.json' with { type: 'json' };
import { reportHtml } from '../../src/output/report/html/index.ts';
import { reportSummary } from '../../src/output/report/markdown.ts';
import { reportText } from '../../src/output/report/text/index.ts';
import { Campaign } from '../../src/run/campaign/campaign.ts';
import { plan } from '../../src/run/plan.ts';
import { reportJson } from '../../src/run/report/json.ts';
import { reportFrom } from '../../src/run/report/read.ts';
import { makeReport } from '../../src/run/report/report.ts';
import { problemOf, type Schema } from '../../src/run/report/schema.ts';
import type { MachineFacts } from '../../src/targets/machine-facts.ts';
import { openTarget } from '../../src/targets/open.ts';

const MACHINE: MachineFacts = {
  release: '6.12.7-me',
  compiled: '#3 SMP PREEMPT Mon Nov 2 10:00:00 UTC 2026',
  version: 'build 0123456789ab',
  commit: '89abcdef0123-dirty',
  options: ['KASAN', 'NR_CPUS=64'],
  cpus: 2,
  emulator: 'QEMU 7.2.22',
  accelerator: 'tcg, thread=single',
};

async function reportOn(machine: MachineFacts | undefined) {
  const target = await openTarget('embedded');
  const manifest = { ...target.manifest, ...(machine ? { machine } : {}) };
  const made = plan({ ...target, manifest }, { budget: { programs: 3 } });
  return makeReport(made, await new Campaign(made).run());
}

test('a report says which kernel on which machine it is about', async () => {
  const report = await reportOn(MACHINE);
  const data = reportJson(report);
  expect(data.machine).toEqual(MACHINE);
  expect(problemOf(data, schema as Schema)).toBeUndefined();
  expect(reportFrom(data).machine).toEqual(MACHINE);
  const text = reportText(report, { width: 120 });
  expect(text).toContain(
    'kernel 6.12.7-me, #3 SMP PREEMPT Mon Nov 2 10:00:00 UTC 2026, build 0123456789ab, commit 89ab',
  );
  expect(text).toContain('kernel options: KASAN NR_CPUS=64\n');
  expect(text).toContain('machine with 2 CPUs on QEMU 7.2.22 (tcg, thread=single)\n');
});

test('the page and the Markdown report say so, too', async () => {
  const report = await reportOn(MACHINE);
  for (const text of [reportHtml(report), reportSummary(report)]) {
    // Markdown puts a backslash before some characters.
    const plain = text.replaceAll('\\', '');
    for (const fact of ['6.12.7-me', 'build 0123456789ab', '89abcdef0123-dirty', 'KASAN NR_CPUS=64', 'QEMU 7.2.22'])
      expect(plain).toContain(fact);
    expect(plain).toContain('tcg, thread=single');
    expect(plain).toContain(`${report.seed}`);
  }
});

test('a report on a target that is no machine says nothing of one', async () => {
  const report = await reportOn(undefined);
  expect(reportJson(report)).not.toHaveProperty('machine');
  expect(reportText(report)).not.toContain('machine with');
});
