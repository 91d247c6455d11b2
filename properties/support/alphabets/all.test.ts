import { expect, test } from 'vitest';
import { ALPHABETS } from './all.ts';
import * as children from './children.ts';
import * as kernel from './kernel.ts';
import * as pages from './pages.ts';
import * as sparse from './sparse.ts';
import * as vmas from './vmas.ts';

test('the list has every alphabet', () => {
  const listed = new Set(ALPHABETS.map(([, alphabet]) => alphabet));
  const missing = Object.entries({ ...children, ...kernel, ...pages, ...sparse, ...vmas }).filter(
    ([, alphabet]) => !listed.has(alphabet),
  );
  expect(missing.map(([name]) => name)).toEqual([]);
});
