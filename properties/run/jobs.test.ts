import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/common/errors.ts';
import { Campaign } from '../../src/run/campaign/campaign.ts';
import { jobsOf } from '../../src/run/campaign/jobs/number.ts';
import type { CampaignOptions } from '../../src/run/campaign/options.ts';
import { plan, withPlan } from '../../src/run/plan.ts';
import type { ReportData } from '../../src/run/report/data.ts';
import { embedded } from '../../src/targets/embedded/index.ts';
import { type OpenTarget, openDirect } from '../../src/targets/open.ts';
import { bad } from '../support/adapters.ts';
import { type CommandOptions, folder, mmspec, ROOT } from '../support/cli.ts';
import { isAlive, until } from '../support/processes.ts';

/** The JSON report of a command, and its exit code. */
async function reportOf(
  args: readonly string[],
  options?: CommandOptions,
): Promise<ReportData & { code: number | null }> {
  const { code, stdout, stderr } = await mmspec([...args, '--report', 'json'], { cwd: folder(), ...options });
  if (stdout === '') throw new Error(stderr);
  return { ...(JSON.parse(stdout) as ReportData), code };
}

/** The same without times. */
const timeless = ({ time: _, ...report }: ReportData & { code: number | null }) => report;

/** Expects the same report from one job and from others; returns it. */
async function sameReport(args: readonly string[], ...jobs: readonly number[]): Promise<ReportData> {
  const one = await reportOf([...args, '--jobs', '1']);
  for (const number of jobs)
    expect(timeless(await reportOf([...args, '--jobs', String(number)]))).toEqual(timeless(one));
  return one;
}

/**
 * The path of a module with a target that notes its process id. In its code, `instance` is 0 for the campaign's own target,
 * then 1 and 2 for those of two jobs.
 */
function notingModule(text: string): { readonly path: string; pids(): number[] } {
  const path = join(folder(), 'target.ts');
  const note = join(folder(), 'pids');
  const kit = JSON.stringify(pathToFileURL(join(ROOT, 'src/targets/embedded/index.ts')).href);
  writeFileSync(note, '');
  writeFileSync(
    path,
    `import { appendFileSync, readFileSync } from 'node:fs';
    import { embedded, mutant } from ${kit};
    const note = ${JSON.stringify(note)};
    appendFileSync(note, process.pid + '\\n');
    const instance = readFileSync(note, 'latin1').trim().split('\\n').indexOf(String(process.pid));
    ${text}\n`,
  );
  return { path, pids: () => readFileSync(note, 'latin1').trim().split('\n').map(Number) };
}

describe('the report does not depend on the number of jobs', () => {
  test('where programs are counted', { tags: ['long'] }, async () => {
    const { programs } = await sameReport(['run', '--seed', '4', '--programs', '700'], 2, 4);
    expect(programs).toBe(700);
  });

  test('where steps are counted, and the last one comes within a span', { tags: ['long'] }, async () => {
    const { steps } = await sameReport(['run', '--seed', '5', '--steps', '12011', '-t', 'embedded:eager'], 2);
    expect(steps).toBeGreaterThanOrEqual(12_011);
  });

  test('with favoured clauses, short programs, few CPUs and frames', { tags: ['long'] }, () =>
    sameReport(
      [
        ...['run', '--seed', '6', '--programs', '400', '--clause', 'ZAP-1', '--length', '9', '--parallel', '0'],
        ...['--cpus', '2', '--frames', '32', '--traits', 'guard=none', '--shard', '2/3'],
      ],
      2,
    ),
  );

  test('where a clause is violated, often and rarely', { tags: ['long'] }, async () => {
    for (const name of ['zap-returns-zero', 'zap-misses-last-page']) {
      const report = await sameReport(
        ['gate', '-t', `mutant:${name}`, '--programs', '300', '--no-explore', '--seed', '7'],
        2,
      );
      expect(report.findings.length).toBeGreaterThan(0);
    }
  });

  test('in a gate with requirements', { tags: ['long'] }, async () => {
    const args = [
      'gate',
      '--programs',
      '900',
      '--seed',
      '8',
      '--require',
      'goal stale-view 3',
      '--require',
      'clause ZAP-1',
    ];
    const { goals } = await sameReport([...args, '--no-explore'], 2);
    expect(goals.some(({ programs }) => programs > 0)).toBe(true);
  });

  test('where the run ends at the first violation', async () => {
    const args = ['run', '-t', 'mutant:no-guard-page', '--seed', '9', '--programs', '2000', '--bail'];
    const { findings } = await sameReport(args, 2);
    expect(findings.length).toBe(1);
  });

  test('on targets outside the process', { tags: ['long'] }, async () => {
    const { path } = notingModule("export default mutant('zap-returns-zero');");
    const { findings } = await sameReport(['run', '-t', path, '--seed', '10', '--steps', '1500'], 2);
    expect(findings.map(({ clause }) => clause)).toEqual(['ZAP-5']);
    const crashing = await sameReport(
      ['run', '-t', bad('crash', '--when', 'vm_unmap_aliases'), '--seed', '10', '--programs', '60', '--bail'],
      2,
    );
    expect(crashing.findings.length).toBe(1);
  });
});

