import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test, vi } from 'vitest';
import { reportKcidb } from '../../src/output/report/kcidb.ts';
import { reportKtap } from '../../src/output/report/ktap.ts';
import { writeReports } from '../../src/output/report/reporters.ts';
import { parseExpectations } from '../../src/run/expect/file.ts';
import type { Report } from '../../src/run/report/report.ts';
import { folder } from '../support/cli.ts';
import schema from '../support/kcidb-5.3.schema.json' with { type: 'json' };
import { kernelSources } from '../support/kernel-sources.ts';
import { reportOf } from '../support/report.ts';
import { NO_ORDER, STALE } from '../support/traces.ts';

/** Reports in the forms that tools of kernel developers read. */

const [LISTED, GONE] = parseExpectations(
  'ALIAS-1 0123abcd bug=https://example.org/1 : It is known.\nVA-1 89abcdef bug=https://example.org/2 : So was this.',
).map((entry) => ({ entry, file: 'mmspec.expect', met: 0 }));

const VIOLATED = reportOf(STALE, NO_ORDER);
const REPORTS: Readonly<Record<string, Report>> = {
  violated: VIOLATED,
  held: { ...VIOLATED, findings: [] },
  'with a kernel': {
    ...VIOLATED,
    machine: {
      release: '6.12.7',
      version: 'build 01',
      commit: '0123456789abcdef0123456789abcdef01234567',
      options: ['KASAN'],
      cpus: 2,
      emulator: 'QEMU 7.2.22',
      accelerator: 'tcg, thread=single',
    },
  },
  'with listed divergences': {
    ...reportOf(STALE),
    findings: [],
    expected: [
      { ...LISTED, met: 1, shown: { failed: 1, of: 1 } },
      { ...GONE, shown: { failed: 0, of: 9 } },
    ],
  },
  interrupted: { ...VIOLATED, findings: [], interrupted: true, targetFailures: 2 },
};

interface Kcidb {
  readonly checkouts: readonly { readonly id: string; readonly git_commit_hash?: string }[];
  readonly builds: readonly { readonly id: string; readonly checkout_id: string }[];
  readonly tests: readonly {
    readonly id: string;
    readonly build_id: string;
    readonly path: string;
    readonly status: string;
    readonly log_excerpt?: string;
  }[];
  readonly issues: readonly { readonly id: string; readonly report_url?: string }[];
  readonly incidents: readonly { readonly issue_id: string; readonly test_id: string; readonly present: boolean }[];
}

const kcidbOf = (report: Report): Kcidb => JSON.parse(reportKcidb(report, {}));

const statusOf = ({ tests }: Kcidb, path: string): string | undefined => tests.find((one) => one.path === path)?.status;

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
addFormats.default(ajv);
const validate = ajv.compile(schema);

describe.each(Object.keys(REPORTS))('a report %s', (name) => {
  const report = REPORTS[name];

  test('is valid KCIDB data, whose objects belong together', () => {
    const data = kcidbOf(report);
    validate(data);
    expect(validate.errors ?? []).toEqual([]);
    const ids = data.tests.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(data.builds.map(({ checkout_id }) => checkout_id)).toEqual(data.checkouts.map(({ id }) => id));
    for (const { build_id } of data.tests) expect(build_id).toBe(data.builds[0].id);
    for (const { test_id } of data.incidents) expect(ids).toContain(test_id);
    expect(data.incidents.map(({ issue_id }) => issue_id)).toEqual(data.issues.map(({ id }) => id));
  });

  test.skipIf(kernelSources === undefined || !existsSync(join(kernelSources, 'tools/testing/kunit/kunit.py')))(
    'is KTAP that kunit.py accepts',
    () => {
      const file = join(folder(), 'report.ktap');
      writeFileSync(file, reportKtap(report));
      const tool = join(kernelSources!, 'tools/testing/kunit/kunit.py');
      const text = parsed('python3', [tool, 'parse', file]);
      expect(text).not.toContain('[ERROR]');
      const [, total] = /Ran (\d+) tests/.exec(text) ?? [];
      expect(Number(total)).toBe(reportKtap(report).match(/^ {4}(?:not )?ok /gm)?.length);
      expect(text).toMatch(/mmspec\.contract \(\d+ subtests\)/);
    },
  );
});

