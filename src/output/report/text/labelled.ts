import { wrap } from '../../../common/words.ts';

/** Width of the labels in front of lines, in characters. */
const LABEL = 12;

/** A text behind a label, in lines of at most `width` characters. `paint` colours the label. */
export const labelled = (
  label: string,
  text: string,
  width: number,
  paint: (text: string) => string = (plain) => plain,
): string => `${paint(label.padEnd(LABEL))}${wrap(text, width - LABEL, ' '.repeat(LABEL))}`;
