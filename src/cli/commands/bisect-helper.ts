import { spawnSync } from 'node:child_process';
import type { Command } from 'commander';
import type { Program } from '../../../reference/calls/valid.ts';
import { UsageError } from '../../common/errors.ts';
import { wholeNumber } from '../../common/numbers.ts';
import { load } from '../../findings/corpus.ts';
import { fits } from '../../findings/keep.ts';
import { runSome } from '../../findings/saved.ts';
import type { Agreement } from '../../targets/agreement.ts';
import type { OpenTarget } from '../../targets/open.ts';
import { TargetFailure } from '../../targets/target.ts';
import { withTarget } from '../opened.ts';
import { collect } from '../options.ts';

/** What `git bisect run` makes of an exit code: `abort` stops it, where wrong use must not mark a commit. */
export const BISECT = { good: 0, bad: 1, skip: 125, abort: 128 } as const;

interface BisectOptions {
  target: string;
  profile?: string;
  traits?: string[];
  build?: string;
  times: number;
  fixed?: boolean;
  fault?: string;
}

/** Registers `mmspec bisect-helper`. */
export function registerBisectHelper(program: Command): void {
  program
    .command('bisect-helper')
    .description('for git bisect run: says whether saved programs hold on what a commit builds')
    .argument('<file...>', 'programs or traces in the notation')
    .requiredOption('-t, --target <spec>', 'what to run them on')
    .option('-p, --profile <name>', 'what to judge by, instead of what the target proposes')
    .option('--traits <name=choice>', 'override traits of the profile', collect)
    .option('--build <command>', 'a shell command that builds the target first; the commit is skipped where it fails')
    .option('--times <n>', 'run each program so often: one failure makes the commit bad', wholeNumber('--times', 1), 1)
    .option('--fixed', 'look for the commit that mended it: a commit where all holds is the bad one')
    .option('--fault <name>', 'a fault to inject into a live kernel (linux targets)')
    .addHelpText(
      'after',
      `
Exit codes, as git bisect run has them:
  0    good: every program held
  1    bad: a program breaks the contract
  125  skip: the target does not build or does not start, or a program is not defined on it
  128  wrong usage: the bisection stops

  git bisect start v6.12 v6.1
  git bisect run npx mmspec bisect-helper --build 'make -j8 && ./install' --target exec:./adapter found.mm`,
    )
    .action(async (files: string[], options: BisectOptions) => {
      process.exitCode = await bisect(files, options);
    });
}

function built(command: string | undefined): boolean {
  if (command === undefined) return true;
  // Standard output is the helper's own; what a build says goes to standard error.
  const { status } = spawnSync(command, { shell: true, stdio: ['ignore', 2, 2] });
  return status === 0;
}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

async function anyFails(programs: readonly Program[], target: OpenTarget, agreement: Agreement, times: number) {
  for (const program of programs) {
    const { violation } = await runSome(target, agreement, program, times);
    if (violation) return violation;
  }
  return undefined;
}

function judgeCommit(programs: readonly Program[], options: BisectOptions): Promise<number> {
  return withTarget(options, programs, async (target, agreement) => {
    if (!programs.every((program) => fits(program, target, agreement))) {
      say(`skip: a program is not defined on ${target.manifest.name} under ${agreement.profile}`);
      return BISECT.skip;
    }
    const violation = await anyFails(programs, target, agreement, options.times);
    const word = violation ? `breaks ${violation.clause.id}` : 'holds';
    const good = options.fixed ? violation !== undefined : violation === undefined;
    say(`${good ? 'good' : 'bad'}: ${target.manifest.name} ${word}`);
    return good ? BISECT.good : BISECT.bad;
  });
}

async function bisect(files: string[], options: BisectOptions): Promise<number> {
  const programs = files.flatMap((file) => load(file).document.entries.map(({ trace }) => trace.program));
  if (programs.length === 0) throw new UsageError(`no program in ${files.join(', ')}`);
  if (!built(options.build)) {
    say(`skip: it does not build (${options.build})`);
    return BISECT.skip;
  }
  try {
    return await judgeCommit(programs, options);
  } catch (error) {
    if (!(error instanceof TargetFailure)) throw error;
    say(`skip: the target failed: ${error.message}`);
    return BISECT.skip;
  }
}
