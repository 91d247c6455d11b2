/*
 * Texts from elsewhere (names, logs and last words of a target, file names, findings) in a form that terminals, logs of CI
 * systems and the formats of reports show as it is. A format with characters of its own, such as `<`, escapes them on top.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A text with each control character replaced. `as` gets its code, four hexadecimal digits. */
export const controlsAs = (text: string, as: (code: string) => string): string =>
  text.replace(CONTROLS, (character) => as(character.charCodeAt(0).toString(16).padStart(4, '0')));

const visible = (code: string): string => (code.startsWith('00') ? `\\x${code.slice(2)}` : `\\u${code}`);

/** How commands begin that some CI systems find anywhere in a line. */
const COMMAND = /##(?=\[|vso\[|teamcity\[)/g;

/** Breaks what CI systems take for commands: `::error` at the start of a line, `##[` and the like anywhere. */
export const withoutCommands = (text: string): string =>
  text.replace(/^([ \t]*)::/gm, '$1\\::').replace(COMMAND, '#\\#');

/** A text of several lines: control characters, which a terminal obeys, become visible, and CI systems find no command. */
export const printable = (text: string): string =>
  withoutCommands(controlsAs(text.replace(/\p{Cs}/gu, '\ufffd'), visible));

/** Longest text of a single line that is shown in full, in characters. */
const MAX_LINE = 2000;

/** A text for a place within a line: line breaks become visible too, and a long text is cut. */
export function oneLine(text: string): string {
  const cut = text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}... (${text.length} characters)` : text;
  return printable(cut.replace(/\r?\n/g, '\\n').replaceAll('\t', ' '));
}

/** JSON with the same meaning, but without control characters and commands of CI systems. */
export const jsonText = (value: unknown, indent?: number): string =>
  controlsAs(JSON.stringify(value, undefined, indent), (code) => `\\u${code}`).replace(COMMAND, '#\\u0023');
