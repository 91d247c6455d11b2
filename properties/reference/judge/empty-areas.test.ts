import { expect, test } from 'vitest';
import { VOCABULARY } from '../../../reference/contract.ts';
import { judge } from '../../../reference/judge/judge.ts';
import { parse } from '../../../reference/notation/document.ts';
import { agree } from '../../../src/targets/agreement.ts';

/** The clause that a trace breaks where areas of no pages have addresses; undefined if it holds. */
function broken(...steps: readonly string[]): string | undefined {
  const lines = ['mmspec trace 1', 'profile documented', 'trait zero_vmap=address', ...steps, ''];
  const { header, entries } = parse(lines.join('\n'), VOCABULARY);
  return judge(entries[0].trace, agree(header).terms)?.clause.id;
}

const AREA = '@0 a0 = vmalloc 0x2000 => 0xffffc90000400000';
const AT_ONCE = '@0 vfree a0 => ok';
const LATER = '@0 vfree_atomic a0 => ok';
const EMPTY = '@0 a1 = vmalloc 0x0 => 0xffffc90000400000';

test.each([
  ['an area that was freed', [AREA, AT_ONCE, EMPTY]],
  ['an area that a worker frees', [AREA, LATER, EMPTY]],
])('an area of no pages may be found where %s was', (_, steps) => {
  expect(broken(...steps, '@0 find_vm_area a0 => 0')).toBeUndefined();
  expect(broken(...steps, '@0 find_vm_area a0 => null')).toBeUndefined();
  expect(broken(...steps, '@0 find_vm_area a0 => 1')).toMatch(/^FVA-/);
});

test('without it, no area of no pages is found there', () => {
  expect(broken(AREA, AT_ONCE, '@0 find_vm_area a0 => 0')).toBe('FVA-2');
  expect(broken(AREA, LATER, '@0 find_vm_area a0 => 0')).toBe('FVA-1');
});

test('an area of no pages needs an address, unless the program has used up a large part of the window', () => {
  const window = 'window kernel 0xffffc90000000000 0xffffc90001000000';
  const none = '@0 a1 = vmalloc 0x0 => null';
  const made = (bytes: string) => `@0 a0 = vmalloc ${bytes} => 0xffffc90000400000`;
  expect(broken(window, made('0x1000'), none)).toBe('VA-12');
  expect(broken(window, made('0xb00000'), none)).toBeUndefined();
});
