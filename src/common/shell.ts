/** Quotes a word for a POSIX shell, only where that is necessary. */
const shellWord = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** The mmspec command line that users can copy: `npx mmspec WORDS`. */
export const commandLine = (...words: readonly string[]): string =>
  ['npx', 'mmspec', ...words].map(shellWord).join(' ');
