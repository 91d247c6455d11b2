import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../src/run/run.ts';
import { checkAdapter } from '../../src/targets/check/index.ts';
import { adapterFile, bad } from '../support/wire.ts';

const folder = mkdtempSync(join(tmpdir(), 'mmspec-adapters-'));
const built = (name: string): string => join(folder, name);

/** Builds an adapter without a warning. */
function compile(command: string, ...args: string[]): void {
  const said = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  expect(said).toBe('');
}

const cc = (name: string, ...flags: string[]): void =>
  compile(
    'cc',
    '-std=c99',
    '-O2',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-pedantic',
    ...flags,
    '-o',
    built(name),
    adapterFile('c/adapter.c'),
  );

beforeAll(() => {
  cc('c');
  cc('c-local-flush', '-DFAULT_LOCAL_FLUSH');
  compile('rustc', '--edition', '2021', '-O', '-D', 'warnings', '-o', built('rust'), adapterFile('rust/adapter.rs'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const python = `exec:python3 '${adapterFile('python/adapter.py')}'`;
const adapters = [
  ['C', `exec:${built('c')}`],
  ['Rust', `exec:${built('rust')}`],
  ['Python', python],
] as const;

describe.each(adapters)('the adapter in %s', (_language, spec) => {
  test('passes check-adapter', async () => {
    const said: string[] = [];
    const report = await checkAdapter(spec, { line: (line) => said.push(line) });
    expect(said.filter((line) => line.startsWith('FAIL'))).toEqual([]);
    expect(report.exitCode).toBe(0);
    expect(report.results.filter((result) => result.outcome === 'pass').length).toBeGreaterThan(24);
    const blocks = said.filter((line) => line.startsWith('pass') && line.includes('block'));
    expect(blocks.length).toBe(spec.endsWith('rust') ? 6 : 0);
  });

  test('conforms', async () => {
    const report = await run({ target: spec, budget: { steps: 20_000 } });
    expect(report.findings).toEqual([]);
    expect(report.steps).toBeGreaterThanOrEqual(20_000);
  });
});

describe('with a seeded fault the right clause is broken', () => {
  test.each([
    ['C, -DFAULT_LOCAL_FLUSH', `exec:${built('c-local-flush')}`, 'ALIAS-1'],
    ['Rust, --fault no-guard', `exec:${built('rust')} --fault no-guard`, 'VA-3'],
    ['Python, --fault dirty-vzalloc', `${python} --fault dirty-vzalloc`, 'VM-2'],
  ])('%s', async (_fault, spec, clause) => {
    const report = await run({ target: spec, budget: { steps: 20_000 }, bail: true });
    expect(report.findings.map((finding) => finding.violation.clause.id)).toContain(clause);
  });
});

describe('what is declared is what counts', () => {
  test('flushing before return is caught where it is not so', async () => {
    const report = await run({
      target: `exec:${built('c')}`,
      traits: { tlb: 'before-return' },
      budget: { steps: 20_000 },
      bail: true,
    });
    expect(report.findings.map((finding) => finding.violation.clause.id)).toContain('UNMAP-2');
  });

  test('an early flush is within the rights of a lazy implementation', async () => {
    const report = await run({ target: python, traits: { tlb: 'lazy' }, budget: { steps: 10_000 } });
    expect(report.findings).toEqual([]);
  });
});

test('check-adapter says what is wrong, and what was expected', async () => {
  const told = async (deed: string, when: string) => {
    const lines: string[] = [];
    const report = await checkAdapter(bad(deed, '--when', `'${when}'`), {
      line: (line) => lines.push(line),
      timeout: 4000,
    });
    expect(report.exitCode).toBe(3);
    return lines.join('\n');
  };
  expect(await told('other-trace', 'read hole')).toMatch(
    /expected: => OUTCOME of step 2 of [0-9]+\n {4}got: {6}end [0-9]+/,
  );
  expect(await told('wrong-version', '')).toMatch(/expected: mmspec target 1\n {4}got: {6}mmspec target 9/);
  expect(await told('half-line', 'a0 = vmap')).toMatch(
    /expected: @0 a0 = vmap f0 f1 => address or null\n {4}got: {6}=> 0xffff-/,
  );
});

describe('check-adapter catches wrong times of parallel blocks', () => {
  const checked = async (deed: string) => {
    const { results } = await checkAdapter(bad(deed), { line: () => {}, timeout: 2000 });
    return new Map(results.map(({ check, failure }) => [check.name, failure?.expected]));
  };

  test.each([
    ['times-missing', 'parallel blocks', /OUTCOME \[CALLED RETURNED\]$/],
    ['times-backwards', 'parallel blocks', /called before it returns$/],
    ['times-twice', 'parallel blocks', /^each number only once$/],
    ['times-of-others', 'parallel blocks', /^the steps of a lane one after the other/],
    ['times-go-on', 'several blocks', /the counter starts at 1 in each block$/],
    ['times-everywhere', 'before and after a block', /^no times outside a block$/],
    ['times-too-early', 'logical times', /^1 or more, as that was written before$/],
  ])('%s', async (deed, check, expected) => {
    expect((await checked(deed)).get(check)).toMatch(expected);
  });

  test('and finds nothing wrong with right ones', async () => {
    const found = await checked('times-right');
    for (const name of ['parallel blocks', 'several blocks', 'before and after a block', 'logical times'])
      expect(found.get(name)).toBeUndefined();
  });
});

test('programs are as short, and their lines, as the adapter asks for', async () => {
  const script = built('limited.mjs');
  writeFileSync(
    script,
    `import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
const adapter = ${JSON.stringify(adapterFile('python/adapter.py'))};
const child = spawn('python3', [adapter], { stdio: ['inherit', 'pipe', 'inherit'] });
createInterface(child.stdout).on('line', (line) => {
  process.stdout.write((line === 'ready' ? 'limit line 70\\nlimit steps 30\\nready' : line) + '\\n');
});
`,
  );
  const report = await run({ target: `exec:${process.execPath} ${script}`, budget: { programs: 400 } });
  expect(report.findings).toEqual([]);
  expect(report.programs).toBe(400);
});
