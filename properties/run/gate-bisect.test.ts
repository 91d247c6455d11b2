import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listMutants } from '../../src/targets/embedded/index.ts';
import { command, folder, mmspec, ROOT } from '../support/cli.ts';

const MUTANT = 'zap-misses-last-page';
const program = (): string => {
  const { shows } = listMutants().find(({ name }) => name === MUTANT)!;
  return `mmspec program 1\n${shows}\n`;
};

test('bisect-helper ends with the exit codes that git bisect run expects', { tags: ['long'] }, async () => {
  const cwd = folder();
  writeFileSync(join(cwd, 'p.mm'), program());
  const code = async (...args: string[]): Promise<number | null> =>
    (await mmspec(['bisect-helper', ...args, 'p.mm'], { cwd })).code;
  expect(await code('--target', 'embedded')).toBe(0);
  expect(await code('--target', `mutant:${MUTANT}`)).toBe(1);
  expect(await code('--target', 'embedded', '--fixed')).toBe(1);
  expect(await code('--target', 'embedded', '--build', 'exit 3')).toBe(125);
  expect(await code('--target', 'exec:false')).toBe(125);
  // Wrong usage stops the bisection; any lower code would mark a commit.
  expect(await code('--target', 'nothing')).toBe(128);
  expect(await code('--frobnicate')).toBe(128);
});

test('git bisect run finds the commit that broke it, and skips one that does not build', async () => {
  const cwd = folder();
  const git = async (...args: string[]) => {
    const ended = await command('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], { cwd });
    expect(ended.code, `${args.join(' ')}: ${ended.stderr}`).toBe(0);
    return ended;
  };
  writeFileSync(join(cwd, 'p.mm'), program());
  await git('init', '-q');
  const states = ['embedded', 'embedded', 'broken', 'embedded', `mutant:${MUTANT}`, `mutant:${MUTANT}`];
  for (const [number, state] of states.entries()) {
    writeFileSync(join(cwd, 'target'), `${state}\n`);
    writeFileSync(join(cwd, 'number'), `${number}\n`);
    await git('add', '.');
    await git('commit', '-qm', `commit ${number}`);
  }
  await git('bisect', 'start', 'HEAD', 'HEAD~5');
  const kit = `'${process.execPath}' '${join(ROOT, 'bin/mmspec.mjs')}'`;
  const helper = `${kit} bisect-helper --build '! grep -q broken target' --target "$(cat target)" p.mm`;
  const { stdout } = await git('bisect', 'run', 'sh', '-c', helper);
  expect(stdout).toContain('is the first bad commit');
  expect(stdout).toContain('commit 4');
});
