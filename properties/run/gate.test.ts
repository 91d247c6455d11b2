import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findInvalid } from '../../reference/calls/valid.ts';
import { Known } from '../../reference/model/known.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { ALPHABETS } from '../../src/programs/enumerate/alphabets.ts';
import { GOALS } from '../../src/programs/states/goals.ts';
import { directedPrograms } from '../../src/run/directed.ts';
import { programsOf } from '../../src/run/explore/explore.ts';
import { loadConfig, parseConfig } from '../../src/run/gate/config.ts';
import { deriveSeed, seedOf } from '../../src/run/gate/seed.ts';
import { parseShard, shardFrom, shardOf } from '../../src/run/shard.ts';
import { agree } from '../../src/targets/agreement.ts';
import { listMutants } from '../../src/targets/embedded/index.ts';
import { openTarget } from '../../src/targets/open.ts';
import { adapterFile } from '../support/adapters.ts';
import { folder, mmspec, ROOT } from '../support/cli.ts';

interface Timed {
  time?: unknown;
}

describe('the gate', () => {
  test('gives the same report for the same seed, except for times', { tags: 'long' }, async () => {
    const cwd = folder();
    copyFileSync(join(ROOT, 'mmspec.config'), join(cwd, 'mmspec.config'));
    const run = async (file: string): Promise<string> => {
      const args = ['gate', '--seed-from', 'a commit', '--report', `json:${file}`];
      const ended = await mmspec(args, { cwd });
      expect(ended.code, ended.stderr).toBe(0);
      const { time: _, ...rest } = JSON.parse(readFileSync(join(cwd, file), 'utf8')) as Timed;
      return JSON.stringify(rest);
    };
    const first = await run('a.json');
    expect(await run('b.json')).toBe(first);
    const { phases, goals, programs, interrupted } = JSON.parse(first);
    expect(interrupted).toBe(false);
    expect(phases.map(({ name, left }: { name: string; left: number }) => [name, left])).toEqual([
      ['corpus', 0],
      ['directed', 0],
      ['small', 0],
      ['random', 0],
    ]);
    expect(programs).toBeGreaterThan(50_000);
    const reached = goals.filter((goal: { programs: number }) => goal.programs > 0).length;
    expect(reached).toBeGreaterThan(0.7 * GOALS.length);
  });

  test('gives the same report for the same seed when it finds something', { tags: ['long'] }, async () => {
    const cwd = folder();
    const run = async (file: string): Promise<string> => {
      const args = ['gate', '--target', 'mutant:flush-skips-full-blocks', '--seed', '5', '--programs', '300'];
      const ended = await mmspec([...args, '--no-explore', '--report', `json:${file}`], { cwd });
      expect(ended.code, ended.stderr).toBe(1);
      const { time: _, ...rest } = JSON.parse(readFileSync(join(cwd, file), 'utf8')) as Timed;
      return JSON.stringify(rest);
    };
    expect(await run('a.json')).toBe(await run('b.json'));
  });

  test('leaves out programs whose areas or VMAs the target cannot make', { tags: ['long'] }, async () => {
    const cwd = folder();
    const target = `exec:python3 '${adapterFile('python/adapter.py')}'`;
    const args = ['gate', '--target', target, '--no-explore', '--programs', '150', '--seed', '1'];
    const ended = await mmspec([...args, '--report', 'json:r.json'], { cwd });
    expect(ended.code, ended.stderr).toBe(0);
    const [, directed] = JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8')).phases;
    expect(directed).toMatchObject({ name: 'directed', left: 0 });
    expect(directed.done).toBeGreaterThan(0);
    expect(directed.unfit).toBeGreaterThan(0);
  });

  test('finds every ninth mutant with the directed programs alone', { tags: 'long' }, async () => {
    const cwd = folder();
    for (const { name } of listMutants().filter((_, i) => i % 9 === 0)) {
      const args = ['gate', '--target', `mutant:${name}`, '--no-explore', '--programs', '0'];
      const ended = await mmspec([...args, '--seed', '1', '--report', 'json:r.json'], { cwd });
      expect(ended.code, `${name}: ${ended.stderr}`).toBe(1);
    }
  });

  test('names a damaged file among its saved programs once', async () => {
    const cwd = folder();
    mkdirSync(join(cwd, 'saved'));
    writeFileSync(join(cwd, 'saved/damaged.mm'), 'mmspec program 1\n@0 a0 = vm');
    const args = ['gate', '--no-explore', '--programs', '0', '--seed', '1', '--corpus', 'saved'];
    const { stderr } = await mmspec(args, { cwd });
    expect(stderr.match(/^skipped .*damaged\.mm/gm)).toHaveLength(1);
  });

  test('refuses a configuration file with a misspelled name, which it would not read', { tags: ['long'] }, async () => {
    for (const name of ['mmspec.conf', 'mmspec.confg', 'mmspec-config', 'mmspec.config.txt']) {
      const cwd = folder();
      writeFileSync(join(cwd, name), 'require clause ALIAS-1 1000000\n');
      const ended = await mmspec(['gate'], { cwd });
      expect(ended.code, ended.stdout).toBe(2);
      expect(ended.stderr).toContain(`there is ${name}, but the default configuration file is mmspec.config`);
    }
  });

  test('names its configuration file, and does not ask for clauses that the traits exclude', {
    tags: ['long'],
  }, async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'mmspec.config'), 'require clause ZAP-5 10\nrequire clause MAP-1 10\n');
    const args = ['gate', '--no-explore', '--programs', '150', '--seed', '1', '--traits', 'zap_return=void'];
    const ended = await mmspec([...args, '--report', 'json:r.json'], { cwd });
    expect(ended.code, ended.stdout).toBe(0);
    expect(ended.stdout).toContain('settings and requirements from mmspec.config');
    expect(ended.stdout).toContain(
      'clause ZAP-5: not asked for: it needs zap_return=int, the target has zap_return=void',
    );
    const { config, required } = JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'));
    expect(config).toBe('mmspec.config');
    expect(required.map(({ id, excluded }: { id: string; excluded?: string }) => [id, excluded !== undefined])).toEqual(
      [
        ['ZAP-5', true],
        ['MAP-1', false],
      ],
    );
  });

  test('is not green if no saved program can run, and says why', { tags: ['long'] }, async () => {
    const cwd = folder();
    mkdirSync(join(cwd, 'saved'));
    writeFileSync(join(cwd, 'saved', 'a.mm'), 'mmspec program 1\ncpus 20\nframes 64\n@19 read null\n');
    const args = ['gate', '--no-explore', '--programs', '150', '--seed', '1', '--corpus', 'saved'];
    const ended = await mmspec(args, { cwd });
    expect(ended.code, ended.stdout).toBe(4);
    expect(ended.stdout).toContain('corpus programs: the target can run none of 1 (1: the program needs 20 CPUs');
  });

  test('follows the settings and requirements in mmspec.config', async () => {
    const cwd = folder();
    const small = ALPHABETS.map(({ name }) => `explore ${name} 0\n`).join('');
    writeFileSync(
      join(cwd, 'mmspec.config'),
      `# The gate of this project.
programs 30
${small}explore vmap 3 # small, but all of them
require clause MAP-1 10
require goal stale-* 100000
require state areas-one 5
require state areas-emptied 100000
`,
    );
    const ended = await mmspec(['gate', '--seed', '1', '--report', 'json:r.json', '--report', 'text'], { cwd });
    expect(ended.code, ended.stderr).toBe(4);
    expect(ended.stdout).toContain('required    goal stale-view: required 100,000 times, seen');
    expect(ended.stdout).toContain('state areas-emptied: required 100,000 times, seen');
    expect(ended.stdout).not.toContain('clause MAP-1: required');
    expect(ended.stdout).not.toContain('state areas-one: required');
    const { phases, required } = JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'));
    expect(phases.at(-1)).toMatchObject({ name: 'random', done: 30 });
    const met = required.map(({ id, met }: { id: string; met: boolean }) => [id, met]);
    expect(met).toContainEqual(['MAP-1', true]);
    expect(met).toContainEqual(['areas-one', true]);
    expect(met).toContainEqual(['areas-emptied', false]);
  });
});

