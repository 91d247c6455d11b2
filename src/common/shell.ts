import { controlsAs } from './printable.ts';

/** Quotes a word for a shell, only where that is necessary. A word with control characters needs `$'...'`. */
function shellWord(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  const visible = controlsAs(
    word.replace(/[\\'\n\t]/g, (c) => ESCAPES[c]),
    (code) => `\\u${code}`,
  );
  const plain = word.replaceAll("'", `'\\''`);
  return /[\n\t]/.test(word) || controlsAs(word, () => '') !== word ? `$'${visible}'` : `'${plain}'`;
}

/** Escapes within `$'...'`. */
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\t': '\\t' };

/** The mmspec command line that users can copy: `npx mmspec WORDS`. */
export const commandLine = (...words: readonly string[]): string =>
  ['npx', 'mmspec', ...words].map(shellWord).join(' ');