/** Standard output of a command, whatever its exit code is: the tool fails where a test failed. */
function parsed(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
}

test('KCIDB gets the status of each clause, and why it failed', () => {
  const data = kcidbOf(VIOLATED);
  expect(statusOf(data, 'mmspec')).toBe('FAIL');
  expect(statusOf(data, 'mmspec.contract.ALIAS-1')).toBe('FAIL');
  expect(statusOf(data, 'mmspec.contract.VA-1')).toBe('PASS');
  expect(statusOf(data, 'mmspec.contract.MAD-1')).toBe('SKIP');
  expect(data.tests.find(({ path }) => path === 'mmspec.contract.ALIAS-1')?.log_excerpt).toContain('# breaks ALIAS-1');
  expect(statusOf(kcidbOf(REPORTS.interrupted), 'mmspec.run.complete')).toBe('ERROR');
  expect(kcidbOf(REPORTS['with a kernel']).checkouts[0].git_commit_hash).toMatch(/^0123456789abcdef/);
});

test('a listed divergence becomes an issue, and an incident says whether it shows', () => {
  const { issues, incidents } = kcidbOf(REPORTS['with listed divergences']);
  expect(issues.map(({ report_url }) => report_url)).toEqual(['https://example.org/1', 'https://example.org/2']);
  expect(incidents.map(({ present }) => present)).toEqual([true, false]);
});

test('the schema refuses what is not KCIDB data', () => {
  const data = kcidbOf(VIOLATED);
  expect(validate({ ...data, version: { major: 4 } })).toBe(false);
  expect(validate({ ...data, tests: [{ ...data.tests[0], status: 'XFAIL' }] })).toBe(false);
  expect(validate({ ...data, tests: [{ ...data.tests[0], id: 'no-colon' }] })).toBe(false);
  expect(validate({ ...data, tests: [{ ...data.tests[0], path: 'a b' }] })).toBe(false);
});

test('the name of the CI system comes from a variable, and must be one that KCIDB takes', () => {
  const { tests } = JSON.parse(reportKcidb(VIOLATED, { MMSPEC_KCIDB_ORIGIN: 'my_ci' }));
  expect(tests[0].id).toMatch(/^my_ci:/);
  expect(() => reportKcidb(VIOLATED, { MMSPEC_KCIDB_ORIGIN: 'My CI' })).toThrow(
    'MMSPEC_KCIDB_ORIGIN=My CI: expected small letters, digits and underscores, such as my_ci',
  );
});

test('a report that cannot be made keeps no other from being written', async () => {
  vi.stubEnv('MMSPEC_KCIDB_ORIGIN', 'My CI');
  const [kcidb, json] = ['kcidb.json', 'report.json'].map((name) => join(folder(), name));
  const wanted = [
    { kind: 'kcidb', file: kcidb },
    { kind: 'json', file: json },
  ] as const;
  await expect(writeReports(VIOLATED, wanted)).rejects.toThrow('MMSPEC_KCIDB_ORIGIN=My CI: expected small letters');
  expect([kcidb, json].map(existsSync)).toEqual([false, true]);
  vi.unstubAllEnvs();
});

test('KTAP has a test for each group, with a subtest for each clause', () => {
  const text = reportKtap(VIOLATED);
  const lines = text.split('\n');
  expect(lines.slice(2, 6)).toEqual([
    '1..2',
    '    KTAP version 1',
    '    # Subtest: mmspec.contract',
    expect.stringMatching(/^ {4}1\.\.\d+$/),
  ]);
  expect(text).toMatch(/^ {4}# .*# breaks ALIAS-1$/m);
  expect(text).toMatch(/^ {4}not ok \d+ ALIAS-1$/m);
  expect(text).toMatch(/^not ok 1 mmspec\.contract$/m);
});
