import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../properties/support/cli.ts';
import { type Markdown, parseMarkdown } from './markdown.ts';

/** A Markdown document of the project. */
export interface Document extends Markdown {
  /** Path from the folder of the checkout. */
  readonly path: string;
  readonly text: string;
}

/** Folders whose files are not the project's. */
const FOREIGN = new Set(['.git', '.mmspec', 'node_modules', 'dist', 'site', 'target', 'coverage']);

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) yield path;
    else if (!FOREIGN.has(entry.name)) yield* walk(path);
  }
}

/** Every file of the checkout, by path from its folder. */
export const readPaths = (): string[] => [...walk('.')].sort();

/** Reads one document. */
export function readDocument(path: string): Document {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path, text, ...parseMarkdown(text) };
}

/** Every Markdown document of the checkout, by path. */
export const readDocuments = (): Document[] =>
  readPaths()
    .filter((path) => path.endsWith('.md'))
    .map(readDocument);
