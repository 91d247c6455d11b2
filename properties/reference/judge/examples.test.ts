import { describe, expect, test } from 'vitest';
import { broken, inBlock } from '../../support/broken.ts';

/** The examples with which the model's comments explain what it accepts in parallel blocks. */

/** The clause that a trace breaks that has a block. */
const brokenAround = (before: readonly string[], block: readonly string[], after: readonly string[] = []) =>
  broken(...before, ...inBlock(...block), ...after);

describe('reads of a kernel address (kernel/overlapping.ts)', () => {
  const area = ['@0 a0 = vmap f0 => 0xffffc90000400000'];
  const twoReads = (unmapped: string, first: string, second: string) =>
    brokenAround(area, [
      `@0 vunmap a0 => ok ${unmapped}`,
      `@1 read a0 => fault ${first}`,
      `@1 read a0 => f0 ${second}`,
    ]);

  test('are judged one by one, so that a frame may be reached after a fault while vunmap is under way', () => {
    expect(twoReads('[1 6]', '[2 3]', '[4 5]')).toBeUndefined();
  });

  test('once vunmap has returned, a frame may not be reached after a fault', () => {
    expect(twoReads('[1 2]', '[3 4]', '[5 6]')).toBe('UNMAP-4');
  });

  const flushed = (unmapped: string, flush: string, read: string) =>
    brokenAround(area, [
      `@0 vunmap a0 => ok ${unmapped}`,
      `@1 vm_unmap_aliases => ok ${flush}`,
      `@2 read a0 => f0 ${read}`,
    ]);

  test('a flush ends a translation if it was called after vunmap had returned, and returned before the read', () => {
    expect(flushed('[1 2]', '[3 4]', '[5 6]')).toBe('ALIAS-1');
  });

  test('a flush that was called before vunmap had returned may miss the area', () => {
    expect(flushed('[1 4]', '[3 6]', '[7 8]')).toBeUndefined();
  });

  test('a flush that has not returned when the read is called may not have reached its CPU', () => {
    expect(flushed('[1 2]', '[3 6]', '[5 8]')).toBeUndefined();
  });
});

describe('reads of a user address (user/overlapping.ts)', () => {
  const reading = (zapped: string, read: string) =>
    brokenAround(
      ['@0 v0 = mmap o0 1 pfnmap shared remap=f5 => 0x10000000'],
      [
        `@0 zap_vma_ptes v0 v0 0x1000 => 0 ${zapped}`,
        '@1 vmf_insert_pfn v0 v0 f7 => NOPAGE [2 3]',
        `@2 read v0 => f5 ${read}`,
        '@1 follow_pfn v0 v0 => f7 [6 7]',
      ],
    );

  test('may be of the old frame until the zap has returned', () => {
    expect(reading('[1 8]', '[4 5]')).toBeUndefined();
    expect(reading('[1 8]', '[9 10]')).toBe('ZAP-1');
  });
});

describe('the order of calls', () => {
  test('is searched page by page, since a call clears one entry after the other (user/order.ts)', () => {
    const zapping = (...reads: readonly string[]) =>
      brokenAround(
        ['@0 v0 = mmap o0 2 pfnmap shared => 0x10000000'],
        [
          '@0 zap_vma_ptes v0 v0 0x2000 => 0 [1 6]',
          '@1 vmf_insert_pfn v0 v0 f1 => NOPAGE [2 3]',
          '@1 vmf_insert_pfn v0 v0+0x1000 f2 => NOPAGE [4 5]',
        ],
        reads,
      );
    expect(zapping('@2 read v0 => f1', '@2 read v0+0x1000 => fault')).toBeUndefined();
    expect(zapping('@2 read v0 => f2')).toBeDefined();
  });

  const inserting = (first: string, second: string) =>
    brokenAround(
      ['@0 v0 = mmap o0 1 mixedmap shared => 0x10000000'],
      [`@0 vm_insert_page v0 v0 f1 => 0 ${first}`, `@1 vm_insert_page v0 v0 f2 => -EBUSY ${second}`],
    );

  test('keeps to real time, and to nothing else (linearize.ts)', () => {
    expect(inserting('[1 4]', '[2 3]')).toBeUndefined();
    expect(inserting('[3 4]', '[1 2]')).toBe('INS-3');
  });
});

describe('a read under the guard page of an area that is not mapped any more, where only a new mapping flushes', () => {
  const reading = (tlb: string, before: readonly string[], block: readonly string[]) =>
    brokenAround([`trait tlb=${tlb}`, ...before], block);
  const old = ['@0 a0 = vmap f0 => 0x1001000', '@1 read a0 => f0', '@0 vunmap a0 => ok'];
  const guard = '@0 a1 = vmap f1 => 0x1000000';
  const read = '@1 read a0 => f0 [3 4]';

  test('may reach the frame that was mapped there before', () => {
    expect(reading('never', [...old, guard, '@0 vunmap a1 => ok'], [read])).toBeUndefined();
    expect(reading('never', [...old, guard], ['@0 vunmap a1 => ok [1 6]', read])).toBeUndefined();
    expect(reading('never', old, [`${guard} [1 6]`, read])).toBeUndefined();
  });

  test('reaches no other frame, and none at an address that was mapped since', () => {
    const other = read.replace('f0', 'f2');
    expect(reading('never', [...old, guard, '@0 vunmap a1 => ok'], [other])).toBe('UNMAP-5');
    const again = ['@0 a2 = vmap f3 => 0x1001000', '@0 vunmap a2 => ok'];
    expect(reading('never', [...old, ...again, guard, '@0 vunmap a1 => ok'], [read])).toBe('VA-4');
  });

  test('does not reach it where the address is free only after a flush', () => {
    expect(reading('lazy', [...old, guard, '@0 vunmap a1 => ok'], [read])).toBe('VA-11');
  });
});
