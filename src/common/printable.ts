// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text of a target that a terminal or a log of a CI system can show: control characters, which a terminal obeys, become
 * visible, and no line begins with `::`, which GitHub obeys.
 */
export const printable = (text: string): string =>
  text
    .replace(CONTROLS, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replace(/^([ \t]*)::/gm, '$1\\::');
