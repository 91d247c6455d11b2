import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReportData } from '../../src/run/report/data.ts';
import { reportJson } from '../../src/run/report/json.ts';
import { loadReport, reportFrom } from '../../src/run/report/read.ts';
import { folder, mmspec, ROOT } from '../support/cli.ts';

/** Files that version 0.1 wrote; see the README there. */
const RECORDED = join(ROOT, 'fixtures/recorded-0.1');
const recorded = (name: string): string => join(RECORDED, name);
const read = (path: string): ReportData => JSON.parse(readFileSync(path, 'utf8'));

/** What later versions may say in other words: their own version, and the sentences of clauses and goals. */
const WORDING = new Set(['mmspec', 'sentence', 'source', 'stepsPerSecond']);
const facts = (data: unknown): unknown =>
  JSON.parse(JSON.stringify(data, (name, value) => (WORDING.has(name) ? undefined : value)));

describe('reports of version 0.1', () => {
  test.each(['run.json', 'shard-1.json', 'shard-2.json', 'merged.json'])('%s is read without loss', (name) => {
    const data = loadReport(recorded(name));
    expect(reportJson(reportFrom(data))).toMatchObject(facts(data) as object);
  });

  test('a report of an interrupted run stays interrupted', () => {
    const data = { ...read(recorded('shard-2.json')), interrupted: true };
    expect(reportJson(reportFrom(data))).toMatchObject({ interrupted: true, exit: 4 });
  });

  test('two shards merge to the report that 0.1 made of them, and every form can be written', async () => {
    const cwd = folder();
    const forms = ['json:merged.json', 'junit:r.xml', 'ktap:r.tap', 'sarif:r.sarif', 'markdown:r.md', 'html:r.html'];
    const files = [recorded('shard-1.json'), recorded('shard-2.json')];
    const reports = forms.flatMap((form) => ['--report', form]);
    const ended = await mmspec(['merge', ...files, '--corpus', 'corpus', ...reports], { cwd });
    expect(ended.code, ended.stderr).toBe(1);
    const { findings, ...whole } = read(recorded('merged.json'));
    const merged = read(join(cwd, 'merged.json'));
    expect(merged).toMatchObject(facts(whole) as object);
    expect(merged.findings).toMatchObject(findings.map(({ file: _, ...finding }) => facts(finding)));
    expect(readdirSync(join(cwd, 'corpus'))).toEqual(findings.map(({ clause, hash }) => `${clause}-${hash}.mm`));
  });

  test('a file of expected divergences is updated from a report of 0.1', async () => {
    const cwd = folder();
    const args = ['expect', 'update', '--from', recorded('merged.json'), '--bug', 'https://example.org/2'];
    const ended = await mmspec(args, { cwd });
    expect(ended.code, ended.stderr).toBe(0);
    expect(readFileSync(join(cwd, 'mmspec.expect'), 'utf8')).toContain('\nZAP-1 f1b0af10 call=follow_pfn seen=frame');
  });
});

describe('programs that version 0.1 saved', () => {
  const stillFails = async (name: string, target: string, violated: string): Promise<void> => {
    const file = recorded(`counterexamples/${name}`);
    const failed = await mmspec(['replay', file, '--target', target]);
    expect(failed.code, failed.stderr).toBe(1);
    expect(failed.stdout).toContain(violated);
    const held = await mmspec(['replay', file, '--target', 'embedded']);
    expect(held.code, held.stderr).toBe(0);
    expect((await mmspec(['judge', file])).code).toBe(1);
  };

  test('ZAP-1-f1b0af10.mm still fails in the same way, and holds on the embedded target', { tags: ['long'] }, () =>
    stillFails('ZAP-1-f1b0af10.mm', 'mutant:zap-misses-last-page', 'violated ZAP-1 at step 3 of 3'),
  );

  test('ALIAS-1-0a520cfd.mm still fails in the same way, and holds on the embedded target', () =>
    stillFails('ALIAS-1-0a520cfd.mm', 'mutant:second-flush-returns-early', 'violated ALIAS-1'));

  test('a gate runs them first as its corpus', async () => {
    const cwd = folder();
    const args = ['gate', '--target', 'mutant:zap-misses-last-page', '--no-explore', '--programs', '0', '--seed', '1'];
    const corpus = ['--corpus', recorded('counterexamples')];
    const ended = await mmspec([...args, ...corpus, '--report', 'json:r.json'], { cwd });
    expect(ended.code, ended.stderr).toBe(1);
    expect(read(join(cwd, 'r.json')).phases[0]).toEqual({ name: 'corpus', done: 2, left: 0, unfit: 0 });
  });

  test('a gate replays an expected divergence that 0.1 listed', { tags: ['long'] }, async () => {
    const cwd = folder();
    cpSync(RECORDED, cwd, { recursive: true });
    mkdirSync(join(cwd, 'corpus'));
    const steps = ['@0 v0 = mmap o0 2 pfnmap shared remap=f0', '@0 zap_vma_ptes v0 v0 0x2000', '@0 write v0+0x1000 1'];
    writeFileSync(join(cwd, 'corpus/write.mm'), `mmspec program 1\n${steps.join('\n')}\n`);
    writeFileSync(join(cwd, 'mmspec.config'), 'programs 0\ncorpus corpus\n');
    const args = ['gate', '--target', 'mutant:zap-misses-last-page', '--no-explore', '--seed', '1'];
    const ended = await mmspec([...args, '--report', 'json:r.json'], { cwd });
    const report = read(join(cwd, 'r.json'));
    expect(report.expected[0]).toMatchObject({ program: '04b397d5', shown: { failed: 1, of: 1 } });
    // The line excuses the reads. A saved program shows the fault through a write, which no line excuses.
    expect(report.findings.map(({ call }: { call: string }) => call)).toEqual(['write']);
    expect(ended.code, ended.stdout + ended.stderr).toBe(1);
    expect((await mmspec(['expect', 'check'], { cwd })).code).toBe(0);
  });
});

test('the Python adapter of version 0.1 still conforms', { tags: ['long'] }, async () => {
  const cwd = folder();
  const args = ['run', '--target', `exec:python3 '${recorded('adapter.py')}'`, '--programs', '300', '--seed', '1'];
  const ended = await mmspec([...args, '--report', 'json:r.json'], { cwd });
  expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  expect(read(join(cwd, 'r.json'))).toMatchObject({ programs: 300, interrupted: false, findings: [] });
});
