import { controlsAs } from './printable.ts';

/** Quotes a text for a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Quotes a word for a shell, only where that is necessary. A word with control characters needs `$'...'`. */
function shellWord(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  if (!/[\n\t]/.test(word) && controlsAs(word, () => '') === word) return quoted(word);
  const escaped = word.replace(/[\\'\n\t]/g, (c) => ESCAPES[c]);
  return `$'${controlsAs(escaped, (code) => `\\u${code}`)}'`;
}

/** Escapes within `$'...'`. */
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\t': '\\t' };

/** The mmspec command line that users can copy: `npx mmspec WORDS`. */
export const commandLine = (...words: readonly string[]): string =>
  ['npx', 'mmspec', ...words].map(shellWord).join(' ');
