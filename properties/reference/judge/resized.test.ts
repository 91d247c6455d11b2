import { describe, expect, test } from 'vitest';
import { VOCABULARY } from '../../../reference/contract.ts';
import { judge } from '../../../reference/judge/judge.ts';
import { unexplained } from '../../../reference/naive/explain.ts';
import { parse } from '../../../reference/notation/document.ts';
import { agree } from '../../../src/targets/agreement.ts';

/** The clause that a trace breaks, where the judge and the naive specification agree whether it breaks one. */
function broken(...lines: string[]): string | undefined {
  const { header, entries } = parse(['mmspec trace 1', 'cpus 2', 'frames 8', ...lines, ''].join('\n'), VOCABULARY);
  const { terms } = agree({ ...header, profile: 'documented' });
  const clause = judge(entries[0].trace, terms)?.clause.id;
  expect(unexplained({ ...terms, cpus: 2 }, entries[0].trace) === undefined).toBe(clause === undefined);
  return clause;
}

const SMALL = '@0 a0 = vmalloc 0x808 => 0xffffc90000400000';
const MOVED = '@0 a1 = vrealloc a0 0x2000 => 0xffffc90000410000';
const MOVED_AGAIN = '@0 a2 = vrealloc a1 0x3000 => 0xffffc90000420000';

describe('the words of memory that vrealloc resized', () => {
  test('keep their values up to the smaller size, and those that nobody wrote are zero there', () => {
    expect(broken(SMALL, MOVED, '@0 read a1+0x800 => a1:0:5')).toBe('MAP-2');
    expect(broken(SMALL, '@0 write a0+0x800 7 => a0:0', MOVED, '@0 read a1+0x800 => a1:0:5')).toBe('VRE-2');
  });

  test('can have any value behind it, which then stays', () => {
    const read = '@0 read a1+0x808 => a1:0:5';
    expect(broken(SMALL, MOVED, read)).toBeUndefined();
    expect(broken(SMALL, '@0 write a0 7 => a0:0', MOVED, read)).toBeUndefined();
    expect(broken(SMALL, '@0 write a0+0x808 7 => a0:0', MOVED, read)).toBeUndefined();
    expect(broken(SMALL, MOVED, read, '@0 read a1+0x808 => a1:0')).toBe('MAP-2');
    expect(broken(SMALL, MOVED, '@1 vread a1+0x808 => a1:0:5', '@0 read a1+0x808 => a1:0:6')).toBe('MAP-2');
    expect(broken(SMALL, MOVED, '@0 write a1+0x808 6 => a1:0', read)).toBe('MAP-2');
    expect(broken(SMALL, '@0 a1 = vrealloc a0 0x1000 => 0xffffc90000400000', read)).toBeUndefined();
  });

  test('are known in the pages that are new', () => {
    expect(broken(SMALL, MOVED, '@0 read a1+0x1000 => a1:1:5')).toBe('MAP-2');
  });

  test('stay unknown where the memory moves again, unless a write made them known', () => {
    const read = '@0 read a2+0x808 => a2:0:5';
    expect(broken(SMALL, MOVED, MOVED_AGAIN, read)).toBeUndefined();
    expect(broken(SMALL, MOVED, '@0 write a1+0x808 6 => a1:0', MOVED_AGAIN, read)).toBe('VRE-2');
    expect(
      broken(SMALL, MOVED, '@0 write a1+0x808 6 => a1:0', MOVED_AGAIN, '@0 read a2+0x810 => a2:0:5'),
    ).toBeUndefined();
  });
});
