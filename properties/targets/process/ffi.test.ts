import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { run } from '../../../src/run/run.ts';
import { checkAdapter } from '../../../src/targets/check/index.ts';
import { openAdapter } from '../../../src/targets/process/index.ts';
import { adapterFile } from '../../support/adapters.ts';
import { answersOf, programOf } from '../../support/programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'mmspec-ffi-'));
const flags = ['-std=c99', '-O2', '-Wall', '-Wextra', '-Werror', '-pedantic', '-shared', '-fPIC'];

/** The libraries of the adapter in C, and the options of the compiler. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  'right.so': [],
  'local.so': ['-DFAULT_LOCAL_FLUSH'],
  'crash.so': ['-DFAULT_CRASH_ON_WRITE'],
};

/** The specification of a library, which is built unless another test has done so. */
function library(name: string): string {
  const file = join(folder, name);
  const options = OPTIONS[name];
  if (options && !existsSync(file))
    execFileSync('cc', [...flags, '-DMMSPEC_LIBRARY', ...options, '-o', file, adapterFile('c/adapter.c')]);
  return `ffi:${file}`;
}

afterAll(() => rmSync(folder, { recursive: true }));

test('a shared library passes check-adapter and conforms', { tags: ['long'] }, async () => {
  const lines: string[] = [];
  const report = await checkAdapter(library('right.so'), { line: (line) => lines.push(line) });
  expect(lines.filter((line) => line.startsWith('FAIL'))).toEqual([]);
  expect(report.exitCode).toBe(0);
  expect((await run({ target: library('right.so'), budget: { steps: 10_000 } })).findings).toEqual([]);
});

test('a fault in a shared library is found', { tags: ['long'] }, async () => {
  const report = await run({ target: library('local.so'), budget: { steps: 20_000 }, bail: true });
  expect(report.findings.map((finding) => finding.violation.clause.id)).toContain('ALIAS-1');
});

test('a crash of a shared library is the outcome of the step', async () => {
  const target = await openAdapter(library('crash.so'));
  const traces = await target.run([
    programOf('@0 a0 = vmap f0', '@0 read a0'),
    programOf('@0 a0 = vmap f0', '@0 write a0 7', '@0 read a0'),
  ]);
  await target.close();
  expect(answersOf(traces[0])[1]).toBe('f0');
  expect(answersOf(traces[1])[1]).toBe('crash "killed by SIGSEGV"');
});

test('a file that is no usable library is an error, with the reason', { tags: ['long'] }, async () => {
  writeFileSync(join(folder, 'old.c'), 'int mmspec_abi(void) { return 0; }\n');
  execFileSync('cc', ['-shared', '-fPIC', '-o', join(folder, 'old.so'), join(folder, 'old.c')]);
  writeFileSync(join(folder, 'text.so'), 'not a library\n');
  await expect(openAdapter(library('old.so'))).rejects.toThrow(/does not export mmspec_describe/);
  await expect(openAdapter(library('text.so'))).rejects.toThrow(/could not be started/);
});
