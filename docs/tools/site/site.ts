import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../../../properties/support/cli.ts';
import { FILTER_SCRIPT } from '../../../src/output/report/html/filter.ts';
import { PLAYER_SCRIPT } from '../../../src/output/report/html/script.ts';
import { readDocuments } from '../documents.ts';
import { clausePages } from './clause.ts';
import { renderDocument } from './documents.ts';
import { documentOf } from './shell.ts';
import { SITE_STYLE } from './style.ts';

/**
 * Writes the site: a page for each document and each clause, and the files that they link to. It needs no server.
 * @param folder the folder to write to; what is in it is removed first.
 * @returns the paths of the pages, within the folder.
 */
export function writeSite(folder: string): string[] {
  rmSync(folder, { recursive: true, force: true });
  /** The file at a path of the site, in a folder that exists. */
  const fileAt = (path: string): string => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    return file;
  };
  const write = (path: string, text: string): void => writeFileSync(fileAt(path), text);
  const documents = readDocuments().map(renderDocument);
  const pages = [...documents.map(({ page }) => page), ...clausePages()];
  for (const file of new Set(documents.flatMap(({ files }) => files))) copyFileSync(join(ROOT, file), fileAt(file));
  for (const page of pages) write(page.path, documentOf(page));
  write('style.css', SITE_STYLE);
  write('script.js', `${PLAYER_SCRIPT}${FILTER_SCRIPT}`);
  return pages.map(({ path }) => path);
}