describe('jobs', () => {
  test('have a target each, and leave none behind', { tags: ['long'] }, async () => {
    const { path, pids } = notingModule("export default embedded('lazy');");
    const report = await reportOf(['run', '-t', path, '--programs', '200', '--jobs', '2']);
    // More than asked for where the drawn programs left an effect unshown.
    expect(report.programs).toBeGreaterThanOrEqual(200);
    expect(report.findings).toEqual([]);
    expect(pids().length).toBe(3);
    await until(() => !pids().some(isAlive));
  });

  test('end with the process that is killed', { tags: ['long'] }, async () => {
    const { path, pids } = notingModule("export default embedded('lazy');");
    const ended = mmspec(['run', '-t', path, '--time', '1h', '--jobs', '2'], {
      cwd: folder(),
      onStderr: (_, kill) => void until(() => pids().length === 3).then(() => kill('SIGKILL')),
    });
    expect((await ended).code).toBe(null);
    await until(() => !pids().some(isAlive));
  });

  const UNABLE = "if (instance > 0) throw new Error('only one at a time');\nexport default embedded('lazy');";

  test('must be able to open the target, if they were asked for', { tags: ['long'] }, async () => {
    const { path } = notingModule(UNABLE);
    const { code, stderr } = await mmspec(['run', '-t', path, '--programs', '100', '--jobs', '2'], { cwd: folder() });
    expect(code).toBe(3);
    expect(stderr).toMatch(/only one at a time/);
    expect(stderr).toMatch(/use one job: --jobs 1/);
  });

  test('are given up if they were not asked for, and cannot open the target', { tags: ['long'] }, async () => {
    const { path } = notingModule(UNABLE);
    const report = await reportOf(['run', '-t', path, '--programs', '2100', '--length', '3', '--parallel', '0']);
    expect(report).toMatchObject({ targetFailures: 0, findings: [] });
    // Programs of 3 steps do not show what every call does, so that others follow.
    expect(report.programs).toBeGreaterThanOrEqual(2100);
    expect(report.programs).toBeLessThanOrEqual(2625);
  });

  test('report a violation that only the target of one job shows', { tags: ['long'] }, async () => {
    const { path } = notingModule(`
      const target = instance === 1 ? mutant('zap-returns-zero') : embedded('lazy');
      const { manifest } = embedded('lazy');
      export default { manifest, execute: (p) => target.execute(p), executeTrace: (p) => target.executeTrace(p) };`);
    const { findings } = await reportOf([
      'run',
      '-t',
      path,
      '--programs',
      '300',
      '--length',
      '8',
      '--jobs',
      '2',
      '--seed',
      '11',
    ]);
    expect(findings.map(({ clause, confirmed }) => [clause, confirmed])).toEqual([['ZAP-5', false]]);
  });

  test('count failures of their targets outside a step, like one job', { tags: ['long'] }, async () => {
    const args = ['run', '-t', bad('other-trace', '--when', 'vm_unmap_aliases'), '--seed', '12', '--programs', '300'];
    for (const jobs of ['1', '2']) {
      const { code, stderr } = await mmspec([...args, '--jobs', jobs], { cwd: folder() });
      expect(code).toBe(3);
      expect(stderr.match(/broke the protocol/g)?.length).toBe(5);
    }
  });

  test('end when a signal asks for it, from the sources too', { tags: ['long'] }, async () => {
    const abort = new AbortController();
    const onProgress = ({ programs }: { readonly programs: number }): void => {
      if (programs > 200) abort.abort();
    };
    const result = await withPlan('embedded', { budget: {}, jobs: 2 }, (made) =>
      new Campaign({ ...made, signal: abort.signal, onProgress }).run(),
    );
    expect(result).toMatchObject({ interrupted: true, complete: false });
    expect(result.programs).toBeGreaterThan(200);
  });
});

describe('the number of jobs', () => {
  const open: OpenTarget = openDirect('embedded', embedded('lazy')!, 'independent');
  const jobs = (target: OpenTarget, options: Partial<CampaignOptions>): number =>
    jobsOf({ ...plan(target), ...options });

  test('is one for short runs, and grows with the budget', () => {
    expect(jobs(open, { budget: { steps: 200_000 } })).toBe(1);
    expect(jobs(open, { budget: { programs: 100 } })).toBe(1);
    expect(jobs(open, { budget: { random: 100, milliseconds: 90_000 } })).toBe(1);
    expect(jobs(open, { budget: { milliseconds: 1000 } })).toBe(1);
    const most = jobs(open, { budget: {} });
    expect(jobs(open, { budget: { steps: 100_000_000 } })).toBe(most);
  });

  test('is one if the caller wants to see every judged program, and if there are no random programs', () => {
    expect(jobs(open, { budget: {}, onJudged: () => {} })).toBe(1);
    expect(jobs(open, { budget: {}, jobs: 2, onJudged: () => {} })).toBe(1);
    expect(jobs(open, { budget: {}, jobs: 2, only: true })).toBe(1);
  });

  test('must be asked for where a command may use a device, and is one where the target is one', () => {
    const { copies: _, ...single } = open;
    expect(jobs({ ...open, copies: 'on-request' }, { budget: {} })).toBe(1);
    expect(jobs({ ...open, copies: 'on-request' }, { budget: {}, jobs: 3 })).toBe(3);
    expect(jobs(single, { budget: {} })).toBe(1);
    expect(() => jobs(single, { budget: {}, jobs: 2 })).toThrow(UsageError);
    expect(() => jobs({ ...single, spec: 'linux:trixie' }, { jobs: 2 })).toThrow(
      /only one linux:trixie; use one job, and several virtual machines: --vms/,
    );
  });
});
