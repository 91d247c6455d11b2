/**
 * A text in the syntax of one format, such as Markdown. The type keeps it apart from plain text, and from other formats:
 * what is put into it as a plain text is escaped, whatever it holds.
 */
export class Markup<Format extends string> {
  readonly format: Format;
  readonly text: string;

  constructor(format: Format, text: string) {
    this.format = format;
    this.text = text;
  }
}

/** What a template of a format takes: plain texts, which it escapes, and markup of that format, which it does not. */
export type Part<Format extends string> = string | number | Markup<Format> | readonly Markup<Format>[];

/**
 * Makes the tag for templates of a format: the template itself is markup, and plain texts in it are escaped.
 * @param escaped escapes a plain text.
 *
 * @example
 * ```ts
 * const angle = templatesOf('angle', (text) => text.replaceAll('<', '&lt;'));
 * console.log(angle`<b>${'<i>'}</b>`.text); // <b>&lt;i></b>
 * ```
 */
export const templatesOf =
  <Format extends string>(format: Format, escaped: (text: string) => string) =>
  (template: TemplateStringsArray, ...parts: readonly Part<Format>[]): Markup<Format> => {
    const textOf = (part: Part<Format>): string => {
      if (part instanceof Markup) return part.text;
      return typeof part === 'object' ? part.map(({ text }) => text).join('') : escaped(String(part));
    };
    return new Markup(format, template.map((text, i) => `${i > 0 ? textOf(parts[i - 1]) : ''}${text}`).join(''));
  };
