import { expect, test } from 'vitest';
import { VOCABULARY } from '../../../reference/contract.ts';
import { judge, MalformedTrace } from '../../../reference/judge/judge.ts';
import { parse } from '../../../reference/notation/document.ts';
import { agree } from '../../../src/targets/agreement.ts';

/** Why a trace cannot be judged, and the index of the step to blame. */
function refusal(...steps: readonly string[]): { step: number; message: string } {
  const { header, entries } = parse(`mmspec trace 1\n${steps.join('\n')}\n`, VOCABULARY);
  try {
    judge(entries[0].trace, agree(header).terms);
  } catch (error) {
    if (!(error instanceof MalformedTrace)) throw error;
    return { step: error.step, message: error.message };
  }
  throw new Error('the trace was judged');
}

const VMA = '@0 v1 = mmap o0 1 pfnmap shared => 0x200000000';
const UNDEFINED = '@0 follow_pfn v1 null => -EINVAL';

test('a trace that cannot be judged because of an undefined step is refused with the reason', () => {
  expect(refusal(VMA, UNDEFINED)).toEqual({
    step: 1,
    message: 'step 2, @0 follow_pfn v1 null: the step is undefined: the address must be relative to a VMA (v0+0x1000)',
  });
});

test('the same in a parallel block', () => {
  expect(refusal(VMA, 'par', '@1 vm_unmap_aliases => ok [1 2]', `${UNDEFINED} [3 4]`, 'end').step).toBe(2);
});

test('an undefined step is not blamed for a wrong answer to a step before it', () => {
  expect(refusal(VMA, '@0 vm_unmap_aliases => f0', UNDEFINED)).toEqual({
    step: 1,
    message: 'step 2, @0 vm_unmap_aliases: the target answered f0, which is no answer to it; expected ok',
  });
});

test('an undefined step is blamed for a wrong answer to a step after it', () => {
  expect(refusal('@0 a0 = vmap f64 => 0x1000000', '@0 vm_unmap_aliases => f0')).toEqual({
    step: 0,
    message: 'step 1, @0 a0 = vmap f64: the step is undefined: there is no frame f64: the program has 64',
  });
});

const MIXEDMAP = ['@0 v0 = mmap o0 2 mixedmap shared => 0x200000000', '@0 vm_insert_pages v0 v0 f1 f2 => 0'];
const PFNMAP = ['@0 v0 = mmap o0 2 pfnmap shared => 0x200000000'];

// Each of these ranges has 2^40 pages or more.
test.each([
  ['madvise v0 v0 0x10000000000000 dontneed', MIXEDMAP, '@1 read v0+0x1000 => fault'],
  ['madvise v0 v0-0x10000000000000 0x10000000002000 dontneed', MIXEDMAP, '@1 read v0+0x1000 => fault'],
  ['remap_pfn_range v0 v0 f0 0x10000000000000', PFNMAP, '@1 read v0+0x1000 => f1'],
  ['remap_pfn_range v0 v0-0x10000000000000 f0 0x10000000000000', PFNMAP, '@1 read v0 => fault'],
])('a range that leaves its VMA has its effect inside the VMA only: %s', (step, before, read) => {
  const text = ['mmspec trace 1', ...before, `@0 ${step} => 0`, read, ''].join('\n');
  const { header, entries } = parse(text, VOCABULARY);
  expect(judge(entries[0].trace, agree(header).terms)).toBeUndefined();
});
