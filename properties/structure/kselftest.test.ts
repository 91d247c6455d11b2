import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeWhole } from '../../src/common/files.ts';
import { HOST } from '../../src/targets/linux/arch/index.ts';
import { fragmentFor } from '../../src/targets/linux/config/fragment.ts';
import { command, type Ended, folder, ROOT } from '../support/cli.ts';
import { kernelSources } from '../support/kernel-sources.ts';

/** `examples/kselftest` works as a test of the kernel's kselftest. */

const EXAMPLE = join(ROOT, 'examples/kselftest');
const MMSPEC = `${process.execPath} ${join(ROOT, 'bin/mmspec.mjs')}`;

test.skipIf(HOST.name !== 'amd64')('its configuration is the one that a target needs', () => {
  expect(readFileSync(join(EXAMPLE, 'config'), 'utf8')).toBe(fragmentFor(HOST, []));
});

describe('its script', () => {
  const script = (args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> =>
    command('./mmspec.sh', args, { cwd: EXAMPLE, env });

  test('is skipped without mmspec, and without a kernel', async () => {
    const without = await script([], { MMSPEC: 'false' });
    expect(without).toMatchObject({ code: 4, stdout: expect.stringContaining('mmspec is not installed') });
    const unbuilt = await script([], { MMSPEC: 'true', KTREE: folder() });
    expect(unbuilt).toMatchObject({ code: 4, stdout: expect.stringContaining('no kernel is built in') });
  });

  test('tests the kernel that was built in the folder if no tree is named', async () => {
    const cwd = folder();
    writeWhole(join(cwd, 'arch/x86/boot/bzImage'), '');
    const ended = await command(join(EXAMPLE, 'mmspec.sh'), [], { cwd, env: { MMSPEC: 'echo' } });
    expect(ended).toMatchObject({ code: 0, stdout: 'gate --report ktap --kdir .\n' });
  });

  test('fails for each exit code of mmspec but 0, also for that of a gate that did not test everything', async () => {
    const cwd = folder();
    cpSync(join(EXAMPLE, 'mmspec.sh'), join(cwd, 'mmspec.sh'));
    for (const [code, expected] of [
      [0, 0],
      [1, 1],
      [3, 1],
      [4, 1],
    ]) {
      const standIn = `mmspec() { [ "$1" = --version ] || return ${code}; }; MMSPEC=mmspec; . ./mmspec.sh`;
      const ended = await command('sh', ['-c', standIn, 'mmspec.sh', '--target', 'embedded'], { cwd });
      expect(ended.code, `exit code ${code}`).toBe(expected);
    }
  });
});

describe.skipIf(kernelSources === undefined)('with the sources of a kernel', () => {
  // The runner opens /dev/stdout, which must be a pipe of the shell: it cannot open the socket that Node.js gives to a child.
  const runTests = (args: string): Promise<Ended> =>
    command('sh', ['-c', 'make -s -C "$1" KTREE="$2" run_tests | cat', 'sh', EXAMPLE, kernelSources!], {
      env: { MMSPEC, KSELFTEST_MMSPEC_SH_ARGS: args, kselftest_override_timeout: '600' },
    });

  test('make run_tests passes on a conforming target, and fails on a faulty one', async () => {
    const held = await runTests('--target embedded --programs 200 --no-explore');
    expect(held.stdout).toMatch(/^ok 1 selftests: .*mmspec\.sh$/m);
    const faulty = await runTests('--target mutant:zap-returns-zero --programs 200 --no-explore');
    expect(faulty.stdout).toMatch(/^# {5}not ok \d+ ZAP-5$/m);
    expect(faulty.stdout).toMatch(/^not ok 1 selftests: .*mmspec\.sh # exit=1$/m);
  });
});
