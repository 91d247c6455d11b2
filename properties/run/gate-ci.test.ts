import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { ALPHABETS } from '../../src/programs/enumerate/alphabets.ts';
import { installLinters, lintFile } from '../support/ci-lint.ts';
import { command, type Ended, folder, ROOT } from '../support/cli.ts';

const CI = join(ROOT, 'fixtures/ci');
const source = (path: string): string => readFileSync(join(CI, path), 'utf8');

beforeAll(installLinters);

describe('the CI files to copy are valid for their systems', () => {
  test.each([
    'fixtures/ci/github/mmspec.yml',
    'fixtures/ci/init/mmspec.yml',
    '.github/workflows/mmspec.yml',
    '.github/workflows/ci.yml',
  ])('%s', async (path) => {
    const validator = await import(pathToFileURL(lintFile('@action-validator/core/action_validator.js')).href);
    const { errors } = validator.validateWorkflow(readFileSync(join(ROOT, path), 'utf8'));
    expect(errors).toEqual([]);
    expect(validator.validateWorkflow('on: push\njobs: {a: {runs-on: x, stepz: []}}').errors).not.toEqual([]);
  });

  test("the project's own workflow is the one to copy", () => {
    expect(readFileSync(join(ROOT, '.github/workflows/mmspec.yml'), 'utf8')).toBe(source('github/mmspec.yml'));
  });

  test('gitlab/mmspec.gitlab-ci.yml', { tags: ['long'] }, async () => {
    const cwd = folder();
    const lint = async (text: string): Promise<Ended> => {
      writeFileSync(join(cwd, '.gitlab-ci.yml'), text);
      return command(process.execPath, [lintFile('gitlab-ci-local/src/index.js'), '--list'], { cwd });
    };
    await command('git', ['init', '-q', '.'], { cwd });
    await command('git', ['remote', 'add', 'origin', 'git@gitlab.example.org:group/project.git'], { cwd });
    await command('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', 'commit', '-qm', 'x', '--allow-empty'], { cwd });
    const text = source('gitlab/mmspec.gitlab-ci.yml');
    const ended = await lint(text);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toContain('mmspec-gate');
    expect((await lint(text.replace('when: always', 'whenever: always'))).code).not.toBe(0);
  });

  test.each(['gate', 'merge'])('kubernetes/%s.yaml', (name) => {
    const { Job } = createRequire(import.meta.url)(lintFile('kubernetes-models/batch/v1/Job.js'));
    for (const document of parseAllDocuments(source(`kubernetes/${name}.yaml`))) {
      const job = document.toJS();
      expect([job.apiVersion, job.kind]).toEqual(['batch/v1', 'Job']);
      expect(() => new Job(job).validate()).not.toThrow();
      job.spec.template.spec.containers[0].command = 'no list';
      expect(() => new Job(job).validate()).toThrow();
    }
  });

  test.each(['gate', 'merge'])('slurm/%s.sbatch', async (name) => {
    const path = join(CI, `slurm/${name}.sbatch`);
    expect((await command('sh', ['-n', path])).code).toBe(0);
    const options = source(`slurm/${name}.sbatch`).match(/^#SBATCH .*$/gm) ?? [];
    expect(options.length).toBeGreaterThan(3);
    for (const option of options)
      expect(option).toMatch(/^#SBATCH --(job-name|array|cpus-per-task|mem|time|output)=\S+$/);
  });
});

describe('the commands in the CI files run', () => {
  /** A folder whose `npx` and `npm` run the checkout, as on a machine where the kit is installed. */
  function machine(): { cwd: string; PATH: string } {
    const cwd = folder();
    const bin = join(cwd, '.bin');
    mkdirSync(bin);
    const kit = `exec '${process.execPath}' '${join(ROOT, 'bin/mmspec.mjs')}' "$@"`;
    const scripts = { mmspec: kit, npx: `test "$1" = mmspec || exit 99\nshift\n${kit}`, npm: 'exit 0' };
    for (const [name, body] of Object.entries(scripts)) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    return { cwd, PATH: `${bin}${delimiter}${process.env.PATH}` };
  }

  const FEW = `programs 150\n${ALPHABETS.map(({ name }) => `explore ${name} 2\n`).join('')}`;

  interface Runner {
    readonly cwd: string;
    readonly run: (script: string, env: Readonly<Record<string, string>>) => Promise<Ended>;
  }

  function runner(): Runner {
    const { cwd, PATH } = machine();
    writeFileSync(join(cwd, 'mmspec.config'), FEW);
    return { cwd, run: (script, env) => command('sh', ['-ec', script], { cwd, env: { PATH, ...env } }) };
  }

  function expectMerged(cwd: string, ended: Ended, code: number): void {
    expect(ended.code, `${ended.stdout}\n${ended.stderr}`).toBe(code);
    const report = JSON.parse(readFileSync(join(cwd, 'mmspec/report.json'), 'utf8'));
    expect(report.phases.at(-1)).toMatchObject({ name: 'random', done: 150, left: 0 });
    expect(existsSync(join(cwd, 'mmspec/index.html'))).toBe(true);
  }

  test('GitHub: only the merge job fails on a violation that a shard found', { tags: ['long'] }, async () => {
    const { cwd, run } = runner();
    const { jobs } = parse(source('github/mmspec.yml'));
    const scripts = (job: string): string[] =>
      jobs[job].steps.flatMap(({ run: text }: { run?: string }) =>
        text?.includes('npx mmspec ') && !text.includes('linux prepare') ? [text] : [],
      );
    const env = { TARGET: 'mutant:zap-misses-last-page', BUDGET: '90s', GITHUB_SHA: 'abc', SHARDS: '2' };
    const plan = jobs.plan.steps[0].run as string;
    writeFileSync(join(cwd, 'output'), '');
    await run(plan, { SHARDS: '3', GITHUB_OUTPUT: join(cwd, 'output') });
    expect(readFileSync(join(cwd, 'output'), 'utf8')).toBe('shards=[1,2,3]\n');
    for (const SHARD of ['1', '2']) {
      const ended = await run(scripts('gate')[0], { ...env, SHARD });
      expect(ended.code, ended.stderr).toBe(0);
    }
    const summary = join(cwd, 'summary.md');
    const merged = await run(scripts('merge')[0], { GITHUB_STEP_SUMMARY: summary });
    expectMerged(cwd, merged, 1);
    expect(merged.stdout).toContain('::error file=mmspec/corpus/ZAP-1-');
    expect(readFileSync(summary, 'utf8')).toContain(':x: The contract is violated.');
    // The same violations again, now in the report of the base branch.
    mkdirSync(join(cwd, 'base'));
    copyFileSync(join(cwd, 'mmspec/report.json'), join(cwd, 'base/report.json'));
    const again = await run(scripts('merge')[0], { GITHUB_STEP_SUMMARY: summary });
    expectMerged(cwd, again, 0);
    expect(again.stdout).toContain('::notice title=mmspec%3A ZAP-1 (in the base branch)::');
    expect(readdirSync(join(cwd, 'mmspec')).sort()).toEqual(
      expect.arrayContaining(['corpus', 'index.html', 'junit.xml', 'report.json', 'report.sarif', 'summary.md']),
    );
  });

  test('GitLab: its variables name the shard', { tags: ['long'] }, async () => {
    const { cwd, run } = runner();
    const file = parse(source('gitlab/mmspec.gitlab-ci.yml'));
    const env = { MMSPEC_TARGET: 'embedded', MMSPEC_BUDGET: '90s', CI_COMMIT_SHA: 'abc', CI_NODE_TOTAL: '2' };
    for (const CI_NODE_INDEX of ['1', '2']) {
      const ended = await run(file['mmspec-gate'].script.join('\n'), { ...env, CI_NODE_INDEX });
      expect(ended.stderr).toContain(`shard ${CI_NODE_INDEX}/2`);
    }
    expectMerged(cwd, await run(file.mmspec.script.join('\n'), {}), 0);
    expect(existsSync(join(cwd, file.mmspec.artifacts.reports.junit))).toBe(true);
  });

  /** The shell script of a Kubernetes Job. */
  const scriptOf = (name: string): string =>
    parse(source(`kubernetes/${name}.yaml`)).spec.template.spec.containers[0].command[2];

  const KUBERNETES = { MMSPEC_TARGET: 'embedded', MMSPEC_SEED: 'abc' };

  // `npm test` runs this test of the commands: it needs one shard only, and that has few programs.
  test('Kubernetes: the variables of an Indexed Job name the shard', async () => {
    const { cwd, run } = runner();
    const ended = await run(scriptOf('gate'), { ...KUBERNETES, JOB_COMPLETIONS: '50', JOB_COMPLETION_INDEX: '1' });
    expect(ended.stderr).toContain('shard 2/50');
    const report = JSON.parse(readFileSync(join(cwd, 'mmspec/report-1.json'), 'utf8'));
    expect(report.phases.at(-1)).toMatchObject({ name: 'random', done: 3, left: 0 });
  });

  test('Kubernetes: the merge job merges the reports of all shards', { tags: ['long'] }, async () => {
    const { cwd, run } = runner();
    for (const JOB_COMPLETION_INDEX of ['0', '1'])
      await run(scriptOf('gate'), { ...KUBERNETES, JOB_COMPLETIONS: '2', JOB_COMPLETION_INDEX });
    expectMerged(cwd, await run(scriptOf('merge'), {}), 0);
  });

  test('Slurm: the variables of an array name the shard', { tags: ['long'] }, async () => {
    const { cwd, run } = runner();
    copyFileSync(join(CI, 'slurm/gate.sbatch'), join(cwd, 'gate.sbatch'));
    const env = { MMSPEC_SEED: 'abc', SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_COUNT: '2' };
    for (const SLURM_ARRAY_TASK_ID of ['1', '2']) {
      const ended = await run(source('slurm/gate.sbatch'), { ...env, SLURM_ARRAY_TASK_ID });
      expect(ended.stderr).toContain(`shard ${SLURM_ARRAY_TASK_ID}/2`);
    }
    expectMerged(cwd, await run(source('slurm/merge.sbatch'), {}), 0);
  });
});
