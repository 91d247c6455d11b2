import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/common/errors.ts';
import { formatReport, type ReportKind } from '../../src/output/report/reporters.ts';
import { loadShardReport, mergeReports } from '../../src/run/merge.ts';
import type { ReportData } from '../../src/run/report/data.ts';
import { folder, mmspec, ROOT } from '../support/cli.ts';
import { testInTwoSizes } from '../support/sizes.ts';

/** A report that a hand or a broken disk has changed is wrong input, never a failure of the kit. */

const SHARDS = [1, 2].map((shard) => readFileSync(join(ROOT, `fixtures/recorded-0.1/shard-${shard}.json`), 'utf8'));
const KINDS: readonly ReportKind[] = ['text', 'json', 'junit', 'ktap', 'kcidb', 'sarif', 'github', 'markdown', 'html'];

const cwd = folder();
const files = SHARDS.map((text, i) => {
  const file = join(cwd, `shard-${i}.json`);
  writeFileSync(file, text);
  return file;
});

/** Merges the report with the first shard in its place, and writes the result in every form. */
async function mergeWith(text: string): Promise<void> {
  const file = join(cwd, 'changed.json');
  writeFileSync(file, text);
  const { report } = mergeReports([file, files[1]].map(loadShardReport));
  for (const kind of KINDS) await formatReport(report, kind);
}

/** Every place in a value, as the keys that lead to it. */
function* places(value: unknown, path: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
  if (path.length > 0) yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, one] of Object.entries(value))
    yield* places(one, [...path, Array.isArray(value) ? Number(key) : key]);
}

/** One value of each place, as arrays have many of a kind. */
const PLACES = [...places(JSON.parse(SHARDS[0]))].filter(
  (path) => !path.some((key) => typeof key === 'number' && key > 1),
);

/** The report with another value at one place; without it where that is undefined. */
function changed(path: readonly (string | number)[], value: unknown): string {
  const data = JSON.parse(SHARDS[0]);
  let holder = data;
  for (const key of path.slice(0, -1)) holder = holder[key];
  const key = path.at(-1)!;
  if (value !== undefined) holder[key] = value;
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
  return JSON.stringify(data);
}

const VALUES = [undefined, null, -1, 1e9, 0.5, 'constructor', '', '\u001b[2J', [], {}, [null], true] as const;

testInTwoSizes('any value of a report may be replaced by any other', { small: 100, full: 400 }, async (numRuns) => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PLACES), fc.constantFrom(...VALUES), async (path, value) => {
      try {
        await mergeWith(changed(path, value));
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
      }
    }),
    { numRuns },
  );
});

describe('the message says what is wrong', () => {
  const wrong: readonly (readonly [string, (data: ReportData) => unknown, string])[] = [
    [
      'nothing but a version',
      ({ mmspec: version }) => ({ mmspec: version, clauses: [] }),
      'expected target, which is missing',
    ],
    [
      'a text in place of a number',
      (data) => ({ ...data, programs: 'many' }),
      'programs: expected an integer, found "many"',
    ],
    [
      'more shards than there can be',
      (data) => ({ ...data, shard: { index: 0, of: 1e9 } }),
      'shard.of: expected at most 999999',
    ],
    ['a shard beyond the last one', (data) => ({ ...data, shard: { index: 7, of: 2 } }), 'there is no such shard'],
    ['clauses of another run', (data) => ({ ...data, clauses: data.clauses.slice(1) }), 'the list of clauses is'],
  ];
  test.each(wrong)('%s', (_, change, message) => {
    const file = join(cwd, 'wrong.json');
    writeFileSync(file, JSON.stringify(change(JSON.parse(SHARDS[0]))));
    expect(() => mergeReports([file, files[1]].map(loadShardReport))).toThrow(message);
  });

  test('on the command line, with exit code 2 and no stack', async () => {
    writeFileSync(join(cwd, 'trace.json'), SHARDS[0].replace('"trace": "@0', '"trace": "@x'));
    const { code, stderr } = await mmspec(['merge', join(cwd, 'trace.json'), files[1]]);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain('trace.json is not a complete report: line');
    expect(stderr).not.toContain('    at ');
  });
});
