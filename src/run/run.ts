import { agree } from '../targets/agreement.ts';
import { openDirect, openTarget } from '../targets/open.ts';
import type { DirectTarget } from '../targets/target.ts';
import { Campaign } from './campaign/campaign.ts';
import type { Budget } from './campaign/options.ts';
import { makeReport, type Report } from './report/report.ts';

/** What `run` is asked for. */
export interface RunOptions {
  /** A target of this process, or a specification as on the command line. */
  readonly target: DirectTarget | string;
  readonly seed?: number;
  readonly budget?: Budget;
  readonly profile?: string;
  readonly traits?: Readonly<Record<string, string>>;
  readonly cpus?: number;
  readonly frames?: number;
  /** Stop at the first violation. */
  readonly bail?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Runs random programs against a target, judges them and shrinks what fails: `mmspec run` for programs.
 * @throws UsageError for an unknown target, profile or trait; TargetFailure where the target failed outside a step.
 */
export async function run(options: RunOptions): Promise<Report> {
  const { target } = options;
  const opened = typeof target === 'string' ? await openTarget(target) : openDirect(target.manifest.name, target);
  try {
    const { manifest } = opened;
    const agreement = agree(manifest, {
      ...(options.profile === undefined ? {} : { profile: options.profile }),
      traits: new Map(Object.entries(options.traits ?? {})),
    });
    const seed = options.seed ?? 1;
    const cpus = options.cpus ?? Math.min(3, manifest.cpus);
    const frames = options.frames ?? Math.min(64, manifest.frames);
    const result = await new Campaign({
      target: opened,
      agreement,
      seed,
      cpus,
      frames,
      budget: options.budget ?? { steps: 200_000 },
      ...(options.bail ? { bail: true } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    }).run();
    return makeReport(opened, agreement, { seed, cpus, frames }, result);
  } finally {
    await opened.close();
  }
}
