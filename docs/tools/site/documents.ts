import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { Marked, type Tokens } from 'marked';
import { ROOT } from '../../../properties/support/cli.ts';
import { escaped } from '../../../src/output/report/html/markup.ts';
import type { Document } from '../documents.ts';
import { anchorOf } from '../markdown.ts';
import type { Page } from './shell.ts';

/** The page of a document: its path with another ending. The README is the first page. */
export const pageOf = (path: string): string => (path === 'README.md' ? 'index.html' : path.replace(/\.md$/, '.html'));

/** A page, and the files of the checkout that it links to. */
export interface Rendered {
  readonly page: Page;
  readonly files: readonly string[];
}

/** Text as the anchors of headings see it. */
const plain = (html: string): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');

/** Where a link leads within the site; undefined for a folder or a missing file: the site has no page for it. */
function targetOf(href: string, from: string, files: Set<string>): string | undefined {
  if (/^[a-z]+:|^#/.test(href)) return href;
  const [path, anchor] = href.split('#');
  const file = normalize(join(dirname(from), path));
  const full = join(ROOT, file);
  if (!existsSync(full) || statSync(full).isDirectory()) return undefined;
  if (!file.endsWith('.md')) files.add(file);
  const to = relative(dirname(pageOf(from)), file.endsWith('.md') ? pageOf(file) : file);
  return anchor === undefined ? to : `${to}#${anchor}`;
}

/** A document as a page. Links to other documents lead to their pages; headings have the anchors that GitHub gives them. */
export function renderDocument({ path, text }: Document): Rendered {
  const files = new Set<string>();
  const anchors = new Map<string, number>();
  let title = path;
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }: Tokens.Heading): string {
        const html = this.parser.parseInline(tokens);
        const anchor = anchorOf(plain(html));
        const before = anchors.get(anchor) ?? 0;
        anchors.set(anchor, before + 1);
        if (depth === 1) title = plain(html);
        return `<h${depth} id="${before === 0 ? anchor : `${anchor}-${before}`}">${html}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link): string {
        const html = this.parser.parseInline(tokens);
        const to = targetOf(href, path, files);
        return to === undefined ? html : `<a href="${escaped(to)}">${html}</a>`;
      },
      code({ text: code }: Tokens.Code): string {
        return `<pre tabindex="0"><code>${escaped(code)}</code></pre>\n`;
      },
    },
  });
  const body = `<article class="prose">${marked.parse(text, { async: false })}</article>`;
  return { page: { path: pageOf(path), title, body }, files: [...files] };
}
