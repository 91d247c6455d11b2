import type { Command } from 'commander';
import { UsageError } from '../../common/errors.ts';
import { Pause } from '../../common/event-loop.ts';
import { EXIT } from '../../common/exit.ts';
import { milliseconds, wholeNumber } from '../../common/numbers.ts';
import { commandLine } from '../../common/shell.ts';
import { printOut } from '../../common/terminal.ts';
import { forPeople, REPORT_USAGE, wantedReports } from '../../output/report/reporters.ts';
import type { Alphabet } from '../../programs/enumerate/alphabet.ts';
import { ALPHABETS } from '../../programs/enumerate/alphabets.ts';
import { alphabetNamed } from '../../programs/enumerate/named.ts';
import { alphabetParts, scheduleParts } from '../../run/explore/parts.ts';
import { Parts } from '../../run/phases.ts';
import { withPlan } from '../../run/plan.ts';
import { makeReport } from '../../run/report/report.ts';
import { shardOf } from '../../run/shard.ts';
import { runCampaign } from '../campaign.ts';
import { addDetail, type DetailOptions } from '../detail.ts';
import { endWithReports } from '../end-with-reports.ts';
import { interruptible } from '../interrupt.ts';
import { collect } from '../options.ts';
import { addTarget, planOptions, type TargetOptions } from '../target-options.ts';

/** Most races that show at all show with two preemptions. */
const PREEMPTIONS = 2;
/** Where violations are saved. */
const FOUND = '.mmspec/found';

interface ExploreOptions extends TargetOptions, DetailOptions {
  alphabet?: string[];
  steps?: number;
  sizes?: string[];
  cpus?: number;
  names?: number;
  schedules?: boolean;
  preemptions?: number;
  time?: number;
  bail?: boolean;
  dryRun?: boolean;
  save: string;
  shard?: string;
  report?: string[];
  output?: string;
}

/** Registers `mmspec explore`. */
export function registerExplore(program: Command): void {
  const alphabets = ALPHABETS.map(({ name, summary }) => `  ${name.padEnd(8)} ${summary}`);
  const command = program
    .command('explore')
    .summary('run every small program, or every schedule of a program')
    .description('run every small program over a few calls, or every schedule of a program; nothing is random')
    .argument('[file...]', 'with --schedules: programs or traces, such as saved counterexamples');
  addDetail(addTarget(command))
    .option(
      '-a, --alphabet <name>',
      'an alphabet of calls from the list below; may be repeated (default: all)',
      collect,
    )
    .option('--steps <n>', 'maximum steps of a program', wholeNumber('--steps', 1, 12))
    .option('--sizes <n,...>', 'page counts of mappings', collect)
    .option('--cpus <n>', 'CPUs that programs use', wholeNumber('--cpus', 1, 8))
    .option('--names <n>', 'maximum areas and VMAs of a program', wholeNumber('--names', 1, 8))
    .option('--schedules', 'run each FILE under every interleaving of its lanes')
    .option(
      '--preemptions <n>',
      `maximum preemptions of a schedule (default: ${PREEMPTIONS})`,
      wholeNumber('--preemptions', 0, 16),
    )
    .option('--time <duration>', 'stop after this long, such as 30s', milliseconds('--time'))
    .option('--bail', 'stop at the first violation')
    .option('--dry-run', 'count the programs, and stop')
    .option('--save <folder>', 'save counterexamples in this folder', FOUND)
    .option('--shard <i/n>', 'run only the i-th of n equal parts; auto: read it from the environment')
    .option('--report <kind>', REPORT_USAGE, collect)
    .option('-o, --output <file>', 'write the report to this file instead of standard output')
    .addHelpText('after', `\nAlphabets:\n${alphabets.join('\n')}`)
    .action(async (files: string[], options: ExploreOptions) => {
      checkUse(files, options);
      process.exitCode = await explore(files, options);
    });
}

/** @throws UsageError for options that do not go together. */
function checkUse(files: readonly string[], options: ExploreOptions): void {
  const { schedules, preemptions } = options;
  if (!schedules) {
    if (files.length > 0)
      throw new UsageError(
        `explore ${files[0]}: files need --schedules; without it, use: ${commandLine('replay', files[0])}`,
      );
    if (preemptions !== undefined) throw new UsageError('--preemptions needs --schedules');
    return;
  }
  if (files.length === 0) throw new UsageError('--schedules: name the files with the programs to run');
  const other = (['alphabet', 'steps', 'sizes', 'cpus', 'names'] as const).find((name) => options[name] !== undefined);
  if (other)
    throw new UsageError(`--${other} cannot be combined with --schedules, which runs the programs as they are`);
}

/** The alphabets that the options name, changed as they say. */
function alphabetsOf({ alphabet, sizes, cpus, names }: ExploreOptions): Alphabet[] {
  const chosen = alphabet?.map(alphabetNamed) ?? ALPHABETS;
  return chosen.map((one) => ({
    ...one,
    ...(sizes ? { sizes: sizes.map(wholeNumber('--sizes', 0, 4096)) } : {}),
    ...(cpus === undefined ? {} : { cpus }),
    ...(names === undefined ? {} : { names }),
  }));
}

const isEmpty = (all: Iterable<unknown>): boolean => all[Symbol.iterator]().next().done === true;

async function countOf(programs: Iterable<unknown>): Promise<number> {
  const pause = new Pause();
  let count = 0;
  for (const _ of programs) if (++count % 1000 === 0) await pause.take();
  return count;
}

async function explore(files: readonly string[], options: ExploreOptions): Promise<number> {
  const wanted = wantedReports(options.report, options.output);
  const alphabets = alphabetsOf(options);
  const shard = options.shard === undefined ? undefined : shardOf(options.shard);
  const budget = options.time === undefined ? {} : { milliseconds: options.time };
  const asked = { ...planOptions(options), cpus: options.cpus, seed: 0, budget };
  return withPlan(options.target, asked, async (plan) => {
    const list = options.schedules
      ? await scheduleParts(files, plan, options.preemptions ?? PREEMPTIONS)
      : alphabetParts(alphabets, plan, options.steps);
    if (options.dryRun) {
      for (const { name, programs } of list) printOut(`${name.padEnd(16)} ${await countOf(programs())} programs\n`);
      return EXIT.held;
    }
    if (list.every(({ programs }) => isEmpty(programs())))
      throw new UsageError(
        `${plan.target.spec} can run no program over these alphabets; list them with: mmspec list alphabets`,
      );
    const parts = new Parts(list);
    const campaign = {
      ...plan,
      first: parts.programs(),
      only: true,
      ...(shard ? { shard } : {}),
      ...(options.bail ? { bail: true } : {}),
    };
    const print = forPeople(wanted);
    const result = await interruptible((signal) =>
      runCampaign({ ...campaign, signal }, { folder: options.save, print, quiet: options.quiet }),
    );
    const phases = parts.phases(result.programs, 'none', shard);
    const report = makeReport(plan, result, { scope: 'programs', phases, ...(shard ? { shard } : {}) });
    return endWithReports(report, wanted, options);
  });
}
