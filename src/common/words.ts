/** Format numbers, durations and paragraphs for people. */

/** A whole number with thousands separators: `2,310`. */
export const grouped = (value: number): string => Math.round(value).toLocaleString('en-US');

/** A number with its noun: `1 program`, `2,310 programs`. */
export const counted = (value: number, noun: string): string => `${grouped(value)} ${noun}${value === 1 ? '' : 's'}`;

/** A duration in milliseconds or seconds: `250 ms`, `1.5 s`. */
export const duration = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;

/** The first `most` of several names, and how many more there are: `a, b and 3 more`. */
export function firstOf(names: readonly string[], most: number): string {
  const more = names.length > most ? ` and ${names.length - most} more` : '';
  return `${names.slice(0, most).join(', ')}${more}`;
}

/** Cuts a text that is longer than `width` characters, and marks it with three dots. */
export const cut = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 3)}...` : text;

/** Breaks a text into lines of at most `width` characters; `indent` starts every line but the first. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines.join(`\n${indent}`);
}
