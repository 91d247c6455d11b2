import { oneLine, printable } from '../../common/printable.ts';
import { Markup, templatesOf } from './markup.ts';

/** Markdown as GitHub and GitLab show it. */
export type Markdown = Markup<'markdown'>;

/** An empty comment ends a word, so no mention, reference, emoji or link appears, and the text looks the same. */
const BREAK = '<!-- -->';

/**
 * Escapes a text for a place within a line, or at its start. Backslashes do not help against what is looked for in the
 * finished page: `@name`, `#1`, `:emoji:` and addresses.
 */
const escaped = (text: string): string =>
  oneLine(text)
    .trimStart()
    .replace(/[\\`*_[\]<>|~&$]/g, '\\$&')
    .replace(/^([-+=#]|\d+(?=[.)]))/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`))
    .replace(/@|#(?=\d)|:(?=\/\/|[\w+-]+:)/g, `$&${BREAK}`)
    .replace(/\bwww(?=\.)/gi, `$&${BREAK}`);

/** Templates of Markdown. */
export const markdown = templatesOf('markdown', escaped);

/** Markdown without anything in it. */
export const NOTHING: Markdown = markdown``;

/** A fence or a quotation that no run of backticks in the text ends. */
const ticks = (text: string, least: number): string =>
  '`'.repeat(Math.max(least, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));

/** A text of the notation within a line. */
export function codeOf(text: string): Markdown {
  const line = oneLine(text);
  const quote = ticks(line, 1);
  const pad = /^[` ]|[` ]$/.test(line) ? ' ' : '';
  return new Markup('markdown', `${quote}${pad}${line}${pad}${quote}`);
}

/** A text of several lines in a fixed-width font. */
export function fenced(text: string): Markdown {
  const lines = printable(text).trimEnd();
  const fence = ticks(lines, 3);
  return new Markup('markdown', `${fence}\n${lines}\n${fence}`);
}

/** A link that a user wrote, if it is one; else the text. */
export const linkOf = (text: string): Markdown =>
  /^https?:\/\/[\w./?=&%#~+:,;@-]+$/.test(text) ? new Markup('markdown', `<${text}>`) : markdown`${text}`;

/** Lines below one another. */
export const linesOf = (lines: readonly Markdown[]): Markdown =>
  new Markup('markdown', lines.map(({ text }) => text).join('\n'));
