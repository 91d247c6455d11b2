import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adapterFile } from '../support/adapters.ts';
import { folder, mmspec } from '../support/cli.ts';
import { longUnless } from '../support/sizes.ts';

const SMALL = ['--seed', '1', '--programs', '150'];
const MUTANT = ['--target', 'mutant:flush-skips-full-blocks'];

/** A conforming adapter that loses one of its answers, once. */
const LOSSY = `
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
const child = spawn('python3', [${JSON.stringify(adapterFile('python/adapter.py'))}], { stdio: ['inherit', 'pipe', 'inherit'] });
let answers = 0;
createInterface(child.stdout).on('line', (line) => {
  if (line.startsWith('=>') && ++answers === 1000 && !existsSync('lost')) return writeFileSync('lost', '');
  process.stdout.write(line + '\\n');
});
`;

describe('exit code', () => {
  test('0: everything that was asked for ran and held', async () => {
    const ended = await mmspec(['gate', ...SMALL, '--no-explore'], { cwd: folder() });
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toContain('0 violated');
  });

  test('1: a clause is violated', async () => {
    const cwd = folder();
    const ended = await mmspec(['gate', ...MUTANT, '--seed', '1', '--programs', '40', '--no-explore'], { cwd });
    expect(ended.code, ended.stderr).toBe(1);
    expect(ended.stdout).toContain('violated ALIAS-1');
  });

  // A command starts for each of them, so `npm test` takes a few.
  const isRefused = async (_: string, args: readonly string[]): Promise<void> => {
    const ended = await mmspec(args, { cwd: folder() });
    expect(ended.code, ended.stdout).toBe(2);
    expect(ended.stderr).not.toContain('    at ');
    expect(ended.stderr.trim()).not.toBe('');
  };

  test.each([
    ['an unknown command', ['frobnicate']],
    ['an invalid duration', ['gate', '--budget', 'soon']],
    ['an unreadable report', ['merge', 'nothing.json']],
  ])('2: %s', isRefused);

  test.each([
    ['an unknown mutant', ['gate', '--target', 'mutant:nothing']],
    ['two reports for standard output', ['gate', '--report', 'json', '--report', 'junit']],
    ['a folder of saved programs that does not exist', ['gate', '--corpus', 'nothing']],
    ['several machines on a target that is none', ['gate', '--vms', '2']],
    ['an unknown option', ['gate', '--frobnicate']],
    ['an unknown target', ['gate', '--target', 'nothing']],
    ['an unknown profile', ['gate', '--profile', 'nothing']],
    ['an unknown kind of report', ['gate', '--report', 'nothing']],
    ['a report without a file name', ['gate', '--report', 'json:']],
    ['an invalid shard', ['gate', '--shard', '5/4']],
    ['two seeds', ['gate', '--seed', '1', '--seed-from', 'x']],
    ['a requirement that matches nothing', ['gate', '--require', 'goal nothing']],
    ['a configuration file that does not exist', ['gate', '--config', 'nothing']],
    ['a fault on a target that has none', ['run', '--fault', 'skip-flush']],
    ['an empty selection', ['run', '--clause', 'NOTHING-*']],
    ['an unknown alphabet', ['explore', '--alphabet', 'nothing']],
    ['an unreadable program', ['replay', 'nothing.mm']],
  ])('2: %s', { tags: ['long'] }, isRefused);

  test('2: a file in the place of a folder of saved programs, before the gate says that it begins', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'one.mm'), 'mmspec program 1\n@0 a0 = vmap f0\n');
    const ended = await mmspec(['gate', ...SMALL, '--corpus', 'one.mm'], { cwd });
    expect(ended.code, ended.stdout).toBe(2);
    expect(`${ended.stdout}${ended.stderr}`).toMatch(/^error: one\.mm is a file; expected a folder/);
  });

  test('3: the target failed outside a step', async () => {
    const ended = await mmspec(['gate', '--target', 'exec:false', ...SMALL], { cwd: folder() });
    expect(ended.code, ended.stdout).toBe(3);
    expect(ended.stderr).toContain('the target failed');
  });

  for (const args of [['judge'], ['show'], ['export', '--as', 'c']])
    test(`3: ${args[0]} cannot judge a trace with an undefined step, which is no failure of a target`, {
      ...longUnless(args[0] === 'judge'),
    }, async () => {
      const file = join(folder(), 'undefined.mm');
      writeFileSync(file, 'mmspec trace 1\n@0 a0 = vmap f0 => 0xffffc90000400000\n@0 vm_unmap_ram a0 1 => 7\n');
      const ended = await mmspec([...args, file]);
      expect(ended.code, ended.stderr).toBe(3);
      expect(ended.stderr).toMatch(/^error: .*undefined\.mm: the trace cannot be judged: step 2, /);
      expect(ended.stderr).not.toContain('target failed');
    });

  test('3: the target failed while programs were running; they are saved, and the run continues', {
    tags: ['long'],
  }, async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'lossy.mjs'), LOSSY);
    const target = `exec:${process.execPath} lossy.mjs`;
    const args = ['run', '--target', target, '--programs', '300', '--seed', '1', '--report', 'json:r.json'];
    const ended = await mmspec(args, { cwd });
    expect(ended.code, ended.stderr).toBe(3);
    const [, file] = /the programs that were running are saved in (\S+\.txt)/.exec(ended.stderr)!;
    const replayed = await mmspec(['replay', file], { cwd });
    expect(replayed.code, replayed.stdout + replayed.stderr).toBe(0);
    const report = JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'));
    expect(report).toMatchObject({ interrupted: true, targetFailures: 1, exit: 3 });
    expect(report.programs).toBeGreaterThan(100);
  });

  test('1: a crash; the output of the target is saved beside the counterexample', { tags: ['long'] }, async () => {
    const cwd = folder();
    const command = `${process.execPath} '${adapterFile('bad.mjs')}' --do crash --when vm_unmap_aliases`;
    writeFileSync(join(cwd, 'adapter.sh'), `echo the kernel says something >&2\nexec ${command}\n`);
    const target = 'exec:sh adapter.sh';
    const args = ['run', '--target', target, '--programs', '50', '--seed', '1', '--corpus', 'found'];
    const ended = await mmspec(args, { cwd });
    expect(ended.code, ended.stderr).toBe(1);
    const kept = readdirSync(join(cwd, 'found')).filter((name) => name.startsWith('SAFE-1-'));
    const log = kept.find((name) => name.endsWith('.log'))!;
    expect(kept).toContain(log.replace(/\.log$/, '.mm'));
    expect(readFileSync(join(cwd, 'found', log), 'utf8')).toContain('the kernel says something');
  });

  test('4: what was required was not exercised', { tags: ['long'] }, async () => {
    const ended = await mmspec(['gate', ...SMALL, '--no-explore', '--require', 'clause ALIAS-1 1000000'], {
      cwd: folder(),
    });
    expect(ended.code, ended.stderr).toBe(4);
    expect(ended.stdout).toContain('clause ALIAS-1: required 1,000,000 times, seen');
  });

  test('4: nothing was exercised', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'mmspec.config'), 'programs 0\n');
    const ended = await mmspec(['run', '--time', '0ms', '--seed', '1'], { cwd });
    expect(ended.code, ended.stderr).toBe(4);
  });
});

