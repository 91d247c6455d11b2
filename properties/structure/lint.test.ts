import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { command, type Ended, folder, ROOT } from '../support/cli.ts';

// The layers of each folder, from the bottom up. They stand in the lint configuration too: a layer moves in two places.
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  reference: ['notation', 'clauses', 'profiles', 'model', 'calls', 'judge', 'contract.ts'],
  src: ['common', 'targets', 'programs', 'findings', 'run', 'output', 'cli'],
  'src/programs': ['arguments.ts', 'look.ts', 'states', 'enumerate', 'generate', 'shrink', 'certify', 'arbitrary.ts'],
};

/** Two layers of a folder. */
interface Pair {
  readonly root: string;
  readonly lower: string;
  readonly upper: string;
}

const PAIRS: readonly Pair[] = Object.entries(LAYERS).flatMap(([root, layers]) =>
  layers.flatMap((lower, i) => layers.slice(i + 1).map((upper) => ({ root, lower, upper }))),
);

/** A file of a layer; the layer itself where it is a single file. */
const fileIn = (root: string, layer: string, name: string): string =>
  layer.endsWith('.ts') ? `${root}/${layer}` : `${root}/${layer}/${name}.ts`;

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
/** The part of `npm run lint` that checks imports: `depcruise src reference ...`. */
const [check] = (manifest.scripts.lint as string).split(' && ').filter((part) => part.startsWith('depcruise '));
const checkedFolders = check.split(' ').slice(1);

/** A tree that has the project's folders and lint configuration, and only the given files. */
function tree(files: Readonly<Record<string, string>>): string {
  const root = folder();
  for (const name of checkedFolders) mkdirSync(join(root, name));
  for (const name of ['.dependency-cruiser.mjs', 'package.json']) cpSync(join(ROOT, name), join(root, name));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** Runs the import check of `npm run lint` in a tree. */
const cruise = (cwd: string, ...more: string[]): Promise<Ended> => {
  const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  return command(process.execPath, [program, ...checkedFolders, ...more], { cwd });
};

interface Checked {
  /** As `rule: from -> to`. */
  readonly violations: readonly string[];
  /** The names of the rules that were checked. */
  readonly rules: readonly string[];
}

interface Summary {
  readonly violations: readonly {
    readonly from: string;
    readonly to: string;
    readonly rule: { readonly name: string };
  }[];
  readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] };
}

