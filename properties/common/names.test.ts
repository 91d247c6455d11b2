import { describe, expect, test } from 'vitest';
import { closeNames, columns, noMatch, unknownName } from '../../src/common/names.ts';

const SUITES = ['bullseye', 'bookworm', 'trixie', 'trixie-backports'];

describe('close names', () => {
  test.each([
    ['bookwrm', ['bookworm']],
    ['BOOKWORM', ['bookworm']],
    ['trixi', ['trixie', 'trixie-backports']],
    ['sid', []],
    ['rtixie', ['trixie']],
    ['', []],
  ])('of %j are %j', (text, close) => {
    expect(closeNames(text, SUITES)).toEqual(close);
  });

  test('are at most three, the closest first', () => {
    expect(closeNames('a-9', ['a-11', 'a-10', 'a-99', 'a-9x', 'a-1'])).toEqual(['a-99', 'a-9x', 'a-1']);
  });
});

describe('a list of names', () => {
  test('is sorted, in columns', () => {
    const names = Array.from({ length: 30 }, (_, i) => `name-${i + 1}`);
    const lines = columns(names).split('\n');
    expect(lines[0]).toMatch(/^ {2}name-1 {3}name-5 /);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.join(' ').trim().split(/\s+/)).toHaveLength(30);
  });
});

describe('the error for an unknown name', () => {
  test('lists few names', () => {
    expect(unknownName('unknown suite bookwrm', 'bookwrm', SUITES).message).toBe(
      'unknown suite bookwrm; did you mean bookworm?\nthere are 4:\n  bookworm          bullseye          trixie            trixie-backports',
    );
  });

  test('names the command that lists many', () => {
    const names = Array.from({ length: 11 }, (_, i) => `n${i}`);
    const listed = '  n0  n1  n2  n3  n4  n5  n6  n7  n8  n9';
    expect(unknownName('unknown x y', 'y', names, 'npx mmspec list x').message).toBe(
      `unknown x y\nthere are 11, such as:\n${listed}\nlist all 11 with: npx mmspec list x`,
    );
    expect(unknownName('unknown x n11', 'n11', names, 'npx mmspec list x').message).toBe(
      'unknown x n11; did you mean n1 or n10?\nlist all 11 with: npx mmspec list x',
    );
  });

  test('of a pattern suggests the group of clauses', () => {
    expect(noMatch('clause', 'zap', ['ZAP-1', 'ZAP-2']).message).toBe(
      'no clause matches zap; did you mean ZAP-*?\nlist all 2 with: npx mmspec list clauses',
    );
    expect(noMatch('clause', 'ALIS-1', ['ZAP-1', 'ALIAS-1']).message).toContain('did you mean ALIAS-1?');
  });
});
