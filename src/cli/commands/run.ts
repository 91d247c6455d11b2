import type { Command } from 'commander';
import type { Clause } from '../../../reference/clauses/clause.ts';
import { EXIT } from '../../common/exit.ts';
import { milliseconds, wholeNumber } from '../../common/numbers.ts';
import { CORPUS } from '../../findings/corpus.ts';
import { savedPrograms } from '../../findings/keep.ts';
import { forPeople, REPORT_USAGE, type Wanted, wantedReports, writeReports } from '../../output/report/reporters.ts';
import type { Budget, Shard } from '../../run/campaign/options.ts';
import { shardOf } from '../../run/gate/shard.ts';
import { exitCode, makeReport } from '../../run/report/report.ts';
import { type Agreement, agree } from '../../targets/agreement.ts';
import { type OpenTarget, openTarget } from '../../targets/open.ts';
import { conduct, interruptible } from '../conduct.ts';
import { budgetOf, collect, randomSeed, selectClauses, traitChoices, within } from '../options.ts';

interface RunOptions {
  target: string;
  profile?: string;
  clause?: string[];
  traits?: string[];
  steps?: number;
  programs?: number;
  time?: number;
  seed?: number;
  cpus?: number;
  frames?: number;
  length?: number;
  vms?: number;
  fault?: string;
  warnings?: boolean;
  parallel?: number;
  bail?: boolean;
  dryRun?: boolean;
  shard?: string;
  report?: string[];
  output?: string;
  corpus: string;
}

/** CPUs of a program: two whose calls overlap, and one that looks on. */
const CPUS = 3;
const DEFAULT_BUDGET = { steps: 1_000_000 };

/** Registers `mmspec run`. */
export function registerRun(program: Command): void {
  program
    .command('run')
    .description('run random programs of calls against a target, and judge every step')
    .option('-t, --target <spec>', 'what to test (mmspec list targets)', 'embedded')
    .option('-p, --profile <name>', 'what to judge by, instead of what the target proposes (mmspec list profiles)')
    .option('-c, --clause <id>', 'lean towards clauses: an id or a glob such as ZAP-*; may be repeated', collect)
    .option('--traits <name=choice>', 'override traits of the profile (mmspec traits)', collect)
    .option('--steps <n>', 'stop after so many judged steps', wholeNumber('--steps', 1))
    .option('--programs <n>', 'stop after so many programs', wholeNumber('--programs', 1))
    .option('--time <duration>', 'stop after so long, such as 30s', milliseconds)
    .option('--seed <n>', 'draw the same programs again', wholeNumber('--seed', 0))
    .option('--cpus <n>', 'CPUs that programs use', wholeNumber('--cpus', 1, 64))
    .option('--frames <n>', 'frames that programs use', wholeNumber('--frames', 1))
    .option('--length <n>', 'the most steps of a program', wholeNumber('--length', 1))
    .option('--vms <n>', 'virtual machines side by side (linux targets)', wholeNumber('--vms', 1, 64))
    .option('--fault <name>', 'a fault to inject into a live kernel (linux targets; mmspec list mutants)')
    .option('--warnings', 'also draw steps that must make a real kernel warn')
    .option('--parallel <percent>', 'programs in which calls overlap, of a hundred', wholeNumber('--parallel', 0, 100))
    .option('--bail', 'stop at the first violation')
    .option('--corpus <folder>', 'where violations are saved, and replayed first from', CORPUS)
    .option('--shard <i/n>', 'only the i-th of n equal parts of the run; auto: as the environment says')
    .option('--report <kind>', REPORT_USAGE, collect)
    .option('-o, --output <file>', 'write the report there instead of to standard output')
    .option('--dry-run', 'say what would be run, and stop')
    .action(async (options: RunOptions) => {
      process.exitCode = await run(options);
    });
}

async function run(options: RunOptions): Promise<number> {
  const wanted = wantedReports(options.report, options.output);
  const selected = selectClauses(options.clause);
  const asked = {
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    traits: traitChoices(options.traits),
  };
  const target = await openTarget(options.target, {
    ...(options.cpus === undefined ? {} : { cpus: options.cpus }),
    ...(options.vms === undefined ? {} : { vms: options.vms }),
    ...(options.fault === undefined ? {} : { fault: options.fault }),
  });
  try {
    return await runOn(target, agree(target.manifest, asked), selected, options, wanted);
  } finally {
    await target.close();
  }
}

/** A shard's part of a budget: steps are shared, and programs are by their places in the whole run. */
const shareOf = (budget: Budget, shard: Shard | undefined): Budget =>
  shard && budget.steps !== undefined ? { ...budget, steps: Math.ceil(budget.steps / shard.of) } : budget;

async function runOn(
  target: OpenTarget,
  agreement: Agreement,
  selected: Clause[],
  options: RunOptions,
  wanted: readonly Wanted[],
): Promise<number> {
  const seed = options.seed ?? randomSeed();
  const cpus = within('cpus', options.cpus, CPUS, target.manifest.cpus);
  const frames = within('frames', options.frames, 64, target.manifest.frames);
  const shard = options.shard === undefined ? undefined : shardOf(options.shard);
  const budget = shareOf(budgetOf(options, DEFAULT_BUDGET), shard);
  const first = savedPrograms(options.corpus, target, agreement);
  if (options.dryRun) {
    const limits = Object.entries(budget).map(([name, value]) => `${name} ${value}`);
    const clauses = selected.length > 0 ? `, leaning towards ${selected.map((clause) => clause.id).join(' ')}` : '';
    process.stdout.write(
      `would run ${first.length} saved and then random programs (seed ${seed}, ${limits.join(', ')}) of ${cpus} CPUs and ${frames} frames on ${target.spec} (${target.manifest.name}), judged by ${agreement.profile}${clauses}\n`,
    );
    return EXIT.held;
  }
  const people = forPeople(wanted);
  const result = await interruptible((signal) => {
    if (people) process.stderr.write(`running on ${target.spec} (${target.manifest.name}), seed ${seed}\n`);
    return conduct(
      {
        target,
        agreement,
        seed,
        cpus,
        frames,
        budget,
        first,
        signal,
        ...(shard ? { shard } : {}),
        ...(selected.length > 0 ? { favour: selected } : {}),
        ...(options.length === undefined ? {} : { length: options.length }),
        ...(options.warnings ? { warnings: true } : {}),
        ...(options.parallel === undefined ? {} : { parallel: options.parallel }),
        ...(options.bail ? { bail: true } : {}),
      },
      { folder: options.corpus, people, goOn: true },
    );
  });
  const report = makeReport(target, agreement, { seed, cpus, frames, selected }, result, shard ? { shard } : {});
  await writeReports(report, wanted, people);
  const code = exitCode(report);
  return result.failures > 0 && code !== EXIT.violated ? EXIT.failed : code;
}
