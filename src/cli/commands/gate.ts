import { type Command, Option } from 'commander';
import { milliseconds, wholeNumber } from '../../common/numbers.ts';
import { CORPUS } from '../../findings/corpus.ts';
import { forPeople, REPORT_USAGE, wantedReports } from '../../output/report/reporters.ts';
import { compareWithBase, loadBase } from '../../run/base.ts';
import { EXPECT_FILE } from '../../run/expect/file.ts';
import { calibrating } from '../../run/gate/calibrate.ts';
import { CONFIG_FILE, loadConfig } from '../../run/gate/config.ts';
import { gatePlan } from '../../run/gate/plan.ts';
import { withPlan } from '../../run/plan.ts';
import { shardOf } from '../../run/shard.ts';
import { hintAtCalibration, writeCalibration } from '../calibrate.ts';
import { addDetail, type DetailOptions } from '../detail.ts';
import { endWithReports } from '../end-with-reports.ts';
import { FOUND, type GateRunOptions, gateOn, gateOpening, kernelOf } from '../gate-on.ts';
import { interruptible } from '../interrupt.ts';
import { addKernel, targetOf } from '../kernel-options.ts';
import { collect, repeated } from '../options.ts';
import { addFault, addJobs, addJudging } from '../target-options.ts';

interface GateOptions extends GateRunOptions, DetailOptions {
  seedFrom?: string;
  corpus?: string[];
  expect?: string;
  base?: string;
  require?: string[];
  shard?: string;
  calibrate?: boolean;
  report?: string[];
  output?: string;
}

/** Registers `mmspec gate`. */
export function registerGate(program: Command): void {
  const command = program
    .command('gate')
    .summary('check a pull request: one commit always runs the same programs')
    .description('check a pull request: run saved, directed, small and a fixed number of random programs')
    .option('-t, --target <spec>', 'the target to test (mmspec list targets; default: embedded)');
  addDetail(addJobs(addFault(addJudging(addKernel(command)))))
    .option(
      '--budget <duration>',
      'time limit, such as 90s; a gate that reaches it is not green',
      milliseconds('--budget'),
    )
    .addOption(
      new Option('--seed <n>', 'use this seed instead of a derived one')
        .argParser(wholeNumber('--seed', 0))
        .conflicts('seedFrom'),
    )
    .option('--seed-from <text>', 'derive the seed from this text; git: from the commit (the default)')
    .option('--programs <n>', 'number of random programs', wholeNumber('--programs', 0))
    .option(
      '--parallel <percent>',
      'percentage of random programs in which calls overlap (default: 0 where the target decides how they do)',
      wholeNumber('--parallel', 0, 100),
    )
    .option('--cpus <n>', 'CPUs that programs use (default: 3, or all of the target)', wholeNumber('--cpus', 1, 64))
    .option('--frames <n>', 'frames that programs use (default: 64, or all)', wholeNumber('--frames', 1))
    .option('--vms <n>', 'virtual machines that run side by side (linux targets)', wholeNumber('--vms', 1, 64))
    .option(
      '--corpus <folder>',
      `folder of saved programs to run first; may be repeated (default: ${CORPUS})`,
      repeated,
    )
    .option('--save <folder>', 'save counterexamples in this folder', FOUND)
    .option('--expect <file>', `expected divergences (default: ${EXPECT_FILE}, if it exists)`)
    .option('--base <file>', 'JSON report of the base branch: fail only for violations that it does not have')
    .option('--config <file>', `settings and requirements (default: ${CONFIG_FILE}, if it exists)`)
    .option(
      '--require <what>',
      "what must be exercised, such as 'clause ZAP-* 10', 'goal stale-view' or 'state block-full'",
      repeated,
    )
    .option('--no-explore', 'leave out the small programs')
    .option('--shard <i/n>', 'run only the i-th of n equal parts (default: as CI_NODE_INDEX and the like say)')
    .addOption(
      new Option('--calibrate', `write into ${CONFIG_FILE} how many random programs fit into the budget`).conflicts([
        'programs',
        'shard',
        'base',
      ]),
    )
    .option('--report <kind>', REPORT_USAGE, collect)
    .option('-o, --output <file>', 'write the report to this file instead of standard output')
    .action(async (options: GateOptions) => {
      process.exitCode = await gate(options);
    });
}

async function gate(options: GateOptions): Promise<number> {
  const wanted = wantedReports(options.report, options.output);
  const base = options.base === undefined ? undefined : loadBase(options.base);
  const config = loadConfig(options.config);
  const asked = gateOpening(options, config);
  const target = (await targetOf(options.target ?? kernelOf(config), options)) ?? config.target ?? 'embedded';
  return withPlan(target, asked, async (general) => {
    const shard = options.calibrate ? undefined : shardOf(options.shard);
    const usual = gatePlan(general, { ...options, shard }, config);
    const plan = options.calibrate ? calibrating(usual) : usual;
    const print = forPeople(wanted);
    const found = await interruptible((signal) =>
      gateOn(plan, { folder: options.save, print, quiet: options.quiet, signal }),
    );
    if (options.calibrate) return writeCalibration(found, usual.budget, options.config ?? CONFIG_FILE);
    hintAtCalibration(plan, found, (options.programs ?? config.programs) !== undefined);
    const report = base ? compareWithBase(found, base) : found;
    return endWithReports(report, wanted, options);
  });
}
