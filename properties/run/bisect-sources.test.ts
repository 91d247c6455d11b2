import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUGS } from '../../bench/kernels/bugs/index.ts';
import { edited } from '../../bench/kernels/edit.ts';
import { command, folder, ROOT } from '../support/cli.ts';
import { kernelSources } from '../support/kernel-sources.ts';

/** A ceiling for several builds on a busy machine. */
const BUILDS_MS = 1_800_000;

/** The program that shows the bug: two pages come back, or only one of them. */
const PROGRAM = 'mmspec program 1\ncpus 2\nframes 64\n@0 a0 = vmalloc 0x2000\n@0 vfree a0\n';

test.skipIf(!kernelSources)(
  'git bisect finds the commit that corrected mm/vmalloc.c',
  { timeout: BUILDS_MS },
  async () => {
    const cwd = folder();
    const tree = join(cwd, 'linux');
    const run = async (program: string, ...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await command(program, args, { cwd: program === 'cp' ? cwd : tree });
      expect(code, `${program} ${args.join(' ')}: ${stdout}${stderr}`).toBe(0);
      return stdout;
    };
    const git = (...args: string[]) => run('git', '-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args);
    // The files are shared with the sources, except the one that has a history.
    await run('cp', '-al', kernelSources!, tree);
    const file = join(tree, 'mm/vmalloc.c');
    const good = readFileSync(file, 'utf8');
    const bad = edited(good, BUGS.find(({ name }) => name === 'vfree-keeps-last-page')!.edit);
    rmSync(file);
    writeFileSync(join(cwd, 'p.mm'), PROGRAM);
    await git('init', '-q');
    for (const [number, text] of [bad, `${bad}\n`, good, `${good}\n`].entries()) {
      writeFileSync(file, text);
      await git('add', '-f', 'mm/vmalloc.c');
      await git('commit', '-qm', `commit ${number}`);
    }
    await git('bisect', 'start', '--term-old=broken', '--term-new=fixed', 'HEAD', 'HEAD~3');
    const kit = [process.execPath, join(ROOT, 'bin/mmspec.mjs'), 'bisect-helper', '--fixed'];
    const stdout = await git('bisect', 'run', ...kit, '--target', `vmalloc:${tree}`, '../p.mm');
    expect(stdout).toContain('is the first fixed commit');
    expect(stdout).toContain('commit 2');
  },
);