/** What the check finds in a tree. */
async function checked(cwd: string): Promise<Checked> {
  const { stdout, stderr } = await cruise(cwd, '--output-type', 'json');
  expect(stderr).toBe('');
  const { violations, ruleSetUsed }: Summary = JSON.parse(stdout).summary;
  const inPackage = /^.*node_modules\/((?:@[^/]+\/)?[^/]+).*$/;
  return {
    violations: violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to.replace(inPackage, '$1')}`),
    rules: ruleSetUsed.forbidden.map(({ name }) => name),
  };
}

const importOf = (from: string, to: string): string => {
  const specifier = posix.relative(posix.dirname(from), to);
  return `import '${specifier.startsWith('.') ? specifier : `./${specifier}`}';\n`;
};

/** A file that imports another one, and that other file. */
const planted = (from: string, to: string): Record<string, string> => ({ [to]: '', [from]: importOf(from, to) });

/** Files of all layers: each imports every layer above it, or every layer below it. */
function arrows(direction: 'upwards' | 'downwards'): Record<string, string> {
  const files: Record<string, string> = {};
  for (const { root, lower, upper } of PAIRS) {
    const [from, to] = direction === 'upwards' ? [lower, upper] : [upper, lower];
    const [file, leaf] = [fileIn(root, from, 'imports'), fileIn(root, to, 'leaf')];
    files[leaf] ??= '';
    files[file] = (files[file] ?? '') + importOf(file, leaf);
  }
  return files;
}

describe('the import check of `npm run lint`', () => {
  test('passes on the project', { tags: ['long'] }, async () => {
    const { code, stdout } = await cruise(ROOT);
    expect(stdout).toMatch(/no dependency violations found \([1-9][0-9]{2,} modules/);
    expect(code).toBe(0);
  });

  test('passes where every import points downwards', async () => {
    expect((await checked(tree(arrows('downwards')))).violations).toEqual([]);
  });

  test('fails with a message that names the two files', async () => {
    const { code, stdout } = await cruise(tree(planted('src/targets/planted.ts', 'src/cli/main.ts')));
    expect(code).not.toBe(0);
    expect(stdout).toContain('src-targets-imports-downwards-only: src/targets/planted.ts → src/cli/main.ts');
  });
});

const typeImport = (from: string): string =>
  `import type { Planted } from '${from}';\nexport interface Imports { readonly other?: Planted }\n`;

/** Further mistakes, each with what the check must report. A cycle is reported once. */
const MISTAKES: readonly (readonly [title: string, files: Record<string, string>, reported: string])[] = [
  [
    'a cycle of two files',
    { 'src/run/one.ts': "import './two.ts';\n", 'src/run/two.ts': "import './one.ts';\n" },
    'no-cycle: src/run/one.ts -> src/run/two.ts',
  ],
  [
    'a cycle of three files that import types only',
    {
      'reference/model/one.ts': typeImport('./two.ts'),
      'reference/model/two.ts': typeImport('./three.ts'),
      'reference/model/three.ts': typeImport('./one.ts'),
    },
    'no-cycle: reference/model/one.ts -> reference/model/two.ts',
  ],
  [
    'a cycle in the simulator',
    { 'fixtures/simulator/one.ts': "import './two.ts';\n", 'fixtures/simulator/two.ts': "import './one.ts';\n" },
    'no-cycle: fixtures/simulator/one.ts -> fixtures/simulator/two.ts',
  ],
  [
    'an oracle that reads files',
    { 'reference/judge/reads.ts': "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n" },
    'reference-is-pure: reference/judge/reads.ts -> fs',
  ],
  [
    'an oracle that uses a package',
    { 'reference/calls/checks.ts': "import fc from 'fast-check';\nexport const check = fc;\n" },
    'reference-is-pure: reference/calls/checks.ts -> fast-check',
  ],
  [
    'an oracle that imports the kit',
    planted('reference/judge/words.ts', 'src/common/words.ts'),
    'reference-is-pure: reference/judge/words.ts -> src/common/words.ts',
  ],
  [
    'a naive specification that imports the model',
    planted('reference/naive/models.ts', 'reference/model/known.ts'),
    'naive-imports-the-notation-only: reference/naive/models.ts -> reference/model/known.ts',
  ],
  [
    'a judge that imports the naive specification',
    planted('reference/judge/naive.ts', 'reference/naive/state.ts'),
    'oracle-does-not-import-naive: reference/judge/naive.ts -> reference/naive/state.ts',
  ],
  [
    'a simulator that imports the oracle',
    planted('fixtures/simulator/models.ts', 'reference/model/known.ts'),
    'simulator-does-not-judge: fixtures/simulator/models.ts -> reference/model/known.ts',
  ],
  [
    'a kit that imports a test',
    planted('src/output/tests.ts', 'properties/support/cli.ts'),
    'kit-does-not-import-tests-or-benchmarks: src/output/tests.ts -> properties/support/cli.ts',
  ],
  [
    'a kit that imports its entry point',
    planted('src/cli/entry.ts', 'src/index.ts'),
    'layers-do-not-import-the-entry-points: src/cli/entry.ts -> src/index.ts',
  ],
  [
    'a kit that imports its entry point by the name of the package',
    { 'src/cli/self.ts': "import { run } from 'mmspec';\nexport const planted = run;\n" },
    'layers-do-not-import-the-entry-points: src/cli/self.ts -> mmspec',
  ],
  [
    'a kit that imports a package which users do not get',
    { 'src/cli/yaml.ts': "import { parse } from 'yaml';\nexport const planted = parse;\n" },
    'shipped-code-imports-shipped-packages: src/cli/yaml.ts -> yaml',
  ],
  [
    'an import of a missing file',
    { 'bench/missing.ts': "import './nothing.ts';\n" },
    'no-unresolved-import: bench/missing.ts -> ./nothing.ts',
  ],
];

/** What the check must report for two layers of `arrows('upwards')`. */
const upward = ({ root, lower, upper }: Pair): string =>
  `${root}-${lower}-imports-downwards-only: ${fileIn(root, lower, 'imports')} -> ${fileIn(root, upper, 'leaf')}`;

describe('the import check fails on', () => {
  let found: readonly string[];
  let rules: readonly string[];

  beforeAll(async () => {
    const files = Object.assign(arrows('upwards'), ...MISTAKES.map(([, planted]) => planted));
    ({ violations: found, rules } = await checked(tree(files)));
  });

  test.each(PAIRS)('an import of $root/$upper in $root/$lower', (pair) => {
    expect(found).toContain(upward(pair));
  });

  test.each(MISTAKES)('%s', (_title, _files, reported) => {
    expect(found).toContain(reported);
  });

  test('nothing else', () => {
    expect([...found].sort()).toEqual([...PAIRS.map(upward), ...MISTAKES.map(([, , reported]) => reported)].sort());
  });

  test('each of its rules', () => {
    const broken = new Set(found.map((line) => line.slice(0, line.indexOf(':'))));
    expect(rules.filter((name) => !broken.has(name))).toEqual([]);
    expect(rules.length).toBeGreaterThan(10);
  });
});
