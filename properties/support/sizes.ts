import { test } from 'vitest';

/**
 * Registers a test twice: `npm test` runs it with the small size, `npm run test:long` with the full one. What a size is
 * depends on the test: a number of programs, or every how many cases it tries one.
 */
export function testInTwoSizes<Size>(
  title: string,
  { small, full }: { readonly small: Size; readonly full: Size },
  body: (size: Size) => void | Promise<void>,
): void {
  test(title, () => body(small));
  test(`${title}, at full size`, { tags: ['long'] }, () => body(full));
}

/** Options of a test or a group of tests. `npm test` runs it if `quick` is true, and `npm run test:long` otherwise. */
export const longUnless = (quick: boolean): { tags: string[] } => ({ tags: quick ? [] : ['long'] });
