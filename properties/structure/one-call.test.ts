import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { command, type Ended, folder, ROOT } from '../support/cli.ts';

/**
 * A new call is listed by the compiler everywhere it is still missing. The tests take `vm_insert_pages` out of a copy of
 * the tree, and expect the type checker to name what is missing. The name is taken out alone. All other places are
 * checked in one run: each makes an error in a file of its own. `npm test` checks those in `reference/`.
 */

const DESCRIPTION = 'reference/calls/user/vm_insert_pages.ts';
const NAMES = 'reference/notation/names.ts';
const PARTS = ['reference', 'src', 'fixtures/simulator'];

/** What is taken out of a table: the entry from its name to the end of its braces, or of its line. */
const ENTRY = /^ {2}vm_insert_pages: (?:\{\n[\s\S]*?\n {2}\}|.*),\n/m;

/** The files that have an entry, and the file in which the compiler looks at the whole table. */
const ENTRIES = [
  { file: 'reference/calls/index.ts', table: 'reference/calls/index.ts' },
  { file: 'reference/naive/user.ts', table: 'reference/naive/explain.ts' },
  { file: 'reference/naive/arguments.ts', table: 'reference/naive/arguments.ts' },
  { file: 'src/targets/embedded/user.ts', table: 'src/targets/embedded/embedded.ts' },
  { file: 'src/output/export/kernel/calls/ptes.ts', table: 'src/output/export/kernel/calls/index.ts' },
  { file: 'src/output/export/plain/calls/ptes.ts', table: 'src/output/export/plain/calls/index.ts' },
];

/** The fields that the description must have. Each is taken out of a copy of the description beside it. */
const FIELDS = ['side', 'summary', 'noun', 'example', 'effect', 'effects', 'sees', 'outcomes', 'clauses', 'weight'];
const withoutField = (field: string): string => DESCRIPTION.replace('.ts', `-without-${field}.ts`);

/** Copies parts of the tree into a new folder. */
function copyOf(parts: readonly string[]): string {
  const copy = folder();
  for (const part of [...parts, 'package.json', 'tsconfig.json']) {
    mkdirSync(dirname(join(copy, part)), { recursive: true });
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

const check = (copy: string): Promise<Ended> =>
  command(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '--noEmit', '--pretty', 'false'], {
    cwd: copy,
  });

/** Writes a file of the copy, or a second one in `to`, without the part that matches. */
function takeOut(copy: string, file: string, what: RegExp, to = file): void {
  const text = readFileSync(join(copy, file), 'utf8');
  expect(text).toMatch(what);
  writeFileSync(join(copy, to), text.replace(what, ''));
}

test('the copy of the tree passes the type check', { tags: ['long'] }, async () => {
  const { code, stdout } = await check(copyOf(PARTS));
  expect(code, stdout).toBe(0);
});

test('without the name, the compiler says what is missing', { tags: ['long'] }, async () => {
  const copy = copyOf(PARTS);
  takeOut(copy, NAMES, /^ {2}'vm_insert_pages',\n/m);
  const { code, stdout } = await check(copy);
  expect(code).not.toBe(0);
  expect(stdout).toMatch(/vm_insert_pages/);
});

// The compiler checks the whole tree in some seconds, and `reference/` alone in one.
describe.each([
  { parts: ['reference'], tags: [] },
  { parts: PARTS, tags: ['long'] },
])('the compiler says what is missing, checking $parts', ({ parts, tags }) => {
  const entries = ENTRIES.filter(({ file }) => parts.some((part) => file.startsWith(`${part}/`)));
  /** The errors of each file. */
  const errors = new Map<string, string>();

  beforeAll(async () => {
    const copy = copyOf(parts);
    for (const { file } of entries) takeOut(copy, file, ENTRY);
    for (const field of FIELDS)
      takeOut(copy, DESCRIPTION, new RegExp(`^ {2}${field}: .*,\\n`, 'm'), withoutField(field));
    const { code, stdout } = await check(copy);
    expect(code).not.toBe(0);
    // An error starts with the file and the position; lines that explain it are indented.
    for (const error of stdout.split(/\n(?=\S)/)) {
      const file = error.slice(0, error.indexOf('('));
      errors.set(file, `${errors.get(file) ?? ''}${error}\n`);
    }
  });

  for (const { file, table } of entries)
    test(`in ${file}, without the entry`, { tags }, () => {
      expect(errors.get(table)).toMatch("Property 'vm_insert_pages' is missing");
    });

  for (const field of FIELDS)
    test(`in the description, without ${field}`, { tags }, () => {
      expect(errors.get(withoutField(field))).toMatch(`Property '${field}' is missing`);
    });
});
