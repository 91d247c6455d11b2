import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { casesOf } from '../../src/output/report/cases.ts';
import { loadShardReport, mergeReports } from '../../src/run/merge.ts';
import type { ReportData } from '../../src/run/report/data.ts';
import { reportFrom } from '../../src/run/report/read.ts';
import { type Ended, folder, mmspec, ROOT } from '../support/cli.ts';

const GATE = ['gate', '--seed', '5', '--no-explore', '--programs', '400'];
const TARGET = ['--target', 'mutant:flush-skips-full-blocks', '--require', 'clause MAP-1 10'];

const read = (cwd: string, file: string): ReportData => JSON.parse(readFileSync(join(cwd, file), 'utf8'));

/** The data without what may differ between one long run and its shards: times, and counts of one process. */
function comparable(data: ReportData): unknown {
  const { time: _, findings, ...rest } = data;
  return { ...rest, findings: findings.map(({ file: __, after, ...finding }) => ({ ...finding, at: after.programs })) };
}

test('the merged report of two recorded shards has the sums of their counts, and the findings of both', () => {
  const parts = [1, 2].map((shard) => loadShardReport(join(ROOT, `fixtures/recorded-0.1/shard-${shard}.json`)));
  const { report, missing } = mergeReports(parts);
  expect(missing).toEqual([]);
  const [a, b] = parts.map((part) => part.report);
  expect([report.programs, report.steps]).toEqual([a.programs + b.programs, a.steps + b.steps]);
  for (const [i, { clause, exercised }] of report.coverage.entries())
    expect(exercised, clause.id).toBe(a.coverage[i].exercised + b.coverage[i].exercised);
  const keys = new Set([a, b].flatMap(({ findings }) => findings.map(({ key }) => key)));
  expect(keys.size).toBeGreaterThan(0);
  expect(new Set(report.findings.map(({ key }) => key))).toEqual(keys);
  expect(mergeReports(parts.slice(0, 1)).missing).toEqual(['2/2']);
});

describe('the merged reports of four shards', { tags: ['long'] }, () => {
  let cwd: string;
  let merged: Ended;
  beforeAll(async () => {
    cwd = folder();
    await mmspec([...GATE, ...TARGET, '--report', 'json:all.json'], { cwd });
    for (const shard of [1, 2, 3, 4]) {
      const args = [...GATE, ...TARGET, '--report', `json:report-${shard}.json`, '--save', `found-${shard}`];
      await mmspec([...args, '--shard', `${shard}/4`], { cwd });
    }
    const files = [1, 2, 3, 4].map((shard) => `report-${shard}.json`);
    const reports = ['--report', 'json:merged.json', '--report', 'junit:merged.xml', '--report', 'html:merged.html'];
    merged = await mmspec(['merge', ...files.reverse(), '--corpus', 'corpus', ...reports], { cwd });
  });

  test('equal the report of one long run: violations, counts of clauses, goals, exit code', () => {
    expect(merged.code, merged.stderr).toBe(1);
    expect(comparable(read(cwd, 'merged.json'))).toEqual(comparable(read(cwd, 'all.json')));
  });

  test('share the programs without running one twice', () => {
    const parts = [1, 2, 3, 4].map((shard) => read(cwd, `report-${shard}.json`).programs);
    expect(parts.reduce((total, programs) => total + programs)).toBe(read(cwd, 'all.json').programs);
    expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
  });

  test('save one corpus, whose programs still fail', async () => {
    const files = readdirSync(join(cwd, 'corpus'));
    expect(files).toEqual(read(cwd, 'merged.json').findings.map(({ clause, hash }) => `${clause}-${hash}.mm`));
    const replayed = await mmspec(['replay', join('corpus', files[0]), '--target', TARGET[1]], { cwd });
    expect(replayed.code, replayed.stdout).toBe(1);
  });

  test('can be written in every form', () => {
    expect(readFileSync(join(cwd, 'merged.xml'), 'utf8')).toContain('<testcase name="ALIAS-1"');
    expect(readFileSync(join(cwd, 'merged.html'), 'utf8')).toContain('ALIAS-1');
    const ids = (file: string): string[] => casesOf(reportFrom(read(cwd, file))).map(({ id }) => id);
    expect(ids('merged.json')).toEqual(ids('all.json'));
  });

  test('are incomplete when one is missing', async () => {
    const ended = await mmspec(['merge', 'report-1.json', 'report-3.json', 'report-4.json'], { cwd });
    expect(ended.stderr).toContain('the report of shard 2/4 is missing');
    const held = [1, 3, 4].map((shard) => {
      const data = read(cwd, `report-${shard}.json`);
      writeFileSync(join(cwd, `held-${shard}.json`), JSON.stringify({ ...data, findings: [] }));
      return `held-${shard}.json`;
    });
    const incomplete = await mmspec(['merge', ...held], { cwd });
    expect(incomplete.code, incomplete.stdout).toBe(4);
  });

  test.each([
    ['two reports of one shard', {}, 'are reports of the same shard'],
    ['shards of runs with different seeds', { seed: 6, shard: { index: 1, of: 4 } }, 'the seed is 6, not 5'],
    ['shards of different sizes', { shard: { index: 1, of: 2 } }, 'the number of shards is 2, not 4'],
    [
      'reports of different versions',
      { mmspec: '0.1.999', shard: { index: 1, of: 4 } },
      'version of mmspec is 0.1.999',
    ],
    ['a report of a whole run', { shard: undefined }, 'odd.json is not the report of a shard'],
    [
      'shards with different requirements',
      { required: [], shard: { index: 1, of: 4 } },
      'requirements is empty, not clause',
    ],
    [
      'shards of gates with different numbers of programs',
      { asked: { 'number of random programs': '60' }, shard: { index: 1, of: 4 } },
      'the number of random programs is 60, not 400',
    ],
    [
      'shards of different plans of version 0.1, which does not list what was asked',
      {
        asked: undefined,
        phases: ['corpus', 'directed', 'small', 'random'].map((name) => ({ name, done: 1, left: 0, unfit: 0 })),
        shard: { index: 1, of: 4 },
      },
      'are of different runs: the number of',
    ],
    ['reports of a version that cannot be read', { mmspec: '0.0.0' }, 'was written by mmspec 0.0.0'],
  ])('%s are refused', async (_, changes, message) => {
    writeFileSync(join(cwd, 'odd.json'), JSON.stringify({ ...read(cwd, 'report-1.json'), ...changes }));
    const ended = await mmspec(['merge', 'report-1.json', 'odd.json'], { cwd });
    expect(ended.code, ended.stderr).toBe(2);
    expect(ended.stderr).toContain(message);
  });
});
