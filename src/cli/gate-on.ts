import { printError } from '../common/terminal.ts';
import type { Jobs } from '../run/campaign/options.ts';
import type { GateConfig } from '../run/gate/config.ts';
import { runGate } from '../run/gate/gate.ts';
import { type GateOptions, type GatePlan, gateBudget } from '../run/gate/plan.ts';
import type { OpeningOptions } from '../run/plan.ts';
import type { Report } from '../run/report/report.ts';
import { printShard } from '../run/shard.ts';
import { describeTarget, isMachine } from '../targets/open.ts';
import { runCampaign } from './campaign.ts';
import type { KernelOptions } from './kernel-options.ts';
import { type JudgingOptions, planOptions } from './target-options.ts';

/** Where a gate saves what it finds. It reads other folders, so the next gate runs the same programs. */
export const FOUND = '.mmspec/found';

/** Options that the commands that run a gate share. Not each of them has every optional one. */
export interface GateRunOptions
  extends JudgingOptions,
    KernelOptions,
    Pick<GateOptions, 'budget' | 'seed' | 'programs' | 'parallel' | 'explore'> {
  readonly target?: string;
  readonly config?: string;
  readonly save: string;
  readonly fault?: string;
  readonly points?: string;
  readonly cpus?: number;
  readonly frames?: number;
  readonly vms?: number;
  readonly jobs?: Jobs;
}

/** How to open the target of a gate: as the options say, else as the configuration says. */
export const gateOpening = (options: GateRunOptions, config: GateConfig): OpeningOptions => ({
  ...planOptions({ ...options, profile: options.profile ?? config.profile }),
  cpus: options.cpus ?? config.cpus,
  frames: options.frames ?? config.frames,
  vms: options.vms,
  jobs: options.jobs,
  seed: options.seed,
  budget: { milliseconds: gateBudget(options, config) },
});

/** The target of a configuration, if it is a kernel: `--kdir` may be about that one. */
export const kernelOf = ({ target }: GateConfig): string | undefined =>
  target !== undefined && isMachine(target) ? target : undefined;

/** Runs a gate with a live line, and says before what it runs on. `print`: standard output is for people. */
export function gateOn(
  plan: GatePlan,
  {
    folder,
    print,
    quiet = false,
    signal,
  }: {
    readonly folder: string;
    readonly print: boolean;
    readonly quiet?: boolean | undefined;
    readonly signal: AbortSignal;
  },
): Promise<Report> {
  const { target, seed, seedFrom, shard } = plan;
  const from = seedFrom === undefined ? '' : ` from ${seedFrom}`;
  const part = shard ? `, shard ${printShard(shard)}` : '';
  if (!quiet) printError(`gate on ${describeTarget(target)}, seed ${seed}${from}${part}\n`);
  return runGate(plan, (campaign) => runCampaign(campaign, { folder, print, quiet }), signal);
}
