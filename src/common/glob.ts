/**
 * The expression that a whole text matches if it fits a glob, in which `*` stands for any characters.
 *
 * @example
 * ```ts
 * globExpression('block-*').test('block-full'); // true
 * ```
 */
export const globExpression = (glob: string): RegExp =>
  new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
