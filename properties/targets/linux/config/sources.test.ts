import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HOST } from '../../../../src/targets/linux/arch/index.ts';
import { parseConfiguration, wrongOptions } from '../../../../src/targets/linux/config/check.ts';
import { correction } from '../../../../src/targets/linux/config/correct.ts';
import { DEBUG_KINDS } from '../../../../src/targets/linux/config/debug.ts';
import { command, folder, mmspec, ROOT } from '../../../support/cli.ts';
import { kernelSources } from '../../../support/kernel-sources.ts';

/** A ceiling for `make` on a busy machine. */
const MAKE_MS = 600_000;

async function succeeds(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await command(program, args, { cwd });
  expect(code, `${program} ${args.join(' ')}: ${stderr}`).toBe(0);
  return stdout;
}

test.skipIf(!kernelSources).each([
  ['tinyconfig', []],
  ['allnoconfig', DEBUG_KINDS],
  ['defconfig', []],
] as const)(
  'the commands of the guide make a configuration that passes, from %s',
  { timeout: MAKE_MS },
  async (base, debug) => {
    const build = folder();
    await succeeds('make', ['-s', '-C', kernelSources!, `O=${build}`, base], build);
    const file = join(build, '.config');
    const wrong = wrongOptions(parseConfiguration(readFileSync(file, 'utf8')), HOST, debug);
    expect(wrong.length).toBeGreaterThan(0);
    // One step corrects everything: the command that the check prints.
    const kit = `'${process.execPath}' '${join(ROOT, 'bin/mmspec.mjs')}'`;
    const script = correction(build, HOST, debug).replace('npx mmspec', kit);
    await succeeds('sh', ['-c', script], build);
    const options = debug.flatMap((kind) => ['--debug', kind]);
    expect(await mmspec(['linux', 'prepare', '--check', file, ...options])).toMatchObject({
      code: 0,
      stdout: `${file} has all that a target needs\n`,
    });
  },
);
