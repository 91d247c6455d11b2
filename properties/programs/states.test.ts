import { describe, expect, test } from 'vitest';
import { VOCABULARY } from '../../reference/contract.ts';
import { parse } from '../../reference/notation/document.ts';
import { StateTally } from '../../src/programs/states/count.ts';
import { GOALS } from '../../src/programs/states/goals.ts';
import { STATES, statesMatching } from '../../src/programs/states/vocabulary.ts';

/** The states that a program reaches. */
function reached(...lines: string[]): string[] {
  const text = `mmspec program 1\ncpus 3\nframes 64\n${lines.join('\n')}\n`;
  const { program } = parse(text, VOCABULARY).entries[0].trace;
  const tally = new StateTally(4096);
  tally.see(program);
  return tally
    .counts()
    .filter(({ programs }) => programs > 0)
    .map(({ state }) => state.id);
}

const FULL_BLOCK = [0, 1, 2, 3].map((n) => `@0 a${n} = vm_map_ram f${n}x4`);
const back = (...names: number[]): string[] => names.map((n) => `@0 vm_unmap_ram a${n} 4`);

describe('a block', () => {
  test('fills up', () => {
    expect(reached(...FULL_BLOCK.slice(0, 3))).toContain('block-all-but-one');
    expect(reached(...FULL_BLOCK.slice(0, 3))).not.toContain('block-full');
    expect(reached(...FULL_BLOCK)).toContain('block-full');
  });

  test('is emptied in the order of its phases, but only once it has been full', () => {
    expect(reached(...FULL_BLOCK, ...back(0))).toContain('block-one-given-back');
    expect(reached(...FULL_BLOCK, ...back(0, 1))).not.toContain('block-all-but-one-given-back');
    expect(reached(...FULL_BLOCK, ...back(0, 1, 2))).toContain('block-all-but-one-given-back');
    expect(reached(...FULL_BLOCK, ...back(0, 1, 2))).not.toContain('block-emptied');
    expect(reached(...FULL_BLOCK, ...back(3, 1, 2, 0))).toContain('block-emptied');
    expect(reached(...FULL_BLOCK.slice(0, 2), ...back(0, 1))).not.toContain('block-emptied');
  });

  const BESIDE = ['par', '@0 vm_unmap_ram a3 4', '@1 vm_unmap_aliases', 'end'];
  const EMPTIED = 'block-emptied-beside-vm_unmap_aliases';

  test('is emptied beside a flush, between two looks of one CPU', () => {
    const before = [...FULL_BLOCK, '@2 read a3', ...back(0, 1, 2)];
    expect(reached(...before, ...BESIDE, '@2 read a3')).toContain(EMPTIED);
    expect(reached(...before, ...BESIDE, '@1 read a3'), 'another CPU looks').not.toContain(EMPTIED);
    expect(reached(...before, ...BESIDE), 'nobody looks again').not.toContain(EMPTIED);
    expect(reached(...FULL_BLOCK, ...back(0, 1, 2), ...BESIDE, '@2 read a3'), 'nobody looked').not.toContain(EMPTIED);
    const inOrder = [...before, '@0 vm_unmap_ram a3 4', '@1 vm_unmap_aliases', '@2 read a3'];
    expect(reached(...inOrder), 'no block').not.toContain(EMPTIED);
  });
});

describe('lazy areas', () => {
  const unmapped = (pages: number): string[] => [`@0 a0 = vmap f0x${pages}`, '@0 vunmap a0'];

  test('meet the threshold below, exactly and above', () => {
    expect(reached(...unmapped(61))).toContain('lazy-all-but-one');
    expect(reached(...unmapped(63))).toContain('lazy-full');
    expect(reached(...unmapped(64))).toContain('lazy-crossed');
    expect(reached(...unmapped(10))).toEqual(expect.arrayContaining(['lazy-one']));
  });

  test('are emptied by a flush', () => {
    expect(reached(...unmapped(1), '@0 vm_unmap_aliases')).toContain('lazy-emptied');
    expect(reached('@0 vm_unmap_aliases')).toContain('lazy-empty');
  });
});

