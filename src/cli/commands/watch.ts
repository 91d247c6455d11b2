import type { Command } from 'commander';
import { UsageError } from '../../common/errors.ts';
import { EXIT } from '../../common/exit.ts';
import { milliseconds, wholeNumber } from '../../common/numbers.ts';
import { Stopped } from '../../common/stopped.ts';
import { printError, printOut } from '../../common/terminal.ts';
import { changeText } from '../../output/report/text/change.ts';
import { buildsOf } from '../../run/builds.ts';
import { CONFIG_FILE, loadConfig } from '../../run/gate/config.ts';
import { gatePlan } from '../../run/gate/plan.ts';
import { withPlan } from '../../run/plan.ts';
import { exitCode } from '../../run/report/exit-code.ts';
import type { Report } from '../../run/report/report.ts';
import { TargetFailure } from '../../targets/target.ts';
import { printFailure } from '../failure.ts';
import { FOUND, type GateRunOptions, gateOn, gateOpening, kernelOf } from '../gate-on.ts';
import { interruptible } from '../interrupt.ts';
import { addKernel, checkBuildFolder, kernelAndFolder, ownKernelName, targetOf } from '../kernel-options.ts';
import { addJudging } from '../target-options.ts';

/** Registers `mmspec watch`. */
export function registerWatch(program: Command): void {
  const command = program
    .command('watch')
    .summary('run the gate on each new build of your kernel')
    .description('run the gate on each new build of a kernel, and print what changed in the verdict')
    .option('-t, --target <spec>', 'the name of the kernel: linux:NAME (default: linux:own)');
  addKernel(addJudging(command))
    .option('--budget <duration>', 'time limit of each gate, such as 30s', milliseconds('--budget'))
    .option('--seed <n>', 'use this seed instead of the one of the commit', wholeNumber('--seed', 0))
    .option('--programs <n>', 'number of random programs', wholeNumber('--programs', 0))
    .option(
      '--parallel <percent>',
      'percentage of random programs in which calls overlap (default: 0)',
      wholeNumber('--parallel', 0, 100),
    )
    .option('--cpus <n>', 'CPUs that programs use (default: all of the guest)', wholeNumber('--cpus', 1, 64))
    .option('--save <folder>', 'save counterexamples in this folder', FOUND)
    .option('--config <file>', `settings and requirements (default: ${CONFIG_FILE}, if it exists)`)
    .option('--no-explore', 'leave out the small programs')
    .action(async (options: GateRunOptions) => {
      process.exitCode = await watch(options);
    });
}

/** The exit code is that of the last build that was tested. */
async function watch(options: GateRunOptions): Promise<number> {
  const { kernel, kdir } = kernelAndFolder(options);
  // Otherwise the first build would show the mistake.
  if (options.target !== undefined) ownKernelName(options.target);
  checkBuildFolder(kdir);
  let last: Report | undefined;
  await interruptible(async (signal) => {
    printError(`waiting for ${kernel}; end with Ctrl-C\n`);
    for await (const _ of buildsOf(kernel, signal)) {
      try {
        const report = await gateOfBuild({ ...options, kernel, kdir }, signal);
        printOut(changeText(report, last));
        last = report;
      } catch (error) {
        if (!survives(error)) throw error;
      }
    }
  });
  return last ? exitCode(last) : EXIT.untested;
}

/** Prepares what changed, and runs the gate on it. */
async function gateOfBuild(options: GateRunOptions, signal: AbortSignal): Promise<Report> {
  const config = loadConfig(options.config);
  const spec = await targetOf(options.target ?? kernelOf(config), options);
  return withPlan(spec!, gateOpening(options, config), (general) =>
    gateOn(gatePlan(general, options, config), { folder: options.save, print: false, signal }),
  );
}

/** Whether the next build may be better: the error is printed then. A signal ends the command without a message. */
function survives(error: unknown): boolean {
  if (error instanceof Stopped) return true;
  if (error instanceof UsageError) printError(`${error.message}\n`);
  else if (error instanceof TargetFailure) printFailure(error);
  else return false;
  return true;
}
