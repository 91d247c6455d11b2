import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { command, folder, ROOT } from '../support/cli.ts';

/**
 * A new call is listed by the compiler everywhere it is still missing. The test takes `vm_insert_pages` out of one place
 * at a time, in a copy of the tree, and expects the type checker to name what is missing.
 */

const DESCRIPTION = 'reference/calls/user/vm_insert_pages.ts';
const PARTS = ['reference', 'src', 'fixtures/simulator', 'package.json', 'tsconfig.json'];

/** A table entry from its name to the end of its braces, or of its line. */
const entry = /^ {2}vm_insert_pages: (?:\{\n[\s\S]*?\n {2}\}|.*),\n/m;
const facet = (name: string): RegExp => new RegExp(`^ {2}${name}: .*,\\n`, 'm');

const PLACES: readonly (readonly [where: string, name: string, what: RegExp, missing: RegExp])[] = [
  ['reference/notation/names.ts', 'the name', /^ {2}'vm_insert_pages',\n/m, /vm_insert_pages/],
  ['reference/calls/index.ts', 'the entry', entry, /vm_insert_pages/],
  ['reference/naive/user.ts', 'the entry', entry, /vm_insert_pages/],
  ['reference/naive/arguments.ts', 'the entry', entry, /vm_insert_pages/],
  ['src/targets/embedded/user.ts', 'the entry', entry, /vm_insert_pages/],
  ['src/output/export/kernel/calls/ptes.ts', 'the entry', entry, /vm_insert_pages/],
  ['src/output/export/plain/calls/ptes.ts', 'the entry', entry, /vm_insert_pages/],
  [DESCRIPTION, 'side', facet('side'), /side/],
  [DESCRIPTION, 'summary', facet('summary'), /summary/],
  [DESCRIPTION, 'noun', facet('noun'), /noun/],
  [DESCRIPTION, 'example', facet('example'), /example/],
  [DESCRIPTION, 'effect', facet('effect'), /effect/],
  [DESCRIPTION, 'effects', facet('effects'), /effects/],
  [DESCRIPTION, 'sees', facet('sees'), /sees/],
  [DESCRIPTION, 'outcomes', facet('outcomes'), /outcomes/],
  [DESCRIPTION, 'clauses', facet('clauses'), /clauses/],
  [DESCRIPTION, 'weight', facet('weight'), /weight/],
];

let copy: string;

beforeAll(() => {
  copy = folder();
  for (const part of PARTS) {
    mkdirSync(dirname(join(copy, part)), { recursive: true });
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});

const check = () =>
  command(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '--noEmit'], { cwd: copy });

test('the copy of the tree passes the type check', async () => {
  const { code, stdout } = await check();
  expect(code, stdout).toBe(0);
});

test.each(PLACES)('in %s, without %s, the compiler says what is missing', async (where, _, what, missing) => {
  const file = join(copy, where);
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(what);
  try {
    writeFileSync(file, text.replace(what, ''));
    const { code, stdout } = await check();
    expect(code).not.toBe(0);
    expect(stdout).toMatch(missing);
  } finally {
    writeFileSync(file, text);
  }
});