describe('an interrupted run still writes its reports, and says so', () => {
  const isWritten = async (signal: NodeJS.Signals): Promise<void> => {
    const cwd = folder();
    const reports = ['json:r.json', 'junit:r.xml', 'ktap:r.tap', 'sarif:r.sarif', 'markdown:r.md'];
    let sent = false;
    const ended = await mmspec(
      ['run', '--time', '10m', '--seed', '1', ...reports.flatMap((report) => ['--report', report])],
      {
        cwd,
        onStderr(text, kill) {
          if (sent || !text.includes('running on')) return;
          sent = true;
          kill(signal);
        },
      },
    );
    expect(ended.code, ended.stderr).toBe(4);
    expect(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'))).toMatchObject({
      interrupted: true,
      targetFailures: 0,
      exit: 4,
    });
    for (const name of ['r.xml', 'r.tap', 'r.sarif']) {
      expect(readFileSync(join(cwd, name), 'utf8'), name).toContain('interrupted');
    }
    expect(readFileSync(join(cwd, 'r.md'), 'utf8')).toContain('**Not everything ran** (interrupted)');
  };

  test('SIGINT', () => isWritten('SIGINT'));
  test('SIGTERM', { tags: ['long'] }, () => isWritten('SIGTERM'));

  test('a gate that reaches its time budget says what is left', { tags: ['long'] }, async () => {
    const cwd = folder();
    const ended = await mmspec(['gate', '--seed', '1', '--budget', '200ms', '--report', 'json:r.json'], { cwd });
    expect(ended.code, ended.stderr).toBe(4);
    const report = JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'));
    expect(report.interrupted).toBe(true);
    expect(report.phases.at(-1)).toEqual({ name: 'random', done: 0, left: 10_000, unfit: 0 });
    expect(ended.stdout).toContain('10000 of 10000 random');
  });
});
