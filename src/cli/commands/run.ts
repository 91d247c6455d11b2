import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Clause } from '../../../reference/clauses/clause.ts';
import { clauseApplies } from '../../../reference/model/applicable.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import { UsageError } from '../../common/errors.ts';
import { EXIT } from '../../common/exit.ts';
import { milliseconds, wholeNumber } from '../../common/numbers.ts';
import { printError, printOut } from '../../common/terminal.ts';
import { CORPUS, corpusPrograms, textHash } from '../../findings/corpus.ts';
import { type Sorted, sortPrograms } from '../../findings/fits.ts';
import { forPeople, REPORT_USAGE, wantedReports } from '../../output/report/reporters.ts';
import type { Budget, CampaignOptions, Jobs, Shard } from '../../run/campaign/options.ts';
import { COMMAND_LINE_STEPS, type Plan, withPlan } from '../../run/plan.ts';
import { makeReport, type Note } from '../../run/report/report.ts';
import { shardOf } from '../../run/shard.ts';
import { describeTarget } from '../../targets/open.ts';
import { runCampaign } from '../campaign.ts';
import { addDetail, type DetailOptions } from '../detail.ts';
import { endWithReports } from '../end-with-reports.ts';
import { interruptible } from '../interrupt.ts';
import { addKernel, type KernelOptions, targetOf } from '../kernel-options.ts';
import { budgetOf, collect, randomSeed, selectClauses } from '../options.ts';
import { addJobs, addTarget, planOptions, type TargetOptions } from '../target-options.ts';
import { whereTheTimeWent } from '../where-the-time-went.ts';

interface RunOptions extends TargetOptions, KernelOptions, DetailOptions {
  clause?: string[];
  steps?: number;
  programs?: number;
  time?: number;
  seed?: number;
  cpus?: number;
  frames?: number;
  length?: number;
  vms?: number;
  jobs?: Jobs;
  warnings?: boolean;
  parallel?: number;
  bail?: boolean;
  dryRun?: boolean;
  shard?: string;
  report?: string[];
  output?: string;
  corpus: string;
}

/** Registers `mmspec run`. */
export function registerRun(program: Command): void {
  const command = program
    .command('run')
    .summary('run random programs, judge every step, shrink what fails')
    .description('run random programs of calls on a target, judge every step, and shrink what fails');
  addDetail(addJobs(addKernel(addTarget(command))))
    .option('-c, --clause <id>', 'draw calls of these clauses more often: an id or a glob such as ZAP-*', collect)
    .option('--steps <n>', 'stop after this many judged steps (default: 1,000,000)', wholeNumber('--steps', 1))
    .option('--programs <n>', 'stop after this many programs', wholeNumber('--programs', 1))
    .option('--time <duration>', 'stop after this long, such as 30s', milliseconds('--time'))
    .option('--seed <n>', 'the same seed draws the same programs (default: random)', wholeNumber('--seed', 0))
    .option('--cpus <n>', 'CPUs that programs use (default: 3, or all of the target)', wholeNumber('--cpus', 1, 64))
    .option('--frames <n>', 'frames that programs use (default: 64, or all)', wholeNumber('--frames', 1))
    .option('--length <n>', 'maximum steps of a random program', wholeNumber('--length', 1))
    .option('--vms <n>', 'virtual machines that run side by side (linux targets)', wholeNumber('--vms', 1, 64))
    .option('--warnings', 'also draw steps that make a real kernel warn')
    .option(
      '--parallel <percent>',
      'percentage of random programs with a parallel block, in which calls overlap',
      wholeNumber('--parallel', 0, 100),
    )
    .option('--bail', 'stop at the first violation')
    .option('--corpus <folder>', 'replay the counterexamples of this folder first, and save new ones there', CORPUS)
    .option('--shard <i/n>', 'run only the i-th of n equal parts; auto: read it from the environment')
    .option('--report <kind>', REPORT_USAGE, collect)
    .option('-o, --output <file>', 'write the report to this file instead of standard output')
    .option('--dry-run', 'print what would run, and stop')
    .action(async (options: RunOptions) => {
      const named = command.getOptionValueSource('target') === 'default' ? undefined : options.target;
      const target = (await targetOf(named, options)) ?? options.target;
      process.exitCode = await run({ ...options, target });
    });
}

