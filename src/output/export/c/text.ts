import type { Address } from '../../../../reference/notation/address.ts';

/** Parts of a C program as text. */

/** A text as a C string. */
export const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;

/** A number of bytes, which may be negative. */
export const hex = (bytes: number): string => `${bytes < 0 ? '-' : ''}0x${Math.abs(bytes).toString(16)}`;

/** The C variable of the name in an address: `&a[0]`, or one of the two addresses that have no name. */
export const nameOf = ({ base, index }: Address): string =>
  base === 'null' ? '&nil' : base === 'hole' ? '&hole' : `&${base}[${index}]`;

/** The head of a `static void` C function; a line that gets too long is broken between parameters. */
export function prototype(name: string, parameters: readonly string[]): string {
  const start = `static void ${name}(`;
  const indent = '\t'.repeat(start.length / 8) + ' '.repeat(start.length % 8);
  const lines = [start];
  parameters.forEach((parameter, i) => {
    const word = `${parameter}${i + 1 < parameters.length ? ',' : ')'}`;
    const line = lines[lines.length - 1];
    if (line.length + word.length > 110) lines.push(`${indent}${word}`);
    else lines[lines.length - 1] = i === 0 ? line + word : `${line} ${word}`;
  });
  return lines.join('\n');
}
