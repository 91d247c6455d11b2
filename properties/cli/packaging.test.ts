import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { command, type Ended, folder, ROOT } from '../support/cli.ts';
import { packKit } from '../support/installed.ts';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

async function seconds<T>(act: () => Promise<T>): Promise<{ result: T; took: number }> {
  const from = performance.now();
  const result = await act();
  return { result, took: (performance.now() - from) / 1000 };
}

function bytesIn(path: string): number {
  const sizes = readdirSync(path, { recursive: true, withFileTypes: true }).map((entry) =>
    entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0,
  );
  return sizes.reduce((total, size) => total + size, 0);
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(2)} MB`;

describe('the packed kit in an empty folder', { tags: ['long'] }, () => {
  let cwd: string;
  const kit = (...args: string[]): Promise<Ended> =>
    command(process.execPath, [join(cwd, 'node_modules/mmspec/bin/mmspec.mjs'), ...args], { cwd });

  beforeAll(async () => {
    cwd = folder();
    const tarball = await packKit();
    writeFileSync(join(cwd, 'package.json'), '{ "private": true, "type": "module" }\n');
    const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball];
    const { result, took } = await seconds(() => command('npm', install, { cwd }));
    expect(result.code, result.stderr).toBe(0);
    const starts = [];
    for (let i = 0; i < 3; i++) starts.push((await seconds(() => kit('run', '--programs', '1', '--seed', '1'))).took);
    const { size } = statSync(tarball);
    process.stdout.write(
      `packed ${megabytes(size)}, unpacked ${megabytes(bytesIn(join(cwd, 'node_modules/mmspec')))}, installed ${megabytes(bytesIn(join(cwd, 'node_modules')))} in ${took.toFixed(1)} s, start to the end of the first judged program ${Math.min(...starts).toFixed(2)} s\n`,
    );
  });

  test('has what it needs, and nothing of what it is made from', () => {
    const there = (path: string): boolean => existsSync(join(cwd, 'node_modules/mmspec', path));
    for (const path of [
      'LICENSE',
      'CHANGELOG.md',
      'dist/src/index.d.ts',
      'schema/report.schema.json',
      'fixtures/linux/abi.h',
      'fixtures/ci/github/mmspec.yml',
    ]) {
      expect(there(path), path).toBe(true);
    }
    const sources = ['src', 'reference', 'properties', 'bench', 'docs', 'examples', 'node_modules'];
    const built = ['dist/bench', 'dist/properties', 'dist/docs'];
    for (const path of [...sources, ...built, 'fixtures/ci/lint', '.github', '.ci'])
      expect(there(path), path).toBe(false);
  });

  test('runs', async () => {
    expect((await kit('--version')).stdout).toBe(`${manifest.version}\n`);
    const ended = await kit(
      'gate',
      '--seed',
      '1',
      '--programs',
      '300',
      '--no-explore',
      '--report',
      'json:r.json',
      '--report',
      'html:r.html',
    );
    expect(ended.code, ended.stderr).toBe(0);
    const { phases } = JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'));
    expect(phases.find(({ name }: { name: string }) => name === 'directed').done).toBeGreaterThan(24);
    expect(
      (await kit('gate', '--target', 'mutant:zap-misses-last-page', '--no-explore', '--seed', '1', '--programs', '0'))
        .code,
    ).toBe(1);
  });

  test('can be imported, and its schema too', async () => {
    writeFileSync(
      join(cwd, 'use.js'),
      `import { parse, run, VOCABULARY } from 'mmspec';
import schema from 'mmspec/schema/report.json' with { type: 'json' };
const report = await run({ target: 'embedded', budget: { programs: 5 } });
console.log([report.programs, typeof parse, VOCABULARY.has('vmap'), schema.title].join(' '));
`,
    );
    const ended = await command(process.execPath, ['--no-warnings', 'use.js'], { cwd });
    expect(ended.stdout, ended.stderr).toBe('5 function true A report of mmspec\n');
  });

  test.each([
    ['nodenext', 'nodenext'],
    ['node16', 'node16'],
    ['esnext', 'bundler'],
  ])('has types for users with module %s and moduleResolution %s', async (module, moduleResolution) => {
    writeFileSync(
      join(cwd, 'types.ts'),
      `import fc from 'fast-check';
import { type DirectTarget, type Explanation, explain, type Finding, judge, parse, programs, type Report, run, shrink } from 'mmspec';
import { conformance, type ConformanceOptions } from 'mmspec/vitest';

export const options: ConformanceOptions = { steps: 1000 };
export async function use(target: DirectTarget): Promise<Report> {
  const drawn: fc.Arbitrary<{ readonly cpus: number }> = programs(target);
  const [{ program }] = parse('').entries.map(({ trace }) => trace);
  const finding: Finding | undefined = await shrink(program, { target });
  const explanation: Explanation | undefined = await explain(program, { target });
  // @ts-expect-error: a number is no trace
  judge(7);
  conformance(target, options);
  return [drawn, finding, explanation].length > 0 ? run({ target }) : run({ target: 'embedded' });
}
`,
    );
    const compilerOptions = { module, moduleResolution, target: 'es2022', strict: true, noEmit: true, types: [] };
    writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['types.ts'] }));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const ended = await command(process.execPath, [tsc, '--project', cwd], { cwd });
    expect(ended.stdout).toBe('');
    expect(ended.code).toBe(0);
  });

  test('takes a target that is written in TypeScript', async () => {
    cpSync(join(ROOT, 'examples/typescript-module/target.ts'), join(cwd, 'target.ts'));
    const ended = await kit('run', '--target', './target.ts', '--programs', '300', '--seed', '1');
    // The example has a planted bug.
    expect(ended.code, ended.stderr).toBe(1);
    expect(ended.stdout).toContain('ALIAS-1');
  });
});

test('the manifest says what a registry and its users need', () => {
  expect(manifest).toMatchObject({ license: 'MIT', engines: { node: '>=20.19' }, publishConfig: { provenance: true } });
  expect(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')).toContain(`## ${manifest.version}`);
  expect(Object.keys(manifest.exports)).toEqual(['.', './vitest', './schema/report.json', './package.json']);
});

test('locks name no host', () => {
  for (const path of ['package-lock.json', 'fixtures/ci/lint/package-lock.json'])
    expect(readFileSync(join(ROOT, path), 'utf8')).not.toContain('"resolved"');
});