describe('mmspec.config', () => {
  test.each([
    ['budget soon', /line 1: budget soon: expected a number with a unit/],
    ['speed 9', /unknown setting speed\nthere are 10:\n {2}budget/],
    ['explore nothing 3', /unknown alphabet nothing/],
    ['\n\nrequire clause NOTHING', /line 3: no clause matches NOTHING/],
    ['require goal', /expected clause ID/],
    ['cpus 99', /from 1 to 64/],
  ])('with %j is refused', (text, message) => expect(() => parseConfig(text)).toThrow(message));

  test('requires every clause that a pattern matches', () => {
    const { requirements } = parseConfig('require clause ZAP-* 3');
    expect(requirements.length).toBeGreaterThan(5);
    expect(requirements.every(({ id, least }) => id.startsWith('ZAP-') && least === 3)).toBe(true);
  });

  test('of the project can be read', () => {
    expect(loadConfig(join(ROOT, 'mmspec.config')).requirements.length).toBeGreaterThan(0);
  });

  test('a seed is derived from a text or from the commit', () => {
    expect(deriveSeed('abc')).toEqual({ seed: seedOf('abc'), from: 'abc' });
    expect(deriveSeed('git').from).toMatch(/^[0-9a-f]{40,}$/);
    expect(seedOf('abc')).toBe(0x3a7816bf);
  });
});