describe('user structures', () => {
  test('a VMA across page tables', () => {
    expect(reached('@0 v0 = mmap o0 511 pfnmap shared')).not.toContain('tables-crossed');
    const across = ['@0 v0 = mmap o0 520 pfnmap shared', '@0 remap_pfn_range v0 v0+0x1fe000 f0 0x4000'];
    expect(reached(...across)).toEqual(expect.arrayContaining(['tables-crossed', 'tables-filled-across']));
    expect(reached(...across, '@0 zap_vma_ptes v0 v0 0x208000')).toContain('tables-emptied-across');
    expect(reached(...across, '@0 zap_vma_ptes v0 v0 0x208000')).toContain('tables-emptied-over-hole');
    expect(reached(...across, '@0 zap_vma_ptes v0 v0+0x1fe000 0xa000')).not.toContain('tables-emptied-over-hole');
    const filled = [across[0], '@0 remap_pfn_range v0 v0 f0 0x40000', '@0 remap_pfn_range v0 v0+0x40000 f0 0x40000'];
    expect(reached(...filled, '@0 zap_vma_ptes v0 v0 0x208000')).not.toContain('tables-emptied-over-hole');
    expect(reached(...filled.slice(0, 2), '@0 zap_vma_ptes v0 v0 0x208000')).toContain('tables-emptied-over-hole');
  });

  test('the pages of a VMA', () => {
    const full = '@0 v0 = mmap o0 3 pfnmap shared remap=f0';
    expect(reached(full)).toContain('vma-full');
    expect(reached(full, '@0 zap_vma_ptes v0 v0 0x1000')).toContain('vma-one-given-back');
    expect(reached(full, '@0 zap_vma_ptes v0 v0 0x2000')).toContain('vma-all-but-one-given-back');
    expect(reached(full, '@0 unmap_mapping_range o0 0x0')).toContain('vma-emptied');
  });

  test('the VMAs of an object, and neighbours that continue it', () => {
    const nine = Array.from({ length: 9 }, (_, n) => `@0 v${n} = mmap o3 1 plain shared`);
    expect(reached(...nine)).toContain('object-many');
    expect(reached(...nine.slice(1))).not.toContain('object-many');
    const [first, second] = ['@0 v0 = mmap o0 2 plain shared', '@0 v1 = mmap o0+0x2000 1 plain shared after=v0'];
    expect(reached(first, second)).toContain('tables-neighbours-continue');
    expect(reached(first, second.replace('0x2000', '0x1000'))).not.toContain('tables-neighbours-continue');
  });

  test('a list of frames across page tables', () => {
    const vma = '@0 v0 = mmap o0 520 mixedmap shared';
    expect(reached(vma, '@0 vm_insert_pages v0 v0+0x1fe000 f0 f1 f2 f3')).toContain('tables-filled-across');
    expect(reached(vma, '@0 vm_insert_pages v0 v0+0x1fe000 f0 f1')).not.toContain('tables-filled-across');
  });

  test('a look at an address where a VMA was counts for its object and its frame', () => {
    const before = ['@0 v0 = mmap o0 1 pfnmap shared remap=f0', '@0 v1 = mmap o0 1 pfnmap shared remap=f0'];
    const looks = ['@2 read v0', '@0 munmap v1'];
    const beside = ['par', '@0 munmap v0', '@1 v2 = mmap o5 1 pfnmap shared', 'end'];
    const states = ['object-emptied-beside-mmap', 'frame-emptied-beside-mmap'];
    expect(reached(...before, ...looks, ...beside, '@2 read v0')).toEqual(expect.arrayContaining(states));
    expect(reached(...before, ...looks, ...beside, '@1 read v0')).not.toEqual(expect.arrayContaining(states));
  });

  test('256 mappings of a frame', () => {
    const insertions = Array.from(
      { length: 256 },
      (_, n) => `@0 vm_insert_page v0 v0${n === 0 ? '' : `+0x${(n * 4096).toString(16)}`} f7`,
    );
    expect(reached('@0 v0 = mmap o0 256 mixedmap shared', ...insertions)).toContain('frame-many');
    expect(reached('@0 v0 = mmap o0 256 mixedmap shared', ...insertions.slice(1))).not.toContain('frame-many');
  });
});

test('a tally counts programs, and remembers the first', () => {
  const { program } = parse('mmspec program 1\n@0 a0 = vmap f0\n@0 a1 = vmap f0\n', VOCABULARY).entries[0].trace;
  const tally = new StateTally(4096);
  tally.see({ ...program, steps: [] });
  tally.see(program);
  tally.see(program);
  const place = STATES.findIndex(({ id }) => id === 'areas-one');
  expect(tally.counts()[place].programs).toBe(2);
  expect(tally.first(place)).toBe(2);
});

test('ids of states are unique, and patterns match them', () => {
  expect(new Set([...STATES, ...GOALS].map(({ id }) => id)).size).toBe(STATES.length + GOALS.length);
  expect(statesMatching('block-full').map(({ id }) => id)).toEqual(['block-full']);
  expect(statesMatching('block-*').length).toBeGreaterThan(7);
  expect(statesMatching('nothing')).toEqual([]);
});

test('no state needs a call in a block that must stand outside blocks', () => {
  const outside = [...VOCABULARY.values()].filter(({ sequential }) => sequential).map(({ name }) => name);
  expect(outside.length).toBeGreaterThan(0);
  expect(STATES.filter(({ calls }) => calls.some((call) => outside.some((name) => name === call)))).toEqual([]);
});
