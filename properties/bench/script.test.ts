import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { typeScriptLoader } from '../../src/common/package.ts';
import { command, ROOT } from '../support/cli.ts';

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const BENCHMARKS = Object.entries(scripts).flatMap(([name, line]) => {
  const [, file] = /^tsx (bench\/\S+)$/.exec(line) ?? [];
  return file === undefined ? [] : [[name, file] as const];
});

const run = (file: string, ...options: string[]) =>
  command(process.execPath, [...typeScriptLoader(), join(ROOT, file), ...options]);

describe('a script of the benchmarks', () => {
  const refuses = async (name: string, file: string): Promise<void> => {
    const { code, stdout, stderr } = await run(file, '--nonsense');
    expect(stderr).toMatch(/^Unknown option '--nonsense'.*\n/);
    expect(stderr).toContain(`usage: npm run ${name} -- `);
    expect(stderr).not.toContain(' at ');
    expect([code, stdout]).toEqual([2, '']);
  };
  const title = '%s refuses an option that does not exist, and prints its usage';
  test.each(BENCHMARKS)(title, { tags: ['long'] }, refuses);

  test('prints its usage for --help', async () => {
    const { code, stdout, stderr } = await run('bench/table.ts', '--help');
    expect(stdout).toContain('usage: npm run bench:table -- ');
    expect(stdout).toContain('--rounds VALUE (default: 5)');
    expect([code, stderr]).toEqual([0, '']);
  });
});
