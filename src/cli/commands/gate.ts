import { type Command, Option } from 'commander';
import { milliseconds, wholeNumber } from '../../common/numbers.ts';
import { CORPUS } from '../../findings/corpus.ts';
import { forPeople, REPORT_USAGE, wantedReports, writeReports } from '../../output/report/reporters.ts';
import { ALPHABETS } from '../../programs/enumerate/alphabet.ts';
import { EXPECT_FILE, loadExpectations } from '../../run/expect/file.ts';
import { programFolder } from '../../run/expect/programs.ts';
import { CONFIG_FILE, type GateConfig, loadConfig, requirementsOf } from '../../run/gate/config.ts';
import { SHIPPED } from '../../run/gate/directed.ts';
import { type GatePlan, runGate } from '../../run/gate/gate.ts';
import { deriveSeed } from '../../run/gate/seed.ts';
import { printShard, shardOf } from '../../run/gate/shard.ts';
import { exitCode } from '../../run/report/report.ts';
import { agree } from '../../targets/agreement.ts';
import { type OpenTarget, openTarget } from '../../targets/open.ts';
import { conduct, interruptible } from '../conduct.ts';
import { collect, traitChoices, within } from '../options.ts';

interface GateOptions {
  target?: string;
  profile?: string;
  traits?: string[];
  budget?: number;
  seed?: number;
  seedFrom?: string;
  programs?: number;
  parallel?: number;
  cpus?: number;
  frames?: number;
  vms?: number;
  fault?: string;
  corpus?: string[];
  save: string;
  expect?: string;
  config?: string;
  require?: string[];
  explore: boolean;
  shard?: string;
  report?: string[];
  output?: string;
}

const BUDGET = 90_000;
/** Random programs, on targets of this process and on others. */
const RANDOM = { direct: 10_000, remote: 800 };
/** Where a gate saves what it finds: not where it reads from, so that it stays the same gate. */
const FOUND = '.mmspec/found';

const repeated = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** Registers `mmspec gate`. */
export function registerGate(program: Command): void {
  program
    .command('gate')
    .description('the check of a pull request: saved, directed, all small and then a fixed number of random programs')
    .option('-t, --target <spec>', 'what to test (mmspec list targets); embedded if not said')
    .option('-p, --profile <name>', 'what to judge by, instead of what the target proposes')
    .option('--traits <name=choice>', 'override traits of the profile', collect)
    .option(
      '--budget <duration>',
      'a ceiling in time, such as 90s; where it strikes, the gate is not green',
      milliseconds,
    )
    .addOption(
      new Option('--seed <n>', 'instead of a derived one').argParser(wholeNumber('--seed', 0)).conflicts('seedFrom'),
    )
    .option('--seed-from <text>', 'derive the seed from a text; git: from the commit (which it is if nothing is said)')
    .option('--programs <n>', 'random programs', wholeNumber('--programs', 0))
    .option(
      '--parallel <percent>',
      'random programs in which calls overlap, of a hundred; 0 where the target decides how they do',
      wholeNumber('--parallel', 0, 100),
    )
    .option('--cpus <n>', 'CPUs that programs use', wholeNumber('--cpus', 1, 64))
    .option('--frames <n>', 'frames that programs use', wholeNumber('--frames', 1))
    .option('--vms <n>', 'virtual machines side by side (linux targets)', wholeNumber('--vms', 1, 64))
    .option('--fault <name>', 'a fault to inject into a live kernel (linux targets)')
    .option('--corpus <folder>', `saved programs, run first; may be repeated (${CORPUS})`, repeated)
    .option('--save <folder>', 'where violations are saved', FOUND)
    .option('--expect <file>', `expected divergences (${EXPECT_FILE}, where there is one)`)
    .option('--config <file>', `settings and requirements (${CONFIG_FILE}, where there is one)`)
    .option('--require <what>', "what must have been exercised: 'clause ZAP-* 10' or 'goal stale-view'", repeated)
    .option('--no-explore', 'leave out the small programs')
    .option('--shard <i/n>', 'only the i-th of n equal parts; read from CI_NODE_INDEX and the like if not said')
    .option('--report <kind>', REPORT_USAGE, collect)
    .option('-o, --output <file>', 'write the report there instead of to standard output')
    .action(async (options: GateOptions) => {
      process.exitCode = await gate(options);
    });
}

const NO_SMALL: ReadonlyMap<string, number> = new Map(ALPHABETS.map(({ name }) => [name, 0]));

function planOf(target: OpenTarget, options: GateOptions, config: GateConfig): GatePlan {
  const { manifest } = target;
  const profile = options.profile ?? config.profile;
  const derived = options.seed === undefined ? deriveSeed(options.seedFrom) : undefined;
  const corpus = options.corpus ?? (config.corpus.length > 0 ? config.corpus : [CORPUS]);
  const expectFile = options.expect ?? config.expect;
  const shard = shardOf(options.shard);
  return {
    target,
    agreement: agree(manifest, { ...(profile === undefined ? {} : { profile }), traits: traitChoices(options.traits) }),
    seed: options.seed ?? derived!.seed,
    ...(derived ? { seedFrom: derived.from } : {}),
    cpus: within('cpus', options.cpus ?? config.cpus, 2, manifest.cpus),
    frames: within('frames', options.frames ?? config.frames, 64, manifest.frames),
    budget: options.budget ?? config.budget ?? BUDGET,
    random: options.programs ?? config.programs ?? (target.direct ? RANDOM.direct : RANDOM.remote),
    // Where chance decides how calls overlap, the same commit would not be the same run.
    parallel: options.parallel ?? (target.direct ? undefined : 0),
    corpus,
    explore: options.explore ? config.explore : NO_SMALL,
    requirements: [
      ...config.requirements,
      ...(options.require ?? []).flatMap((text) => requirementsOf(text.trim().split(/\s+/))),
    ],
    expectations: loadExpectations(expectFile),
    expectFile: expectFile ?? EXPECT_FILE,
    expectFolders: [programFolder(expectFile ?? EXPECT_FILE), ...corpus, SHIPPED],
    ...(shard ? { shard } : {}),
  };
}

async function gate(options: GateOptions): Promise<number> {
  const wanted = wantedReports(options.report, options.output);
  const config = loadConfig(options.config);
  const target = await openTarget(options.target ?? config.target ?? 'embedded', {
    ...(options.cpus === undefined ? {} : { cpus: options.cpus }),
    ...(options.vms === undefined ? {} : { vms: options.vms }),
    ...(options.fault === undefined ? {} : { fault: options.fault }),
  });
  try {
    const plan = planOf(target, options, config);
    const people = forPeople(wanted);
    const part = plan.shard ? `, shard ${printShard(plan.shard)}` : '';
    const from = plan.seedFrom === undefined ? '' : ` from ${plan.seedFrom}`;
    const report = await interruptible((signal) => {
      process.stderr.write(`gate on ${target.spec} (${target.manifest.name}), seed ${plan.seed}${from}${part}\n`);
      return runGate(plan, (campaign) => conduct(campaign, { folder: options.save, people }), signal);
    });
    await writeReports(report, wanted, people);
    return exitCode(report);
  } finally {
    await target.close();
  }
}
