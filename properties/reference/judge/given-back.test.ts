import { describe, expect, test } from 'vitest';
import { broken, inBlock } from '../../support/broken.ts';

/** Addresses that were given back, and that another area or VMA takes or leaves while a CPU looks at them. */

describe('the address of a VMA that is gone', () => {
  const gone = ['@0 v0 = mmap o0 1 pfnmap shared remap=f3 => 0x10000000', '@0 munmap v0 => ok'];
  const again = '@1 v1 = mmap o0 1 pfnmap shared remap=f5 => 0x10000000';

  test('may be that of something else until an mmap takes it', () => {
    const read = (times: string) => broken(...gone, ...inBlock(`@0 read v0 => other ${times}`, `${again} [2 3]`));
    expect(read('[1 4]')).toBeUndefined();
    expect(read('[4 5]')).toBe('MMAP-3');
  });

  test('is that of the new VMA until a munmap has unmapped it', () => {
    const read = (times: string, frame: string) =>
      broken(...gone, again, ...inBlock(`@0 read v0 => ${frame} ${times}`, '@1 munmap v1 => ok [2 3]'));
    expect(read('[1 4]', 'f5')).toBeUndefined();
    expect(read('[1 4]', 'f3')).toBe('MMAP-3');
    expect(read('[4 5]', 'f5')).toBeDefined();
  });

  test('is not that of the old VMA any more when the munmap of the block has returned', () => {
    const read = (times: string, frame: string) =>
      broken(gone[0], ...inBlock(gone[1].concat(' [1 3]'), again.concat(' [4 6]'), `@0 read v0 => ${frame} ${times}`));
    expect(read('[7 8]', 'f5')).toBeUndefined();
    expect(read('[7 8]', 'f3')).toBe('MMAP-3');
  });

  test('may be that of either VMA while it changes hands, and of no other', () => {
    const read = (times: string, frame: string) =>
      broken(
        gone[0],
        ...inBlock(
          gone[1].replace('@0', '@1').concat(' [2 3]'),
          again.concat(' [4 6]'),
          `@0 read v0 => ${frame} ${times}`,
        ),
      );
    for (const frame of ['f3', 'f5', 'fault', 'other']) expect(read('[1 7]', frame)).toBeUndefined();
    for (const frame of ['f3', 'f5']) expect(read('[1 5]', frame)).toBeUndefined();
    expect(read('[1 7]', 'f4')).toBe('MMAP-3');
  });

  test('may be written to while it changes hands', () => {
    const munmap = gone[1].replace('@0', '@1').concat(' [2 3]');
    const block = inBlock(munmap, again.concat(' [4 6]'), '@0 write v0 7 => f5 [1 7]');
    for (const frame of ['f5', 'f5:7']) expect(broken(gone[0], ...block, `@0 read v1 => ${frame}`)).toBeUndefined();
  });

  test('may be written to, which changes the frame of the new VMA', () => {
    const last = (read: string) =>
      broken(
        ...['@0 v0 = mmap o0 1 mixedmap shared => 0x10000000', '@0 v1 = mremap v0 1 => 0x10002000'],
        ...inBlock(
          '@0 read v0 => fault [1 2]',
          '@1 v2 = mmap o0 1 mixedmap shared => 0x10000000 [3 4]',
          '@1 vm_insert_page v2 v2 f1 => 0 [5 6]',
          '@0 write v0 7 => f1 [7 8]',
        ),
        read,
        '@0 read v2 => f1',
      );
    expect(last('@0 read v2 => f1:7')).toBe('MAP-2');
    expect(last('@0 read v2 => f1')).toBeUndefined();
  });
});

