import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The names that a module exports, with their docstrings, read from its text. */

/** An exported name. */
export interface Exported {
  readonly name: string;
  /** Its docstring without the comment marks; empty where there is none. */
  readonly doc: string;
  /** Where it is declared. */
  readonly file: string;
}

const DECLARATION = '^export (?:abstract |async )*(?:const|function\\*?|class|interface|type) ';

/** The docstring that ends right before `index`. */
function docBefore(text: string, index: number): string {
  const [comment] = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n$/.exec(text.slice(0, index)) ?? [''];
  return comment
    .replace(/^\/\*\*|\*\/\n$/g, '')
    .replace(/^ \* ?/gm, '')
    .trim();
}

/** The names in the braces of an import or export, with the name that each has where it comes from. */
const namesIn = (braces: string): { name: string; from: string }[] =>
  braces
    .split(',')
    .map((one) => one.trim().replace(/^type /, ''))
    .filter((one) => one !== '')
    .map((one) => {
      const [from, name = from] = one.split(' as ');
      return { name, from };
    });

/** Follows a name to its declaration. */
function declared(file: string, name: string): Exported {
  const text = readFileSync(file, 'utf8');
  const declaration = new RegExp(`${DECLARATION}${name}\\b`, 'm').exec(text);
  if (declaration) return { name, doc: docBefore(text, declaration.index), file };
  for (const [, braces, from] of text.matchAll(/^(?:export|import) (?:type )?\{([^}]*)\} from '([^']+)';/gm)) {
    const found = namesIn(braces).find((one) => one.name === name);
    if (found) return { ...declared(join(dirname(file), from), found.from), name };
  }
  throw new Error(`no declaration of ${name} in ${file}`);
}

/** Everything that a module exports, in order. */
export function exportsOf(file: string): Exported[] {
  const text = readFileSync(file, 'utf8');
  const found: Exported[] = [];
  const names = new RegExp(
    `${DECLARATION}(\\w+)|^export (?:type )?\\{([^}]*)\\} from|^export \\* as (\\w+) from|^export \\*`,
    'gm',
  );
  for (const match of text.matchAll(names)) {
    const [statement, own, braces, namespace] = match;
    if (own !== undefined) found.push(declared(file, own));
    else if (braces !== undefined) found.push(...namesIn(braces).map(({ name }) => declared(file, name)));
    else if (namespace !== undefined) found.push({ name: namespace, doc: docBefore(text, match.index), file });
    else throw new Error(`${file}: ${statement}: name what is exported`);
  }
  return found;
}

/** The first docstring of a module, which is about the module as a whole. */
export function packageDoc(file: string): Exported {
  const text = readFileSync(file, 'utf8');
  const end = text.indexOf('*/\n') + 3;
  return { name: 'package', doc: docBefore(text, end), file };
}

/** The code of the examples of a docstring. */
export const examplesOf = (doc: string): string[] =>
  [...doc.matchAll(/^@example.*\n```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);

/** What an example says that it prints: the comments behind its calls of `console.log`, in order. */
export const printsOf = (code: string): string[] =>
  [...code.matchAll(/console\.log\(.*\);? \/\/ (.+)$/gm)].map(([, comment]) => comment);

/**
 * True where what was printed is what a comment says: the comment may leave something out (`...`), and may go on with an
 * explanation behind a colon. White space does not matter.
 */
export function saysSo(comment: string, printed: string): boolean {
  const line = printed.trim().replace(/\s+/g, ' ');
  if (comment === line || comment.startsWith(`${line}: `)) return true;
  const parts = comment.split('...').map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return parts.length > 1 && new RegExp(`^${parts.join('.*')}$`).test(line);
}
