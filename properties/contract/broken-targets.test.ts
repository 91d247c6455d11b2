import { expect, test } from 'vitest';
import { command, ROOT } from '../support/cli.ts';

// The two properties of this folder fail on a target that breaks their sentence, and show the shortest program.
test.each([
  ['no-stale-alias', 'flush-skips-full-blocks', 8, /expected 'frame' not to be 'frame'/],
  ['no-stale-alias', 'purge-skips-last-cpu', 5, /expected 'frame' not to be 'frame'/],
  ['only-pfnmap-zapped', 'zap-ignores-kind', 2, /expected true to be false/],
  ['only-pfnmap-zapped', 'zap-returns-zero', 2, /expected true to be false/],
  ['only-pfnmap-zapped', 'zap-overlap-for-containment', 4, /expected \[ 'fault', .* to deeply equal \[ 'frame'/],
  ['only-pfnmap-zapped', 'zap-misses-last-page', 3, /expected 'frame' to be 'fault'/],
  ['only-pfnmap-zapped', 'zap-flushes-locally', 4, /expected 'frame' to be 'fault'/],
])(
  '%s, on the mutant %s, fails with a program of %i steps',
  { tags: 'long' },
  async (property, mutant, steps, message) => {
    const args = [
      'node_modules/vitest/vitest.mjs',
      'run',
      `properties/contract/${property}.test.ts`,
      '--tags-filter=long',
    ];
    const { code, stderr } = await command(process.execPath, args, {
      cwd: ROOT,
      env: { MMSPEC_TARGET: `mutant:${mutant}`, CI: '' },
    });
    expect(code).toBe(1);
    const [, program] = /^Counterexample: \[\n(.*?)^\]/ms.exec(stderr) ?? [];
    expect(program?.trimEnd().split('\n')).toHaveLength(steps);
    expect(stderr).toMatch(message);
  },
);
