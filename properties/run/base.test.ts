import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { reportGithub } from '../../src/output/report/github.ts';
import { reportHtml } from '../../src/output/report/html/index.ts';
import { reportJunit } from '../../src/output/report/junit.ts';
import { reportKtap } from '../../src/output/report/ktap.ts';
import { reportSummary } from '../../src/output/report/markdown.ts';
import { reportSarif } from '../../src/output/report/sarif.ts';
import { reportText } from '../../src/output/report/text/index.ts';
import { compareWithBase } from '../../src/run/base.ts';
import { exitCode } from '../../src/run/report/exit-code.ts';
import { reportJson } from '../../src/run/report/json.ts';
import { loadReport, reportFrom } from '../../src/run/report/read.ts';
import type { Report } from '../../src/run/report/report.ts';
import { folder, mmspec } from '../support/cli.ts';
import { reportOn } from '../support/report.ts';

/** The fault of the base branch, and one that the change adds. */
let old: Report;
let added: Report;

beforeAll(async () => {
  old = await reportOn('zap-misses-last-page');
  added = await reportOn('unmap-ram-leaves-last-page');
  expect([old.findings.length, added.findings.length]).toEqual([1, 1]);
});

const compared = (findings: Report['findings'], base: Report = old): Report =>
  compareWithBase({ ...old, findings }, { file: 'base.json', report: base });

describe('compared with the base branch', () => {
  test('a violation that it has, too, does not fail', () => {
    expect(exitCode(old)).toBe(1);
    const report = compared(old.findings);
    expect(exitCode(report)).toBe(0);
    expect(report.findings.map(({ inBase }) => inBase)).toEqual([old.findings[0].key]);
  });

  test('a new violation fails, beside one that is known', () => {
    const report = compared([...old.findings, ...added.findings]);
    expect(exitCode(report)).toBe(1);
    expect(report.findings.map(({ inBase }) => inBase === undefined)).toEqual([false, true]);
  });

  test('a violation that shows in another way is still the same', () => {
    const [finding] = added.findings;
    const [symptom] = finding.symptoms ?? [];
    expect(symptom).toBeDefined();
    const shownOtherwise = { ...finding, ...symptom, symptoms: [] };
    expect(shownOtherwise.key).not.toBe(finding.key);
    expect(exitCode(compared([shownOtherwise], { ...old, findings: added.findings }))).toBe(0);
    expect(exitCode(compared([finding], { ...old, findings: [shownOtherwise] }))).toBe(0);
  });

  test('what was not confirmed there excuses nothing', () => {
    const once = old.findings.map((finding) => ({ ...finding, rate: { failed: 0, of: 10 } }));
    expect(exitCode(compared(old.findings, { ...old, findings: once }))).toBe(1);
  });

  test('a report without findings excuses nothing, and what is gone is listed', () => {
    expect(exitCode(compared(old.findings, { ...old, findings: [] }))).toBe(1);
    const mended = compared([]);
    expect(mended.base?.gone).toEqual([old.findings[0].key]);
    expect(exitCode(mended)).toBe(0);
  });

  test('it survives being saved and read', () => {
    const report = compared([...old.findings, ...added.findings]);
    const file = join(folder(), 'report.json');
    writeFileSync(file, JSON.stringify(reportJson(report)));
    const again = reportFrom(loadReport(file));
    expect(again.base).toEqual(report.base);
    expect(exitCode(again)).toBe(1);
    expect(again.findings.map(({ inBase }) => inBase)).toEqual(report.findings.map(({ inBase }) => inBase));
  });

  test('every kind of report tells new violations from known ones', () => {
    const known = compared(old.findings);
    const both = compared([...old.findings, ...added.findings]);
    expect(stripVTControlCharacters(reportText(both))).toMatch(/^new {9}RAM-6 /m);
    expect(stripVTControlCharacters(reportText(both))).toMatch(/^in the base ZAP-1 /m);
    expect(stripVTControlCharacters(reportText(compared([])))).toMatch(
      /^not seen {4}ZAP-1 .*which the base branch has$/m,
    );
    expect(reportJunit(known)).toContain('failures="0"');
    expect(reportJunit(both)).toMatch(/<testcase name="RAM-6" [^>]*><failure /);
    expect(reportKtap(known)).toMatch(/^ {4}ok \d+ ZAP-1 # XFAIL the base branch has it, too/m);
    expect(reportKtap(both)).toMatch(/^ {4}not ok \d+ RAM-6/m);
    expect(reportGithub(known)).not.toContain('::error');
    expect(reportGithub(both)).toContain('::error title=mmspec%3A RAM-6');
    expect(reportSummary(known)).toContain('### Violations that the base branch has, too');
    expect(reportHtml(known)).toContain('1 violation that the base branch has, too');
    expect(reportHtml(both)).toContain('1 new violation of the contract');
    const { results } = JSON.parse(reportSarif(both)).runs[0];
    const states = results.map(({ level, baselineState }: Record<string, string>) => [level, baselineState]);
    expect(states).toEqual([
      ['note', 'unchanged'],
      ['error', 'new'],
    ]);
  });
});

describe('gate --base', () => {
  const FEW = ['--no-explore', '--programs', '60', '--seed', '1'];
  const MUTANT = ['gate', '--target', 'mutant:zap-misses-last-page', ...FEW];

  test('passes with the report of the same fault, and fails without', async () => {
    const cwd = folder();
    const first = await mmspec([...MUTANT, '--report', 'json:base.json'], { cwd });
    expect(first.code, first.stderr).toBe(1);
    const again = await mmspec([...MUTANT, '--seed', '2', '--base', 'base.json'], { cwd });
    expect(again.code, again.stdout).toBe(0);
    expect(again.stdout).toMatch(/^in the base ZAP-1 /m);
  });

  test('refuses the report of another target, of a shard, and one that is not there', { tags: ['long'] }, async () => {
    const cwd = folder();
    await mmspec([...MUTANT, '--shard', '1/2', '--report', 'json:shard.json'], { cwd });
    await mmspec(['gate', '--target', 'embedded', ...FEW, '--report', 'json:other.json'], { cwd });
    for (const [file, why] of [
      ['shard.json', 'the report of one shard'],
      ['other.json', 'is the report of embedded, but this run is of mutant:zap-misses-last-page'],
      ['missing.json', 'missing.json'],
    ]) {
      const ended = await mmspec([...MUTANT, '--base', file], { cwd });
      expect(ended.code, ended.stderr).toBe(2);
      expect(ended.stderr).toContain(why);
    }
  });
});
