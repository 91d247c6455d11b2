import { describe, expect, test } from 'vitest';
import { VOCABULARY } from '../../../reference/contract.ts';
import { judge } from '../../../reference/judge/judge.ts';
import { parse } from '../../../reference/notation/document.ts';
import { agree } from '../../../src/targets/agreement.ts';

/** Sparse areas, and the areas that have the same addresses before and after them. */

/** The clause that a trace breaks; undefined if it holds. */
function broken(...steps: readonly string[]): string | undefined {
  const { header, entries } = parse(['mmspec trace 1', 'frames 8', ...steps, ''].join('\n'), VOCABULARY);
  return judge(entries[0].trace, agree({ ...header, profile: 'documented' }).terms)?.clause.id;
}

describe('a translation that is left of an earlier area breaks the clause about reuse', () => {
  const first = ['@0 a0 = vmap f0 => 0xffffc90000400000', '@0 a1 = vmap f1 => 0xffffc90000402000'];
  const unmapped = [...first, '@0 vunmap a0 => ok', '@0 vunmap a1 => ok', '@0 vm_unmap_aliases => ok'];
  const sparse = [...unmapped, '@0 a2 = get_vm_area 0x4000 => 0xffffc90000400000'];
  const mapped = [...sparse, '@0 vm_area_map_pages a2 a2 f2 f3 f4 => 0'];
  const freed = [...sparse, '@0 free_vm_area a2 => ok', '@0 vm_unmap_aliases => ok'];
  const vmap = [...freed, '@0 a3 = vmap f2 f3 f4 => 0xffffc90000400000'];

  test.each([
    ['in a sparse area', sparse],
    ['where a page of a sparse area is mapped', mapped],
    ['in the area after a sparse area', vmap],
  ])('%s', (_, steps) => {
    const name = steps === vmap ? 'a3' : 'a2';
    expect(broken(...steps, `@0 read ${name} => f0`)).toBe('VA-4');
    expect(broken(...steps, `@0 read ${name}+0x2000 => f1`)).toBe('VA-4');
    expect(broken(...steps, `@0 read ${name}+0x2000 => f5`)).not.toBe('VA-4');
  });
});

describe('in a parallel block, which no call on sparse areas is part of', () => {
  const made = ['cpus 2', '@0 a0 = get_vm_area 0x1000 => 0xffffc90000400000'];
  const unmapped = [...made, '@0 vm_area_map_pages a0 a0 f0 => 0', '@0 vm_area_unmap_pages a0 a0 0x1000 => ok'];
  const block = (before: readonly string[], step: string) =>
    broken(...before, 'par', `@0 ${step} [1 2]`, '@1 read null => fault [3 4]', 'end');

  test.each([
    ['read a0', 'fault', 'other', 'GVA-1'],
    ['vmalloc_to_page a0', 'null', 'other', 'V2P-2'],
    ['find_vm_area a0', '1', 'null', 'FVA-1'],
    ['find_vm_area a0', '1', '2', 'FVA-1'],
  ])('%s is judged as outside of it', (step, right, wrong, id) => {
    for (const before of [made, unmapped]) {
      expect(block(before, `${step} => ${right}`)).toBeUndefined();
      expect(block(before, `${step} => ${wrong}`)).toBe(id);
    }
  });
});
