import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Clause } from '../../../reference/clause.ts';
import { Known } from '../../../reference/model/known.ts';
import { findInvalid, type Program } from '../../../reference/model/valid.ts';
import { Campaign, type CampaignOptions } from '../../campaign/campaign.ts';
import { CORPUS, counterexampleName, counterexampleText, loadCorpus, save, textHash } from '../../campaign/corpus.ts';
import type { Finding } from '../../campaign/finding.ts';
import { type Agreement, agree, headerFor } from '../../campaign/terms.ts';
import { reportJson } from '../../report/json.ts';
import { exitCode, makeReport, type Report } from '../../report/report.ts';
import { coverageText, findingText, summaryText } from '../../report/text.ts';
import { type OpenTarget, openTarget } from '../../targets/open.ts';
import { TargetFailure } from '../../targets/target.ts';
import { EXIT, UsageError } from '../exit.ts';
import { LiveLine } from '../live.ts';
import { budgetOf, collect, milliseconds, randomSeed, selectClauses, traitChoices, wholeNumber } from '../options.ts';
import { commandLine } from '../shell.ts';

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
  report: string;
  output?: string;
  corpus: string;
}

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
    .option('--report <kind>', 'text or json', 'text')
    .option('-o, --output <file>', 'write the report there instead of to standard output')
    .option('--dry-run', 'say what would be run, and stop')
    .action(async (options: RunOptions) => {
      process.exitCode = await run(options);
    });
}

async function run(options: RunOptions): Promise<number> {
  if (!['text', 'json'].includes(options.report))
    throw new UsageError(`--report ${options.report}: expected text or json`);
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
    return await runOn(target, agree(target.manifest, asked), selected, options);
  } finally {
    await target.close();
  }
}

const within = (what: string, asked: number | undefined, otherwise: number, most: number): number => {
  if (asked !== undefined && asked > most) throw new UsageError(`--${what} ${asked}: the target has ${most}`);
  return asked ?? Math.min(otherwise, most);
};

async function runOn(
  target: OpenTarget,
  agreement: Agreement,
  selected: Clause[],
  options: RunOptions,
): Promise<number> {
  const seed = options.seed ?? randomSeed();
  const cpus = within('cpus', options.cpus, 2, target.manifest.cpus);
  const frames = within('frames', options.frames, 64, target.manifest.frames);
  const budget = budgetOf(options, DEFAULT_BUDGET);
  const first = saved(options.corpus, target, agreement);
  const json = options.report === 'json';
  if (options.dryRun) {
    const limits = Object.entries(budget).map(([name, value]) => `${name} ${value}`);
    const clauses = selected.length > 0 ? `, leaning towards ${selected.map((clause) => clause.id).join(' ')}` : '';
    process.stdout.write(
      `would run ${first.length} saved and then random programs (seed ${seed}, ${limits.join(', ')}) of ${cpus} CPUs and ${frames} frames on ${target.spec} (${target.manifest.name}), judged by ${agreement.profile}${clauses}\n`,
    );
    return EXIT.held;
  }
  const live = new LiveLine(process.stderr, options.time);
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  if (!json) process.stderr.write(`running on ${target.spec} (${target.manifest.name}), seed ${seed}\n`);
  const campaign: CampaignOptions = {
    target,
    agreement,
    seed,
    cpus,
    frames,
    budget,
    first,
    signal: abort.signal,
    ...(selected.length > 0 ? { favour: selected } : {}),
    ...(options.length === undefined ? {} : { length: options.length }),
    ...(options.warnings ? { warnings: true } : {}),
    ...(options.parallel === undefined ? {} : { parallel: options.parallel }),
    ...(options.bail ? { bail: true } : {}),
    onProgress: (progress) => live.update(progress),
    onFinding(finding) {
      keep(finding, target, agreement, options.corpus);
      if (json) return;
      live.clear();
      process.stdout.write(`\n${findingText(finding, replayCommand(finding, target), target.manifest.page)}\n\n`);
    },
  };
  try {
    const result = await new Campaign(campaign).run();
    live.clear();
    const report = makeReport(target, agreement, { seed, cpus, frames, selected }, result);
    write(report, options);
    return exitCode(report);
  } catch (error) {
    live.clear();
    throw saveRunning(error, options.corpus);
  } finally {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
  }
}

/** Saved programs that are valid on this target; the others are another target's. */
function saved(folder: string, target: OpenTarget, agreement: Agreement): Program[] {
  const programs: Program[] = [];
  for (const { document } of loadCorpus(folder)) {
    for (const { trace } of document.entries) {
      const { program } = trace;
      const known = new Known(agreement.traits, program.cpus, program.frames, target.manifest.page);
      const fits = program.cpus <= target.manifest.cpus && program.frames <= target.manifest.frames;
      if (fits && !findInvalid(program, known)) programs.push(program);
    }
  }
  return programs;
}

/** Saves a finding; a later run replays it first. */
function keep(finding: Finding, target: OpenTarget, agreement: Agreement, folder: string): void {
  const header = headerFor(target.manifest, agreement, finding.trace.program);
  const document = { kind: 'trace' as const, header, entries: [{ id: 1, trace: finding.trace }] };
  const notes = [`replay: ${commandLine('replay', 'FILE', '--target', target.spec)}`];
  const name = counterexampleName(finding.violation.clause.id, finding.trace);
  finding.file = save(folder, name, counterexampleText(document, finding.violation, notes));
}

const replayCommand = (finding: Finding, target: OpenTarget): string =>
  commandLine('replay', finding.file ?? 'FILE', '--target', target.spec);

/** Nothing is lost: the program that was running when the target failed is saved and named. */
function saveRunning(error: unknown, folder: string): unknown {
  if (!(error instanceof TargetFailure) || error.program === undefined) return error;
  const file = save(folder, `failed-${textHash(error.program)}.txt`, error.program);
  return new TargetFailure(`${error.message}\nthe program that was running is saved in ${file}`, {
    log: error.log,
    cause: error,
  });
}

function write(report: Report, options: RunOptions): void {
  const text =
    options.report === 'json'
      ? `${JSON.stringify(reportJson(report), null, 2)}\n`
      : `${coverageText(report.coverage)}\n\n${summaryText(report)}\n`;
  if (options.output === undefined) process.stdout.write(text);
  else {
    try {
      writeFileSync(options.output, text);
    } catch (error) {
      throw new UsageError(`cannot write ${options.output}: ${(error as NodeJS.ErrnoException).code}`);
    }
  }
}
