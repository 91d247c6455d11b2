import type { Command } from 'commander';
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
}

/** Adds `--profile` and `--traits` to a command. */
export const addJudging = (command: Command, instead = 'what the target proposes'): Command =>
  command
    .option('-p, --profile <name>', `judge by this profile instead of ${instead} (mmspec list profiles)`)
    .option('--traits <name=choice>', 'override traits of the profile (mmspec traits)', collect);

/** Adds `--fault` to a command. */
export const addFault = (command: Command): Command =>
  command.option('--fault <name>', 'a fault to inject into a live kernel (linux targets; mmspec list mutants)');

/** Adds the options that say on what to run saved programs. */
export const addTarget = (command: Command): Command =>
  addFault(addJudging(command.option('-t, --target <spec>', 'the target to run on (mmspec list targets)', 'embedded')));

/** The options as a plan takes them. */
export const planOptions = ({ profile, traits, fault }: JudgingOptions & { fault?: string }): OpeningOptions => ({
  profile,
  traits: traitChoices(traits),
  fault,
  signal: interruption,
});

/** What a recorded trace is judged by: what its header says, unless the options say otherwise. */
export const agreementFor = (
  header: Pick<Manifest, 'traits' | 'page' | 'windows'> & { readonly profile?: string },
  options: JudgingOptions,
): Agreement => agree(header, requested(planOptions(options)));
