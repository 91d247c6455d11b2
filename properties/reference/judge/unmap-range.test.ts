import { describe, expect, test } from 'vitest';
import { VOCABULARY } from '../../../reference/contract.ts';
import { judge } from '../../../reference/judge/judge.ts';
import { parse } from '../../../reference/notation/document.ts';
import { agree } from '../../../src/targets/agreement.ts';

/** The clause that is charged if a read of a page has a wrong answer after unmap_mapping_range of some range. */
function charged(range: string, read: string, made = 'pfnmap shared remap=f0', between: readonly string[] = []) {
  const lines = [
    'mmspec trace 1',
    'cpus 2',
    'frames 8',
    `@0 v0 = mmap o0 6 ${made} => 0x200000000`,
    ...between,
    `@0 unmap_mapping_range ${range} => ok`,
    `@0 read ${read}`,
    '',
  ];
  const { header, entries } = parse(lines.join('\n'), VOCABULARY);
  return judge(entries[0].trace, agree({ ...header, profile: 'documented' }).terms)?.clause.id;
}

const COPY = ['@0 break_cow v0+0x2000 => ok'];

describe('a page that unmap_mapping_range leaves', () => {
  test('breaks UMR-1 if it is no private copy, whether copies are kept or not', () => {
    expect(charged('o0+0x1000 0x3000', 'v0+0x2000 => f2')).toBe('UMR-1');
    expect(charged('o0+0x1000 0x3000 flags=even_cows', 'v0+0x2000 => f2')).toBe('UMR-1');
    expect(charged('o0 0x0', 'v0+0x2000 => f2', 'pfnmap private remap=f0')).toBe('UMR-1');
  });

  test('breaks UMR-1 if it is a private copy that even_cows unmaps', () => {
    expect(charged('o0 0x0 flags=even_cows', 'v0+0x2000 => v0:2', 'pfnmap private remap=f0', COPY)).toBe('UMR-1');
  });

  test('breaks UMR-6 only at an end of a range whose start or length is rounded', () => {
    const rounded = 'o0+0x1800 0x3000';
    expect(charged(rounded, 'v0+0x1000 => f1')).toBe('UMR-6');
    expect(charged(rounded, 'v0+0x2000 => f2')).toBe('UMR-1');
    expect(charged(rounded, 'v0+0x3000 => f3')).toBe('UMR-6');
    expect(charged('o0+0x1000 0x2001', 'v0+0x1000 => f1')).toBe('UMR-1');
    expect(charged('o0+0x1000 0x2001', 'v0+0x3000 => f3')).toBe('UMR-6');
    expect(charged('o0+0x1800 0x0', 'v0+0x1000 => f1')).toBe('UMR-6');
    expect(charged('o0+0x1800 0x0', 'v0+0x5000 => f5')).toBe('UMR-1');
  });
});

describe('a page that unmap_mapping_range should have kept', () => {
  test('breaks UMR-6 if it comes right after a range that is rounded, and UMR-2 elsewhere', () => {
    expect(charged('o0+0x1800 0x1000', 'v0+0x2000 => fault')).toBe('UMR-6');
    expect(charged('o0+0x1800 0x1000', 'v0+0x3000 => fault')).toBe('UMR-2');
    expect(charged('o0+0x1800 0x1000', 'v0 => fault')).toBe('UMR-2');
    expect(charged('o0+0x1000 0x1000', 'v0+0x2000 => fault')).toBe('UMR-2');
  });

  test('breaks UMR-3 if it is a private copy', () => {
    const copies = 'pfnmap private remap=f0';
    expect(charged('o0 0x0', 'v0+0x2000 => fault', copies, COPY)).toBe('UMR-3');
    expect(charged('o0+0x801 0x800', 'v0+0x2000 => fault', copies, COPY)).toBe('UMR-3');
  });
});
