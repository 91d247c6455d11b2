import type { Command } from 'commander';
import type { Program } from '../../../reference/calls/valid.ts';
import { UsageError } from '../../common/errors.ts';
import { EXIT } from '../../common/exit.ts';
import { milliseconds, wholeNumber } from '../../common/numbers.ts';
import { checkFits } from '../../findings/saved.ts';
import { forPeople, REPORT_USAGE, wantedReports, writeReports } from '../../output/report/reporters.ts';
import { ALPHABETS, type Alphabet, alphabetNamed } from '../../programs/enumerate/alphabet.ts';
import { programsUpTo } from '../../run/explore/explore.ts';
import { schedulable, schedules } from '../../run/explore/schedules.ts';
import { type Part, Parts } from '../../run/gate/phases.ts';
import { shardOf } from '../../run/gate/shard.ts';
import { exitCode, makeReport } from '../../run/report/report.ts';
import { type Agreement, agree } from '../../targets/agreement.ts';
import { type OpenTarget, openTarget } from '../../targets/open.ts';
import { conduct, interruptible } from '../conduct.ts';
import { loadOne } from '../opened.ts';
import { collect, traitChoices, within } from '../options.ts';

/** With two preemptions most races show that do at all. */
const PREEMPTIONS = 2;

interface ExploreOptions {
  target: string;
  profile?: string;
  traits?: string[];
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
  program
    .command('explore')
    .description(
      'run all small programs over an alphabet of calls, up to the names of things, or all schedules of parallel programs; no chance is involved',
    )
    .argument('[file...]', 'with --schedules: programs or traces in the notation, such as saved counterexamples')
    .option('-t, --target <spec>', 'what to test (mmspec list targets)', 'embedded')
    .option('-p, --profile <name>', 'what to judge by, instead of what the target proposes')
    .option('--traits <name=choice>', 'override traits of the profile', collect)
    .option('-a, --alphabet <name>', 'one of those below; may be repeated; all if not said', collect)
    .option('--steps <n>', 'the longest programs', wholeNumber('--steps', 1, 12))
    .option('--sizes <n,...>', 'page counts of mappings', collect)
    .option('--cpus <n>', 'CPUs that programs use', wholeNumber('--cpus', 1, 8))
    .option('--names <n>', 'the most areas and VMAs of a program', wholeNumber('--names', 1, 8))
    .option('--schedules', 'run each FILE under every interleaving of its lanes, whatever schedule it names')
    .option(
      '--preemptions <n>',
      `the most preemptions of a schedule (default: ${PREEMPTIONS})`,
      wholeNumber('--preemptions', 0, 16),
    )
    .option('--time <duration>', 'stop after so long, such as 30s', milliseconds)
    .option('--bail', 'stop at the first violation')
    .option('--dry-run', 'count the programs, and stop')
    .option('--save <folder>', 'where violations are saved', '.mmspec/found')
    .option('--shard <i/n>', 'only the i-th of n equal parts')
    .option('--report <kind>', REPORT_USAGE, collect)
    .option('-o, --output <file>', 'write the report there instead of to standard output')
    .addHelpText('after', `\nAlphabets:\n${alphabets.join('\n')}`)
    .action(async (files: string[], options: ExploreOptions) => {
      checkUse(files, options);
      process.exitCode = await explore(files, options);
    });
}

/** Throws where options do not go together. */
function checkUse(files: readonly string[], options: ExploreOptions): void {
  const { schedules: wanted, preemptions } = options;
  if (!wanted && (files.length > 0 || preemptions !== undefined))
    throw new UsageError(`${files[0] ?? '--preemptions'} is for --schedules`);
  if (!wanted) return;
  if (files.length === 0) throw new UsageError('--schedules: name the programs that are to be run');
  const other = (['alphabet', 'steps', 'sizes', 'cpus', 'names'] as const).find((name) => options[name] !== undefined);
  if (other) throw new UsageError(`--${other} is for alphabets; --schedules runs the programs that it is given`);
}