describe('a shard', () => {
  test.each([
    [
      { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '4' },
      { index: 1, of: 4 },
    ],
    [
      { JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '3' },
      { index: 0, of: 3 },
    ],
    [
      { JOB_COMPLETION_INDEX: '2', MMSPEC_SHARDS: '3' },
      { index: 2, of: 3 },
    ],
    [
      { SLURM_ARRAY_TASK_ID: '4', SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_COUNT: '4' },
      { index: 3, of: 4 },
    ],
    [
      { SLURM_ARRAY_TASK_ID: '0', SLURM_ARRAY_TASK_COUNT: '2' },
      { index: 0, of: 2 },
    ],
  ])('is read from %j', (environment, shard) => expect(shardFrom(environment)).toEqual(shard));

  test('on the command line overrides the environment, and one of one is the whole run', () => {
    const environment = { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '4' };
    expect(shardOf('3/3', environment)).toEqual({ index: 2, of: 3 });
    expect(shardOf('1/1', environment)).toEqual({ index: 0, of: 1 });
    expect(shardOf(undefined, {})).toBeUndefined();
    expect(() => shardOf('auto', {})).toThrow(/none of CI_NODE_INDEX/);
    expect(() => shardFrom({ CI_NODE_INDEX: '2' })).toThrow(/CI_NODE_TOTAL/);
    expect(() => shardFrom({ CI_NODE_INDEX: '5', CI_NODE_TOTAL: '4' })).toThrow(/no such shard/);
    expect(() => parseShard('0/4')).toThrow(/i from 1 to n/);
  });
});

describe('the programs of a gate', () => {
  test('the small ones are valid, distinct, and use CPU 0 first', { tags: ['long'] }, async () => {
    const target = await openTarget('embedded');
    const { manifest } = target;
    const { traits } = agree(manifest);
    const ground = { traits, page: manifest.page, calls: manifest.calls, can: manifest.can, cpus: 2, frames: 64 };
    for (const alphabet of ALPHABETS) {
      const texts = new Set<string>();
      let count = 0;
      for (const program of programsOf(alphabet, 3, ground)) {
        if (++count > 5000) break;
        const text = printSteps(program);
        expect(findInvalid(program, new Known(traits, program.cpus, 64, manifest.page)), text).toBeUndefined();
        expect(text.startsWith('@0 '), text).toBe(true);
        texts.add(text);
      }
      expect(texts.size, alphabet.name).toBe(Math.min(count, 5000));
      expect(count, alphabet.name).toBeGreaterThan(40);
    }
  });

  test('the directed ones are distinct, and there is one for each recorded bug', () => {
    const texts = directedPrograms().map(printSteps);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.length).toBeGreaterThan(24);
  });
});