async function run(options: RunOptions): Promise<number> {
  const wanted = wantedReports(options.report, options.output);
  const selected = selectClauses(options.clause);
  const shard = options.shard === undefined ? undefined : shardOf(options.shard);
  const asked = {
    ...planOptions(options),
    cpus: options.cpus,
    frames: options.frames,
    vms: options.vms,
    jobs: options.jobs,
    seed: options.seed ?? randomSeed(),
    budget: shardBudget(budgetOf(options, { steps: COMMAND_LINE_STEPS }), shard),
  };
  return withPlan(options.target, asked, async (plan) => {
    const { target, seed } = plan;
    const demandedHere = demanded(options.clause, plan);
    const saved = sortPrograms(corpusPrograms(options.corpus), target, plan.agreement);
    const campaign = {
      ...plan,
      first: saved.fitting,
      ...(shard ? { shard } : {}),
      ...(selected.length > 0 ? { favour: selected } : {}),
      ...(options.length === undefined ? {} : { length: options.length }),
      ...(options.warnings ? { warnings: true } : {}),
      ...(options.parallel === undefined ? {} : { parallel: options.parallel }),
      ...(options.bail ? { bail: true } : {}),
    };
    if (options.dryRun) {
      printOut(`${dryRunText(campaign)}\n`);
      return EXIT.held;
    }
    const print = forPeople(wanted);
    const result = await interruptible((signal) => {
      if (print && !options.quiet) printError(`running on ${describeTarget(target)}, seed ${seed}\n`);
      return runCampaign(
        { ...campaign, signal },
        {
          folder: options.corpus,
          print,
          quiet: options.quiet,
          continueAfterFailure: true,
        },
      );
    });
    if (options.verbose) printError(whereTheTimeWent(result, await target.spent?.()));
    const report = makeReport(plan, result, {
      selected: demandedHere,
      asked: askedFor(options, saved),
      notes: savedNotes(options.corpus, saved),
      ...(shard ? { shard } : {}),
    });
    return endWithReports(report, wanted, options);
  });
}

/**
 * The clauses without which the run is not green: those that are named, and of those that a glob matches the ones that the
 * target can be asked for.
 */
function demanded(patterns: readonly string[] = [], { agreement, target }: Plan): Clause[] {
  const { calls, can } = target.manifest;
  const askable = (clause: Clause): boolean =>
    clause.level === 'MUST' &&
    clauseApplies(clause, agreement.traits) &&
    (clause.needs.length === 0 || clause.needs.some((name) => calls.has(name) || can.has(name)));
  const chosen = patterns.flatMap((pattern) => {
    const matching = selectClauses([pattern]);
    return pattern.includes('*') ? matching.filter(askable) : matching;
  });
  if (patterns.length > 0 && chosen.length === 0)
    throw new UsageError(
      `no clause that ${target.spec} can be asked for matches ${patterns.join(', ')}; see: mmspec traits`,
    );
  return [...new Set(chosen)];
}

/** What a report says about saved programs that did not run. */
function savedNotes(folder: string, { unfit, reasons }: Sorted): Note[] {
  if (!existsSync(folder))
    return [{ what: 'saved programs', why: `there is no folder ${folder} here`, option: '--corpus' }];
  if (unfit === 0) return [];
  const why = reasons.map(({ why: reason, programs }) => `${programs}: ${reason}`).join('; ');
  return [
    { what: `${unfit} saved programs`, why, option: 'run them on another target, or with --profile or --traits' },
  ];
}

/** What all shards of a run must have been asked for. */
const askedFor = ({ programs, steps, time, length, parallel, warnings, clause }: RunOptions, { fitting }: Sorted) => ({
  'number of programs': String(programs ?? 'unlimited'),
  'number of steps': String(steps ?? 'usual'),
  'time in milliseconds': String(time ?? 'unlimited'),
  'length of programs': String(length ?? 'usual'),
  'percentage of parallel programs': String(parallel ?? 'usual'),
  'choice of warnings': String(warnings ?? 'usual'),
  'list of favoured clauses': clause?.join(', ') ?? 'empty',
  'text of the saved programs': textHash(fitting.map(printSteps).join('')),
});

/** A shard's part of a budget. A limit of programs stays: it counts those of the whole run. */
const shardBudget = (budget: Budget, shard: Shard | undefined): Budget =>
  shard && budget.steps !== undefined ? { ...budget, steps: Math.ceil(budget.steps / shard.of) } : budget;

function dryRunText(campaign: CampaignOptions & { readonly first: readonly unknown[] }): string {
  const { target, agreement, seed, cpus, frames, budget, first, favour = [] } = campaign;
  const limits = Object.entries(budget).map(([name, value]) => `${name} ${value}`);
  const clauses = favour.length > 0 ? `; calls of ${favour.map(({ id }) => id).join(' ')} are drawn more often` : '';
  return `would run ${first.length} saved programs, then random ones (seed ${seed}, ${limits.join(', ')}) with ${cpus} CPUs and ${frames} frames on ${describeTarget(target)}, judged by ${agreement.profile}${clauses}`;
}
