import { printable, withoutCommands } from './printable.ts';

/**
 * Everything that the command line writes for people goes through these functions. So no text of a target can move the
 * cursor, change the title of the window, or start a command of a CI system.
 */

/** The colours that the kit itself uses. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are escape sequences.
const COLOURS = /(\u001b\[(?:1|2|22|3[1-69])m)/;

/** A text in which nothing but the kit's colours acts on a terminal. */
export const terminalText = (text: string): string =>
  withoutCommands(
    text
      .split(COLOURS)
      .map((part, i) => (i % 2 === 1 ? part : printable(part)))
      .join(''),
  );

/** Writes to standard output. */
export const printOut = (text: string): boolean => process.stdout.write(terminalText(text));

/** Writes to standard error. */
export const printError = (text: string): boolean => process.stderr.write(terminalText(text));

/** Writes a text in a format of its own to standard output, as it is: the format has escaped what came from elsewhere. */
export const printFormat = (text: string): boolean => process.stdout.write(text);

/** Width of a terminal that does not say how wide it is, in characters. */
export const USUAL_COLUMNS = 100;
/** Bounds of the width of texts: narrower ones are unreadable, and so are longer lines. */
const TEXT_COLUMNS = { min: 72, max: 120 };

/**
 * How wide a text for people should be on a stream, in characters: as wide as its terminal, else as the variable COLUMNS
 * says.
 */
export function textColumns({ columns }: Pick<NodeJS.WriteStream, 'columns'> = process.stdout): number {
  const width = columns || Number(process.env.COLUMNS) || USUAL_COLUMNS;
  return Math.max(TEXT_COLUMNS.min, Math.min(TEXT_COLUMNS.max, Math.floor(width)));
}
