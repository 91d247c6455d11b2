import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { expect } from 'vitest';
import { folder, ROOT } from '../../support/cli.ts';
import { testInTwoSizes } from '../../support/sizes.ts';

/** How many models are in the memory of one process after each of these traces was judged. */
function modelsAfter(traces: readonly (readonly string[])[]): readonly number[] {
  const outfile = join(folder(), 'models.mjs');
  // Bundled, it starts fast and has few objects besides.
  const entryPoints = [join(ROOT, 'properties/support/models.ts')];
  buildSync({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20' });
  const input = JSON.stringify(traces);
  return JSON.parse(execFileSync(process.execPath, ['--no-warnings', outfile], { input, encoding: 'utf8' }));
}

const numbered = (count: number, step: (n: number) => string): string[] =>
  Array.from({ length: count }, (_, n) => step(n));

/** An address, by its page number. */
const at = (page: number): string => `0x${(page * 4096).toString(16)}`;

const LARGE: Readonly<Record<string, readonly string[]>> = {
  'an area of many pages': ['@0 a0 = vmap f0x40000 => 0x1000000'],
  'many areas': numbered(33_000, (n) =>
    n % 2 === 0 ? `@0 a${n} = vm_map_ram f0 => 0x1000000` : `@0 vm_unmap_ram a${n - 1} 1 => ok`,
  ),
  'many children': [
    `@0 v0 = mmap o0 64 plain shared => ${at(0x20_0000)}`,
    ...numbered(1200, (n) => (n % 2 === 0 ? `@0 m${n} = fork => ok` : `@0 exit m${n - 1} => ok`)),
  ],
  'many VMAs': numbered(600, (n) => `@0 v${n} = mmap o0 64 plain shared => ${at(0x20_0000 + 64 * n)}`),
};

const SMALL = ['@0 vm_unmap_aliases => ok'];

const sizes = { small: ['an area of many pages', 'many VMAs'], full: Object.keys(LARGE) };

testInTwoSizes('the judge keeps the memory of its model, but not after a large trace', sizes, (names) => {
  const models = modelsAfter([...names.flatMap((name) => [LARGE[name], SMALL]), LARGE[names[0]]]);
  for (const [n, name] of names.entries())
    expect([name, models[2 * n], models[2 * n + 1]]).toEqual([name, models[0], models[0] + 1]);
  expect(models.at(-1)).toBe(models[0]);
});
