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
