import { queryObjects } from 'node:v8';
import { expect, test } from 'vitest';
import { VOCABULARY } from '../../../reference/contract.ts';
import { judge } from '../../../reference/judge/judge.ts';
import { Model } from '../../../reference/model/model.ts';
import { parse } from '../../../reference/notation/document.ts';
import { agree } from '../../../src/targets/agreement.ts';

/** How many models are in the memory of this process after a trace was judged. Counting them collects garbage first. */
function modelsAfter(steps: readonly string[]): number {
  const { header, entries } = parse(`mmspec trace 1\n${steps.join('\n')}\n`, VOCABULARY);
  expect(judge(entries[0].trace, agree(header).terms)).toBeUndefined();
  return Number(queryObjects(Model));
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

test('the judge keeps the memory of its model, but not after a large trace', () => {
  let without: number | undefined;
  for (const [what, steps] of Object.entries(LARGE)) {
    const after = modelsAfter(steps);
    without ??= after;
    expect(after, what).toBe(without);
    expect(modelsAfter(['@0 vm_unmap_aliases => ok']), what).toBe(without + 1);
  }
  expect(modelsAfter(LARGE['an area of many pages'])).toBe(without);
});