describe('a look-up in a block that finds the page of nobody', () => {
  const found = (...made: readonly string[]) =>
    broken(
      '@0 v0 = mmap o0 1 pfnmap private remap=f0 => 0x10000000',
      ...inBlock(...made, '@0 follow_pfn v0 v0 => other [3 4]'),
    );

  test('has found a private copy', () => {
    expect(found('@0 break_cow v0 => ok [1 2]')).toBeUndefined();
    expect(found('@0 read v0 => f0 [1 2]')).toBe('FOL-1');
  });

  test('has found memory that was allocated', () => {
    const found = (inserted: string) =>
      broken(
        '@0 a0 = vmalloc_user 0x1000 => 0x1000000',
        '@0 v0 = mmap o0 1 mixedmap shared => 0x10000000',
        inserted,
        ...inBlock('@0 get_user_pages v0 => other [1 2]'),
      );
    expect(found('@0 remap_vmalloc_range v0 a0 0 => 0')).toBeUndefined();
    expect(found('@0 vm_insert_page v0 v0 f0 => 0')).toBe('GUP-2');
  });
});

test('a look-up after a block finds a private copy that the block may have left', () => {
  const found = (answer: string) =>
    broken(
      '@0 v0 = mmap o0 1 pfnmap private => 0x10000000',
      ...inBlock(
        '@0 unmap_mapping_range o0 0x1000 flags=even_cows => ok [1 8]',
        '@1 v1 = mmap o0 1 pfnmap private => 0x10002000 [2 3]',
        '@1 vmf_insert_pfn v1 v1 f0 => NOPAGE [4 5]',
        '@1 break_cow v1 => ok [6 7]',
      ),
      `@0 follow_pfn v1 v1 => ${answer}`,
    );
  for (const answer of ['other', 'v1:0', '-EINVAL']) expect(found(answer)).toBeUndefined();
  expect(found('f0')).toBeDefined();
});

describe('the address of an area that is gone', () => {
  test('keeps an old translation until another area has its guard page there', () => {
    const read = (times: string) =>
      broken(
        ...inBlock(
          '@0 a0 = vmap f0 => 0x1001000 [1 2]',
          '@0 vunmap a0 => ok [3 4]',
          `@0 read a0 => f0 ${times}`,
          '@1 a1 = vmap f1 => 0x1000000 [6 7]',
        ),
      );
    expect(read('[5 8]')).toBeUndefined();
    expect(read('[8 9]')).toBeDefined();
  });

  test('may be seen in use by others where a guard page is now, and another CPU may have seen it before', () => {
    const read = (...lines: readonly string[]) =>
      broken(
        ...['trait tlb=never', '@0 a0 = vmap f1 => 0x1001000', '@0 vunmap a0 => ok', '@0 a1 = vmap f0 => 0x1000000'],
        ...lines,
      );
    expect(read('par', '@0 read a0 => f1 [1 4]', '@1 read a0 => other [2 3]', 'end')).toBeUndefined();
    expect(read('@1 read a0 => other', '@0 read a0 => f1')).toBe('VA-4');
  });

  test('may be reached by a read that began before all areas that had the address since', () => {
    const read = (last: string, ...times: readonly string[]) =>
      times.map((time) =>
        broken(
          ...inBlock(
            '@0 a0 = vmap f0 => 0x1001000 [1 2]',
            `@1 read a0 => f0 ${time}`,
            '@0 vunmap a0 => ok [4 5]',
            '@0 a1 = vmap f1 => 0x1000000 [7 8]',
            '@0 vunmap a1 => ok [9 10]',
            `@0 a2 = vmap ${last} [12 13]`,
          ),
        ),
      );
    for (const last of ['f2 => 0x1001000', 'f2 f3 => 0x1000000', 'f2 => 0x1000000']) {
      expect(read(last, '[3 20]', '[6 20]')).toEqual([undefined, undefined]);
      expect(read(last, '[14 20]')).not.toEqual([undefined]);
    }
  });

  test('cannot be reached if a guard page was there before the block', () => {
    const before = ['@0 a0 = vmap f0 => 0x1001000', '@0 vunmap a0 => ok'];
    const guarded = ['@0 a1 = vmap f1 => 0x1000000', '@0 vunmap a1 => ok'];
    const block = (last: string) =>
      inBlock('@1 read a0 => f0 [1 20]', `@0 a2 = vmap f2 => ${last} [2 3]`, '@0 vunmap a2 => ok [4 5]');
    for (const last of ['0x1000000', '0x1001000']) {
      expect(broken(...before, ...guarded, ...block(last))).toBeDefined();
      expect(broken(...before, ...block(last))).toBeUndefined();
    }
  });

  test('is in the page tables until a worker has freed it, which is before another area has it', () => {
    const lookedUp = (times: string) =>
      broken(
        ...['@0 a0 = vmalloc 0x1000 => 0x1000000', '@0 vfree_atomic a0 => ok'],
        ...inBlock(`@0 vmalloc_to_page a0 => a0:0 ${times}`, '@1 a1 = vmalloc 0x1000 => 0x1000000 [1 3]'),
      );
    expect(lookedUp('[2 4]')).toBeUndefined();
    expect(lookedUp('[4 5]')).toBeDefined();
  });

  test('may lead to memory that the implementation allocated, but not to what was there before another area', () => {
    const reached = (read: string) =>
      broken(
        ...['@0 a0 = vmalloc 0x1000 => 0x1000000', '@0 vfree a0 => ok', '@0 a1 = vmalloc 0x1000 => 0x1000000'],
        ...['@0 a2 = vmalloc 0x1000 => 0x1002000', '@0 vfree a2 => ok', '@0 vfree a1 => ok', read],
      );
    expect(reached('@1 read a1 => a2:0')).toBeUndefined();
    expect(reached('@1 read a1 => a1:0')).toBeUndefined();
    expect(reached('@1 read a1 => a0:0')).toBe('VA-4');
    expect(reached('par\n@1 read a1 => a0:0 [1 2]\nend')).toBe('VA-4');
  });
});

