/** Reads the parts of a Markdown document that can be checked. Only what this project's documents use is understood. */

/** A heading, and the anchor that GitHub gives it. */
export interface Heading {
  readonly anchor: string;
  /** Counted from 1. */
  readonly line: number;
}

/** A link or an inline code span. */
export interface Span {
  /** The target of a link; the text of a code span. */
  readonly text: string;
  readonly line: number;
}

/** A code block. */
export interface Code {
  /** The word after the fence; `indented` where the block has no fence, empty where the fence names no language. */
  readonly language: string;
  readonly lines: readonly string[];
  /** Line of the first line of code. */
  readonly line: number;
}

export interface Markdown {
  readonly headings: readonly Heading[];
  readonly links: readonly Span[];
  readonly spans: readonly Span[];
  readonly code: readonly Code[];
}

const FENCE = /^ {0,3}(`{3,})(.*)$/;
const LIST_ITEM = /^ {0,3}([-*+]|\d+\.) /;

/** Splits the document into code blocks and the rest, in which the lines of code are blank. */
function splitCode(text: string): { code: Code[]; prose: string[] } {
  const code: Code[] = [];
  const prose = text.split('\n');
  const lines = [...prose];
  let inList = false;
  for (let i = 0; i < lines.length; i++) {
    const fence = FENCE.exec(lines[i]);
    if (fence) {
      let end = i + 1;
      while (end < lines.length && !lines[end].trim().startsWith(fence[1])) end++;
      code.push({ language: fence[2].trim(), lines: lines.slice(i + 1, end), line: i + 2 });
      prose.fill('', i, end + 1);
      i = end;
    } else if (!inList && lines[i].startsWith('    ') && (i === 0 || lines[i - 1].trim() === '')) {
      let end = i;
      while (end < lines.length && (lines[end].startsWith('    ') || lines[end].trim() === '')) end++;
      code.push({ language: 'indented', lines: lines.slice(i, end).map((line) => line.slice(4)), line: i + 1 });
      prose.fill('', i, end);
      i = end - 1;
    } else if (lines[i].trim() !== '') {
      inList = LIST_ITEM.test(lines[i]) || (inList && lines[i].startsWith(' '));
    }
  }
  return { code, prose };
}

/** The anchor of a heading as GitHub makes it: lower case, punctuation dropped, spaces as hyphens. */
export const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-');

/** Every match of a pattern that stays within a paragraph, with its line. */
function* matches(text: string, pattern: RegExp): Generator<{ match: RegExpMatchArray; line: number }> {
  for (const match of text.matchAll(pattern)) {
    if (match[0].includes('\n\n')) continue;
    yield { match, line: text.slice(0, match.index).split('\n').length };
  }
}

/**
 * Reads a document.
 * @example
 * parseMarkdown('# A title\n\nSee [this](b.md#c).\n').links; // [{ text: 'b.md#c', line: 3 }]
 */
export function parseMarkdown(text: string): Markdown {
  const { code, prose } = splitCode(text);
  const headings: Heading[] = [];
  const seen = new Map<string, number>();
  for (const [index, line] of prose.entries()) {
    const heading = /^#{1,6} (.+)$/.exec(line);
    if (!heading) continue;
    const anchor = anchorOf(heading[1]);
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    headings.push({ anchor: before === 0 ? anchor : `${anchor}-${before}`, line: index + 1 });
  }
  const joined = prose.join('\n');
  const spans: Span[] = [];
  for (const { match, line } of matches(joined, /(?<!`)(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g))
    spans.push({ text: match[2].replaceAll('\n', ' ').trim(), line });
  const withoutSpans = joined.replace(/(?<!`)(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g, (span) => span.replace(/[^\n]/g, 'x'));
  const links: Span[] = [];
  for (const { match, line } of matches(withoutSpans, /\[[^\]]*\]\(([^()\s]+)\)/g))
    links.push({ text: match[1], line });
  return { headings, links, spans, code };
}
