import { quote } from './outcome.ts';
import { Scanner } from './scanner.ts';

/** Reads a free text: up to a comment, or a JSON string if it is one. */
export function readFreeText(text: string): string {
  const quoted = /^[ \t]*"/.test(text) ? jsonString(new Scanner(text, 1)) : undefined;
  if (quoted !== undefined) return quoted;
  for (let at = text.indexOf('#'); at >= 0; at = text.indexOf('#', at + 1))
    if (at > 0 && ' \t'.includes(text[at - 1])) return text.slice(0, at).trim();
  return text.trim();
}

function jsonString(scanner: Scanner): string | undefined {
  try {
    const text = scanner.quoted();
    scanner.end();
    return text;
  } catch {
    return undefined;
  }
}

/** Prints a free text so that it can be read again: as a JSON string if it would not survive as it is. */
export const printFreeText = (text: string): string =>
  /^[^\p{C}\p{Zl}\p{Zp}]*$/u.test(text) && readFreeText(` ${text}`) === text ? text : quote(text);