test('the guard page of an area that is being freed keeps the old translation of what was there before', () => {
  const reached = (read: string) =>
    broken(
      ...['trait tlb=never', '@0 a0 = vmalloc 0x1000 => 0x1001000', '@1 read a0 => a0:0', '@0 vfree a0 => ok'],
      ...['@0 a1 = vmalloc 0x1000 => 0x1000000', '@0 vfree_atomic a1 => ok', read],
    );
  expect(reached('@1 read a0 => a0:0')).toBeUndefined();
  expect(reached('@1 read a0 => f1')).toBeDefined();
});

test('an area that two calls share stays until both names are unmapped, whichever call ends it', () => {
  const shared = (read: string) =>
    broken(
      ...['trait alias=same-address', 'trait tlb=before-return', '@0 a0 = vm_map_ram f0 => 0x1000000'],
      ...inBlock(
        '@1 vm_unmap_ram a0 1 => ok [1 8]',
        '@0 a1 = vm_map_ram f0 => 0x1000000 [2 3]',
        '@0 vm_unmap_ram a1 1 => ok [4 5]',
        read,
      ),
    );
  expect(shared('@0 read a0 => f0 [6 7]')).toBeUndefined();
  expect(shared('@0 read a0 => fault [6 7]')).toBeUndefined();
  expect(shared('@0 read a0 => f0 [9 10]')).toBe('UNMAP-2');
});

test('a write that may fault once more does not show that nothing is mapped', () => {
  const reading = (last: string) =>
    broken(
      ...inBlock(
        '@1 unmap_mapping_range o0 0x1000 => ok [1 3]',
        '@0 v0 = mmap o0 1 pfnmap shared remap=f0 => 0x10000000 [2 4]',
      ),
      ...['@1 mprotect v0 read => 0', '@1 mprotect v0 write => 0', '@1 write v0 7 => fault', last],
    );
  expect(reading('@1 read v0 => f0')).toBeUndefined();
  expect(reading('@1 read v0 => fault')).toBeUndefined();
  expect(reading('@1 read v0 => f1')).toBeDefined();
});

test('an area that was mapped again while its last name was unmapped is there', () => {
  const shared = (...lines: readonly string[]) =>
    broken('trait alias=same-address', 'trait tlb=before-return', ...lines);
  const again = [
    '@0 a0 = vm_map_ram f0 => 0x1000000',
    ...inBlock('@0 vm_unmap_ram a0 1 => ok [1 3]', '@1 a1 = vm_map_ram f0 => 0x1000000 [2 4]'),
  ];
  expect(shared(...again, '@1 read a0 => f0', '@1 a2 = vm_map_ram f0 => 0x1000000')).toBeUndefined();
  expect(shared(...again, '@1 read a0 => fault')).toBe('MAP-1');
});
