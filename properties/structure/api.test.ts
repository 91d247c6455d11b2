import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { examplesOf, exportsOf, packageDoc, printsOf, saysSo } from '../support/api.ts';
import { command, folder, ROOT } from '../support/cli.ts';

// What users import has a docstring with an example, and every example works.

const MODULES = { mmspec: 'src/index.ts', 'mmspec/vitest': 'src/vitest.ts' };

const EXPORTS = Object.entries(MODULES).flatMap(([module, file]) =>
  [packageDoc(join(ROOT, file)), ...exportsOf(join(ROOT, file))].map((exported) => ({ ...exported, module })),
);

/** Files of examples, inside the checkout: they import the kit, and packages, as its own tests do. */
const SCRATCH = join(ROOT, '.mmspec', 'api-examples');

const EXAMPLES = EXPORTS.flatMap(({ name, module, doc }, i) =>
  examplesOf(doc).map((code, j) => ({ name, module, code, file: join(SCRATCH, `${i}-${j}-${name}.ts`) })),
);

/** The names whose examples run many programs. */
const SLOW: ReadonlySet<string> = new Set(['Base', 'Finding', 'Jobs', 'package', 'run', 'shrink', 'untested']);

beforeAll(() => {
  rmSync(SCRATCH, { recursive: true, force: true });
  mkdirSync(SCRATCH, { recursive: true });
  for (const { file, code } of EXAMPLES) writeFileSync(file, code);
});
afterAll(() => rmSync(SCRATCH, { recursive: true, force: true }));

describe('the exported name', () => {
  test.each(EXPORTS)('$name of $module has a docstring with an example', ({ name, doc }) => {
    expect(doc.split(/^@/m)[0].trim(), `the docstring of ${name}`).not.toBe('');
    expect(examplesOf(doc).length, `examples of ${name}`).toBeGreaterThan(0);
  });

  test('is one of the names that the module has', async () => {
    const values = Object.keys(await import('mmspec'));
    expect(EXPORTS.filter(({ module }) => module === 'mmspec').map(({ name }) => name)).toEqual(
      expect.arrayContaining(values),
    );
    expect(values.length).toBeGreaterThan(20);
  });
});

describe('the example of', () => {
  test('every name passes the type check', { tags: ['long'] }, async () => {
    const config = { extends: '../../tsconfig.json', compilerOptions: { noUnusedLocals: false }, include: ['.'] };
    writeFileSync(join(SCRATCH, 'tsconfig.json'), JSON.stringify(config));
    const { code, stdout } = await command(process.execPath, [
      join(ROOT, 'node_modules/typescript/bin/tsc'),
      '--project',
      SCRATCH,
    ]);
    expect(stdout).toBe('');
    expect(code).toBe(0);
  });

  async function runs({ file, code }: (typeof EXAMPLES)[number]): Promise<void> {
    const lines: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((...values) => lines.push(format(...values)));
    try {
      await import(file);
    } finally {
      log.mockRestore();
    }
    let from = 0;
    for (const comment of printsOf(code)) {
      const at = lines.findIndex((line, i) => i >= from && saysSo(comment, line));
      expect(at, `a line \`${comment}\` among what is printed:\n${lines.slice(from).join('\n')}`).toBeGreaterThan(-1);
      from = at + 1;
    }
  }

  const ofModule = EXAMPLES.filter(({ module }) => module === 'mmspec');
  test.each(ofModule.filter(({ name }) => !SLOW.has(name)))('$name runs', runs);
  test.each(ofModule.filter(({ name }) => SLOW.has(name)))('$name runs', { tags: ['long'] }, runs);

  describe('vitest', { tags: ['long'] }, () => {
    const inVitest = EXAMPLES.filter(({ module }) => module === 'mmspec/vitest');
    const cwd = join(SCRATCH, 'in-vitest');
    let results: readonly { readonly name: string; readonly assertionResults: readonly { status: string }[] }[];

    // One process runs all of them.
    beforeAll(async () => {
      mkdirSync(cwd);
      for (const { name, code } of inVitest) writeFileSync(join(cwd, `${name}.test.ts`), code);
      const config = join(cwd, 'vitest.config.ts');
      writeFileSync(
        config,
        `import config from '../../../vitest.config.ts';
export default { ...config, test: { ...config.test, include: ['**/*.test.ts'], reporters: ['json'] } };
`,
      );
      const args = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', cwd, '--config', config];
      const { code, stdout, stderr } = await command(process.execPath, args);
      expect(code, stdout + stderr).toBe(0);
      results = JSON.parse(stdout).testResults;
    });

    test.each(inVitest)('$name runs', ({ name }) => {
      const { assertionResults } = results.find((result) => result.name === join(cwd, `${name}.test.ts`))!;
      const statuses = new Set(assertionResults.map(({ status }) => status));
      expect(statuses).toContain('passed');
      expect(statuses).not.toContain('failed');
    });
  });
});

test('a name without an example is noticed', () => {
  const file = join(folder(), 'index.ts');
  writeFileSync(
    file,
    `/** Says nothing of how it is used. */
export const bare = 1;

export type Undocumented = string;

/**
 * Adds.
 *
 * @example
 * \`\`\`ts
 * console.log(1 + 1); // 2
 * \`\`\`
 */
export function documented(): void {}
`,
  );
  const found = exportsOf(file).map(({ name, doc }) => [name, doc.split('\n')[0], examplesOf(doc)]);
  expect(found).toEqual([
    ['bare', 'Says nothing of how it is used.', []],
    ['Undocumented', '', []],
    ['documented', 'Adds.', ['console.log(1 + 1); // 2\n']],
  ]);
  expect(printsOf('console.log(1 + 1); // 2\n')).toEqual(['2']);
  expect([saysSo('2', '2'), saysSo('2: two', '2'), saysSo('[ 1, ... ]', '[ 1, 2 ]'), saysSo('3', '2')]).toEqual([
    true,
    true,
    true,
    false,
  ]);
});
