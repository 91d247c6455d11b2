import type { Edit } from './bug.ts';

/** The part of a source text that is a function: from its first line to the brace that ends it. */
function functionIn(text: string, name: string): readonly [start: number, end: number] {
  const start = text.startsWith(name) ? 0 : text.indexOf(`\n${name}`);
  const open = start < 0 ? -1 : text.indexOf('\n{', start);
  const end = open < 0 ? -1 : text.indexOf('\n}', open);
  if (end < 0) throw new Error(`the file has no function that begins with: ${name}`);
  return [start, end];
}

/**
 * A source text with a bug.
 * @throws Error if the function is missing, or if it does not contain the text exactly once: the bug is for other sources.
 *
 * @example
 * ```ts
 * const bug = { file: 'a.c', function: 'int f(', from: 'a < b', to: 'a <= b' };
 * edited('int f(int a, int b)\n{\n\treturn a < b;\n}\n', bug); // ...return a <= b;...
 * ```
 */
export function edited(text: string, { function: name, from, to }: Edit): string {
  const [start, end] = functionIn(text, name);
  const [before, after, ...more] = text.slice(start, end).split(from);
  if (after === undefined) throw new Error(`${name} does not contain: ${from}`);
  if (more.length > 0) throw new Error(`${name} contains ${more.length + 1} times: ${from}`);
  return `${text.slice(0, start)}${before}${to}${after}${text.slice(end)}`;
}
