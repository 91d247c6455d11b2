import type { Command } from 'commander';
import { wholeNumber } from '../common/numbers.ts';
import { stopSignal } from '../common/stopped.ts';
import { type OpeningOptions, requested } from '../run/plan.ts';
import { type Agreement, agree } from '../targets/agreement.ts';
import type { Manifest } from '../targets/target.ts';
import { interruption } from './interrupt.ts';
import { collect, traitChoices } from './options.ts';

/** The options of a target that many commands share, registered and read in one place. */

export interface JudgingOptions {
  readonly profile?: string | undefined;
  readonly traits?: string[];
}

export interface TargetOptions extends JudgingOptions {
  readonly target: string;
  readonly fault?: string;
  readonly points?: string;
}

/** Adds `--profile` and `--traits` to a command. */
export const addJudging = (command: Command, instead = 'what the target proposes'): Command =>
  command
    .option('-p, --profile <name>', `judge by this profile instead of ${instead} (mmspec list profiles)`)
    .option('--traits <name=choice>', 'override traits of the profile (mmspec traits)', collect);

/** Adds `--fault` and `--points` to a command. */
export const addFault = (command: Command): Command =>
  command
    .option('--fault <name>', 'a fault to inject into a live kernel (linux targets; mmspec list mutants)')
    .option(
      '--points <list>',
      'where schedules stop lanes of a kernel: fixed, wide, or a file with names of functions (vmalloc: fixed or wide)',
    );

/** Adds the options that say on what to run saved programs. */
export const addTarget = (command: Command): Command =>
  addFault(addJudging(command.option('-t, --target <spec>', 'the target to run on (mmspec list targets)', 'embedded')));

/** Adds `--jobs` to a command that runs random programs. */
export const addJobs = (command: Command): Command =>
  command.option(
    '--jobs <n>',
    'random programs that run side by side, each on a target of its own (default: auto, as many as make a run faster)',
    (text) => (text === 'auto' ? text : wholeNumber('--jobs', 1, 256)(text)),
  );

const judgingOptions = ({ profile, traits }: JudgingOptions) => ({ profile, traits: traitChoices(traits) });

/** Options of a plan whose waits end at a signal. */
type Stoppable = OpeningOptions & { readonly signal: AbortSignal };

/** The options as a plan takes them. */
export const planOptions = (options: JudgingOptions & { fault?: string; points?: string }): Stoppable => ({
  ...judgingOptions(options),
  fault: options.fault,
  points: options.points,
  signal: interruption(),
});

/** The options of a plan whose waits end after a time, too, if there is a limit. */
export function timedOptions(time: number | undefined, options: Stoppable): Stoppable {
  if (time === undefined) return options;
  const signal = stopSignal(time, options.signal)!;
  return { ...options, budget: { milliseconds: time }, signal };
}

/** What a recorded trace is judged by: what its header says, unless the options say otherwise. */
export const agreementFor = (
  header: Pick<Manifest, 'traits' | 'page' | 'windows'> & { readonly profile?: string },
  options: JudgingOptions,
): Agreement => agree(header, requested(judgingOptions(options)));
