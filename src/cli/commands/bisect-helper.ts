import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import type { Program } from '../../../reference/calls/valid.ts';
import { UsageError } from '../../common/errors.ts';
import { BISECT } from '../../common/exit.ts';
import { wholeNumber } from '../../common/numbers.ts';
import { oneLine } from '../../common/printable.ts';
import { printOut } from '../../common/terminal.ts';
import { load } from '../../findings/corpus.ts';
import { whyUnfit } from '../../findings/fits.ts';
import { runUntilFailure } from '../../findings/until-failure.ts';
import { type Plan, withPlan } from '../../run/plan.ts';
import { TargetFailure } from '../../targets/target.ts';
import { addFault, addJudging, planOptions, type TargetOptions } from '../target-options.ts';

interface BisectOptions extends TargetOptions {
  build?: string;
  times: number;
  fixed?: boolean;
}

/** Registers `mmspec bisect-helper`. */
export function registerBisectHelper(program: Command): void {
  const command = program
    .command('bisect-helper')
    .summary('find the commit that broke it, with git bisect run')
    .description('find the commit that broke it: for git bisect run, replay saved programs on what a commit builds')
    .argument('<file...>', 'programs or traces in the notation')
    .requiredOption('-t, --target <spec>', 'the target to run on (mmspec list targets)');
  addFault(addJudging(command))
    .option('--build <command>', 'a shell command that builds the target first; a commit that fails it is skipped')
    .option('--times <n>', 'runs of each program; one failure makes the commit bad', wholeNumber('--times', 1), 1)
    .option('--fixed', 'find the commit that fixed it: call a commit bad when all programs hold')
    .addHelpText(
      'after',
      `
Exit codes, as git bisect run expects them:
  0    good: every program held
  1    bad: a program breaks the contract
  125  skip: the target does not build or start, or cannot run a program
  128  wrong usage: the bisection stops

  git bisect start v6.12 v6.1
  git bisect run npx mmspec bisect-helper --build 'make -j8 && ./install' --target exec:./adapter found.mm`,
    )
    .action(async (files: string[], options: BisectOptions) => {
      process.exitCode = await bisect(files, options);
    });
}

async function bisect(files: readonly string[], options: BisectOptions): Promise<number> {
  const programs = files.flatMap((file) => load(file).document.entries.map(({ trace }) => trace.program));
  if (programs.length === 0) throw new UsageError(`${files.join(', ')}: expected programs, such as: @0 a0 = vmap f0`);
  if (!(await builds(options.build))) return skip(`${options.build} failed`);
  try {
    return await withPlan(options.target, { ...planOptions(options), programs }, (plan) =>
      judgeCommit(programs, plan, options),
    );
  } catch (error) {
    if (!(error instanceof TargetFailure)) throw error;
    return skip(`the target failed: ${error.message}`);
  }
}

async function builds(command: string | undefined): Promise<boolean> {
  if (command === undefined) return true;
  // The build writes to standard error: standard output is this command's own.
  const child = spawn(command, { shell: true, stdio: ['ignore', 2, 2] });
  return new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}

function skip(why: string): number {
  printOut(`skip: ${why}\n`);
  return BISECT.skip;
}

async function judgeCommit(programs: readonly Program[], plan: Plan, options: BisectOptions): Promise<number> {
  const { target, agreement } = plan;
  for (const program of programs) {
    const why = whyUnfit(program, target, agreement);
    if (why !== undefined) return skip(why);
  }
  const violation = await firstViolation(programs, plan, options.times);
  const found = violation ? `breaks ${violation.clause.id}` : 'holds';
  const good = options.fixed ? violation !== undefined : violation === undefined;
  printOut(`${good ? 'good' : 'bad'}: ${oneLine(target.manifest.name)} ${found}\n`);
  return good ? BISECT.good : BISECT.bad;
}

async function firstViolation(programs: readonly Program[], { target, agreement }: Plan, times: number) {
  for (const program of programs) {
    const { violation } = await runUntilFailure(target, program, agreement.terms, times);
    if (violation) return violation;
  }
  return undefined;
}
