import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VOCABULARY } from '../../reference/contract.ts';
import { parse } from '../../reference/notation/document.ts';
import { command, folder, mmspec, ROOT } from '../support/cli.ts';

/** What the command line does where its surroundings are not as usual. */

const KIT = `'${process.execPath}' '${join(ROOT, 'bin/mmspec.mjs')}'`;
const VIOLATED = ['run', '--target', 'mutant:zap-returns-zero', '--bail', '--seed', '1'];

/** Runs a command of the shell, in which $KIT is the command line. */
const shell = (script: string, cwd: string) => command('bash', ['--norc', '-c', script], { cwd, env: { KIT } });

describe('exit code 1 means a violation, also if the output cannot be written', () => {
  test.each([
    ['standard output is full', 'list clauses > /dev/full', 3],
    ['standard error is full', 'list clauses 2> /dev/full', 0],
    ['standard error is full, and the usage is wrong', 'list nothing 2> /dev/full', 2],
    ['nobody reads standard output', 'list clauses > >(true)', 3],
    ['standard output is closed', 'list clauses >&-', 0],
  ])('%s', async (_, args, expected) => {
    // The output may already be written when the reader goes away.
    const { code, stderr } = await shell(`eval "$KIT ${args}"`, folder());
    expect(expected === 3 && args.includes('>(') ? [0, 3] : [expected], stderr).toContain(code);
    expect(stderr).not.toContain('    at ');
  });

  test('a violation is saved although it cannot be printed', { tags: ['long'] }, async () => {
    const cwd = folder();
    const { code } = await shell(`eval "$KIT ${VIOLATED.join(' ')} > /dev/full"`, cwd);
    expect([1, 3]).toContain(code);
    expect(readdirSync(join(cwd, '.mmspec/counterexamples'))).toEqual([expect.stringMatching(/^ZAP-5-.*\.mm$/)]);
  });

  test('a report on a full disk gives 3, and a violation before it 1', { tags: ['long'] }, async () => {
    const cwd = folder();
    const held = await mmspec(['explore', '--alphabet', 'vmap', '--steps', '2', '--report', 'json:/dev/full'], { cwd });
    expect(held.code, held.stderr).toBe(3);
    expect(held.stderr).toContain('cannot write /dev/full: ENOSPC');
    const violated = await mmspec([...VIOLATED, '--report', 'json:/dev/full', '--report', 'junit:r.xml'], { cwd });
    expect(violated.code, violated.stderr).toBe(1);
    expect(readFileSync(join(cwd, 'r.xml'), 'utf8')).toContain('</testsuites>');
  });
});

describe('files', () => {
  test('two runs in one folder at the same time', { tags: ['long'] }, async () => {
    const cwd = folder();
    const both = await Promise.all([mmspec(VIOLATED, { cwd }), mmspec(VIOLATED, { cwd })]);
    expect(both.map(({ code }) => code)).toEqual([1, 1]);
    const found = join(cwd, '.mmspec/counterexamples');
    const names = readdirSync(found);
    expect(names.filter((name) => !name.endsWith('.mm'))).toEqual([]);
    for (const name of names)
      expect(parse(readFileSync(join(found, name), 'utf8'), VOCABULARY).entries).toHaveLength(1);
  });

  test('a damaged corpus: what cannot be read is named and skipped', async () => {
    const cwd = folder();
    const corpus = join(cwd, '.mmspec/counterexamples');
    mkdirSync(join(corpus, 'folder.mm'), { recursive: true });
    writeFileSync(join(corpus, 'empty.mm'), '');
    writeFileSync(join(corpus, 'binary.mm'), Buffer.from([0, 255, 254, 10, 13, 27, 91, 50, 74]));
    writeFileSync(join(corpus, 'cut.mm'), 'mmspec trace 1\ncpus 2\n@0 a0 = vm');
    const { code, stderr } = await mmspec(['run', '--programs', '20', '--seed', '1'], { cwd });
    expect([0, 4], stderr).toContain(code);
    for (const name of ['folder', 'empty', 'binary', 'cut']) expect(stderr).toContain(`${name}.mm`);
    expect(stderr).not.toContain('\u001b');
  });

  test('a damaged kernel in the cache is one that is not prepared', async () => {
    const cache = folder();
    for (const [name, text] of [
      ['bookworm', '{"name":'],
      ['trixie', 'null'],
      ['bullseye', '{"name":"bullseye"}'],
    ]) {
      mkdirSync(join(cache, 'mmspec/linux', name), { recursive: true });
      writeFileSync(join(cache, 'mmspec/linux', name, 'prepared.json'), text);
    }
    writeFileSync(join(cache, 'mmspec/linux/file'), '');
    const env = { XDG_CACHE_HOME: cache };
    const list = await mmspec(['linux', 'list'], { env });
    expect([list.code, list.stdout]).toEqual([0, expect.stringContaining('no kernel is prepared')]);
    const run = await mmspec(['run', '--target', 'linux:bookworm', '--programs', '1'], { env, cwd: folder() });
    expect(run.code, run.stderr).toBe(2);
    expect(run.stderr).toContain('linux:bookworm is not prepared');
  });
});

describe('the environment', () => {
  test.each([
    ['HOME is not set', 'unset HOME XDG_CACHE_HOME;'],
    ['HOME does not exist', 'export HOME=/nonexistent; unset XDG_CACHE_HOME;'],
    ['nothing is set', 'unset $(compgen -e | grep -v KIT);'],
    ['a terminal of 20 columns', 'export COLUMNS=20 TERM=dumb;'],
  ])('%s', { tags: ['long'] }, async (_, before) => {
    const cwd = folder();
    const { code, stdout, stderr } = await shell(
      `${before} eval "$KIT ${VIOLATED.join(' ')}" && false || echo "code $?"`,
      cwd,
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('violated ZAP-5');
    expect(stdout).toContain('code 1');
    const list = await shell(`${before} eval "$KIT linux list"`, cwd);
    expect(list.code, list.stderr).toBe(0);
  });

  test('a terminal of 20 columns, in which the line of progress stays one line', { tags: ['long'] }, async () => {
    const cwd = folder();
    const run = `stty cols 20; ${KIT} run --steps 100000 --seed 1`;
    const { stdout } = await command('script', ['-qec', run, '/dev/null'], { cwd, env: { TERM: 'xterm' } });
    // What follows the last update is the report.
    const updates = stdout.split('\r\u001b[2K').slice(1, -1);
    expect(updates.length).toBeGreaterThan(0);
    for (const line of updates) expect(line.length).toBeLessThan(20);
  });
});
