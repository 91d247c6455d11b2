import { describe, expect, test } from 'vitest';
import { VOCABULARY } from '../../../reference/contract.ts';
import { judge } from '../../../reference/judge/judge.ts';
import { parse } from '../../../reference/notation/document.ts';
import { agree } from '../../../src/targets/agreement.ts';

/** What is broken if `allocated_pages` answers a number after some steps; undefined if it may. */
function judged(pages: number, ...steps: readonly string[]) {
  const lines = ['mmspec trace 1', 'cpus 2', 'frames 8', ...steps, `@0 allocated_pages => ${pages}`, ''];
  const { header, entries } = parse(lines.join('\n'), VOCABULARY);
  return judge(entries[0].trace, agree({ ...header, profile: 'documented' }).terms);
}

/** The numbers from -1 to 4 that are allowed after some steps. */
const allowed = (...steps: readonly string[]): number[] =>
  [-1, 0, 1, 2, 3, 4].filter((pages) => judged(pages, ...steps) === undefined);

const VMALLOC = '@0 a0 = vmalloc_user 0x2000 => 0xffffc90000400000';
const FREED = [VMALLOC, '@0 vfree a0 => ok'];
const COPIED = ['@0 v0 = mmap o0 2 pfnmap private remap=f0 => 0x200000000', '@0 break_cow v0 => ok'];
const MAPPED = [VMALLOC, '@0 v0 = mmap o0 1 plain shared => 0x200000000', '@0 remap_vmalloc_range v0 a0 1 => 0'];

describe('allocated_pages', () => {
  test('counts the pages of live areas of vmalloc, and no frames of the pool', () => {
    expect(allowed(VMALLOC)).toEqual([2]);
    expect(allowed(VMALLOC, '@0 a1 = vmap f0 f1 => 0xffffc90000500000')).toEqual([2]);
  });

  test('may count a freed area until a flush has returned', () => {
    expect(allowed(...FREED)).toEqual([0, 1, 2]);
    expect(allowed(...FREED, '@0 vm_unmap_aliases => ok')).toEqual([0]);
    expect(allowed('trait tlb=before-return', ...FREED)).toEqual([0]);
    expect(allowed('trait tlb=never', ...FREED, '@0 vm_unmap_aliases => ok')).toEqual([0, 1, 2]);
  });

  test('may count each page of an area that a worker frees, also where its address is used again', () => {
    const freed = [VMALLOC, '@0 vfree_atomic a0 => ok'];
    expect(allowed(...freed)).toEqual([0, 1, 2]);
    const again = '@0 a1 = vmalloc 0x1000 => 0xffffc90000400000';
    expect(allowed(...freed, again)).toEqual([1, 2, 3]);
    expect(allowed(...freed, again, '@0 vm_unmap_aliases => ok')).toEqual([1, 2, 3]);
  });

  test('counts private copies as long as they are mapped', () => {
    expect(allowed(...COPIED)).toEqual([1]);
    expect(allowed(...COPIED, '@0 unmap_mapping_range o0 0x0 => ok')).toEqual([1]);
    expect(allowed(...COPIED, '@0 munmap v0 => ok')).toEqual([0]);
  });

  test('counts a page of a freed area that a VMA still maps', () => {
    const freed = [...MAPPED, '@0 vfree a0 => ok', '@0 vm_unmap_aliases => ok'];
    expect(allowed(...freed)).toEqual([1]);
    expect(allowed(...freed, '@0 munmap v0 => ok')).toEqual([0]);
  });

  test('is not judged in a block, nor where overlapping calls leave the number open', () => {
    const block = ['par', '@0 vfree a0 => ok [1 4]', '@1 allocated_pages => 7 [2 3]', 'end'];
    expect(judged(0, VMALLOC, ...block, '@0 vm_unmap_aliases => ok')).toBeUndefined();
    const insert = '@0 vmf_insert_pfn v0 v0 f7 => NOPAGE [1 4]';
    const open = ['par', insert, '@1 unmap_mapping_range o0 0x0 flags=even_cows => ok [2 3]', 'end'];
    expect(judged(7, ...COPIED, ...open)).toBeUndefined();
    expect(judged(7, ...COPIED, ...open, '@0 munmap v0 => ok')?.clause.id).toBe('SAFE-3');
  });

  test('breaks SAFE-3 at the step that shows it', () => {
    const violation = judged(2, ...FREED, '@0 vm_unmap_aliases => ok')!;
    expect(violation.clause.id).toBe('SAFE-3');
    expect(violation.left).toBeUndefined();
    expect(violation.step).toBe(3);
  });
});