function alphabetsOf(options: ExploreOptions): Alphabet[] {
  const chosen = options.alphabet?.map(alphabetNamed) ?? ALPHABETS;
  const sizes = options.sizes?.map(wholeNumber('--sizes', 0, 4096));
  return chosen.map((alphabet) => ({
    ...alphabet,
    ...(sizes ? { sizes } : {}),
    ...(options.cpus === undefined ? {} : { cpus: options.cpus }),
    ...(options.names === undefined ? {} : { names: options.names }),
  }));
}

/** One part for each length of each alphabet: what held is said length by length. */
function partsOf(alphabets: readonly Alphabet[], target: OpenTarget, options: ExploreOptions): Part[] {
  const { manifest } = target;
  const { traits } = agree(manifest, { traits: traitChoices(options.traits) });
  const ground = {
    traits,
    page: manifest.page,
    calls: manifest.calls,
    can: manifest.can,
    cpus: within('cpus', options.cpus, 2, manifest.cpus),
    frames: Math.min(64, manifest.frames),
  };
  return alphabets.map((alphabet) => {
    const steps = options.steps ?? (target.direct ? alphabet.steps.direct : alphabet.steps.remote);
    const programs = (): Iterable<Program> => programsUpTo(alphabet, steps, ground);
    return { name: `${alphabet.name} (<= ${steps})`, programs, unfit: 0 };
  });
}

/** One part for each file: its program under every schedule. */
function scheduledParts(
  files: readonly string[],
  target: OpenTarget,
  agreement: Agreement,
  bound = PREEMPTIONS,
): Part[] {
  const lanes = schedulable(target);
  return files.map((file) => {
    const { program } = loadOne(file).trace;
    if (program.blocks.length === 0)
      throw new UsageError(`${file} has no parallel block, and so no more than one schedule`);
    checkFits(file, program, target, agreement);
    function* programs(): Generator<Program, void> {
      for (const trace of schedules(lanes, program, bound)) yield trace.program;
    }
    return { name: `${file} (<= ${bound} preemption${bound === 1 ? '' : 's'})`, programs, unfit: 0 };
  });
}

async function explore(files: readonly string[], options: ExploreOptions): Promise<number> {
  const wanted = wantedReports(options.report, options.output);
  const alphabets = alphabetsOf(options);
  const target = await openTarget(options.target);
  try {
    const { profile } = options;
    const agreement = agree(target.manifest, {
      ...(profile === undefined ? {} : { profile }),
      traits: traitChoices(options.traits),
    });
    const list = options.schedules
      ? scheduledParts(files, target, agreement, options.preemptions)
      : partsOf(alphabets, target, options);
    const parts = new Parts(list);
    if (options.dryRun) {
      for (const { name, programs } of list) {
        const count = [...programs()].length;
        process.stdout.write(`${name.padEnd(16)} ${count} programs\n`);
      }
      return EXIT.held;
    }
    const people = forPeople(wanted);
    const shard = options.shard === undefined ? undefined : shardOf(options.shard);
    const { cpus } = target.manifest;
    const seed = 0;
    const result = await interruptible((signal) =>
      conduct(
        {
          target,
          agreement,
          seed,
          cpus,
          frames: 64,
          first: parts.programs(),
          only: true,
          budget: options.time === undefined ? {} : { milliseconds: options.time },
          signal,
          ...(shard ? { shard } : {}),
          ...(options.bail ? { bail: true } : {}),
        },
        { folder: options.save, people },
      ),
    );
    if (result.programs === 0 && !shard) throw new UsageError('there is no program over this alphabet on this target');
    const phases = parts.phases(result.programs, 0, shard).filter(({ name }) => name !== 'random');
    const report = makeReport(target, agreement, { seed, cpus, frames: 64 }, result, {
      phases,
      ...(shard ? { shard } : {}),
    });
    await writeReports(report, wanted, people);
    return exitCode(report);
  } finally {
    await target.close();
  }
}
