/** Text as HTML shows it, in elements and in attributes. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** A text of the notation, in a font of fixed width. */
export const code = (text: string, name = ''): string =>
  `<code${name === '' ? '' : ` class="${name}"`}>${escaped(text)}</code>`;
