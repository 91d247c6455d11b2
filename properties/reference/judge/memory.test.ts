import { expect, test } from 'vitest';
import { VOCABULARY } from '../../../reference/contract.ts';
import { judge } from '../../../reference/judge/judge.ts';
import { parse } from '../../../reference/notation/document.ts';
import { agree } from '../../../src/targets/agreement.ts';

/** The number of the step that breaks a clause, from 1, and the clause; undefined if the trace is allowed. */
function broken(steps: string, header = ''): string | undefined {
  const { header: read, entries } = parse(`mmspec trace 1\ncpus 2\nframes 8\n${header}${steps}\n`, VOCABULARY);
  const violation = judge(entries[0].trace, agree(read).terms);
  return violation && `${violation.step + 1} ${violation.clause.id}`;
}

const VMA = '@0 v0 = mmap o0 2 plain shared => 0x200000000\n';

test.each([
  ['one fail_after explains one failure', '@0 fail_after 0 => ok\n@0 a0 = vmap f0 => null', undefined],
  ['and no other one after it', '@0 fail_after 0 => ok\n@0 a0 = vmap f0 => null\n@0 a1 = vmap f0 => null', '3 MEM-1'],
  [
    'also if the first was one of another call',
    `${VMA}@0 fail_after 3 => ok\n@0 vm_insert_page v0 v0 f0 => -ENOMEM\n@0 a0 = vmalloc 0x1000 => null`,
    '4 MEM-1',
  ],
  [
    'also if the first said so with -EFAULT',
    `${VMA}@0 fail_after 0 => ok\n@0 vm_insert_pages v0 v0 f0 f1 => -EFAULT left 2\n@0 a0 = vmap f0 => null`,
    '4 MEM-1',
  ],
  [
    'two of them explain two',
    '@0 fail_after 0 => ok\n@0 fail_after 1 => ok\n@0 a0 = vmap f0 => null\n@0 a1 = vmap f0 => null',
    undefined,
  ],
  ['none explains what came before it', '@0 a0 = vmap f0 => null\n@0 fail_after 0 => ok', '1 MEM-1'],
  [
    'calls of a block may fail in any order',
    'par\n@0 a0 = vmap f0 => null [1 2]\n@1 fail_after 0 => ok [3 4]\nend',
    undefined,
  ],
  [
    'but only one of them',
    'par\n@0 a0 = vmap f0 => null [1 2]\n@0 a1 = vmap f0 => null [5 6]\n@1 fail_after 0 => ok [3 4]\nend',
    '2 MEM-1',
  ],
])('%s', (_, steps, verdict) => expect(broken(steps)).toBe(verdict));

test('with scarce memory every failure is explained', () => {
  expect(broken('@0 a0 = vmap f0 => null\n@0 a1 = vmap f0 => null', 'trait memory=scarce\n')).toBeUndefined();
});
