import { printable } from '../../../common/printable.ts';

/** A text escaped for HTML elements and attributes. */
export const escaped = (text: string): string => printable(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** A text of the notation, in a fixed-width font. */
export const code = (text: string, name = ''): string =>
  `<code${name === '' ? '' : ` class="${name}"`}>${escaped(text)}</code>`;
