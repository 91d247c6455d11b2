/** A word as a POSIX shell takes it, quoted only where it must be. */
export const shellWord = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** A command line to copy. */
export const commandLine = (...words: readonly string[]): string =>
  ['npx', 'mmspec', ...words].map(shellWord).join(' ');
