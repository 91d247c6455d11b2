import { type Agreement, agree } from '../targets/agreement.ts';
import { type OpenOptions, type OpenTarget, openDirect, openTarget } from '../targets/open.ts';
import type { DirectTarget } from '../targets/target.ts';

/**
 * What to run programs on, and what to judge it by.
 *
 * @example
 * ```ts
 * import { run, type TargetChoice } from 'mmspec';
 *
 * const choice: TargetChoice = { target: 'embedded', profile: 'linux-6.12' };
 * const report = await run({ ...choice, budget: { programs: 100 } });
 * console.log(report.profile); // linux-6.12
 * ```
 */
export interface TargetChoice {
  /** A target in this process, an opened target, which stays open, or a specification as on the command line. */
  readonly target: DirectTarget | OpenTarget | string;
  /** The name of a profile, instead of the one that the target proposes. */
  readonly profile?: string;
  /** Traits that override the profile, `{ tlb: 'lazy' }`. */
  readonly traits?: Readonly<Record<string, string>>;
}

/**
 * Opens a target unless it is open, passes it to `act`, and closes it afterwards if it was opened here.
 * @throws UsageError for an unknown target, profile or trait. TargetFailure where the target does not start.
 */
export async function withTarget<T>(
  { target, profile, traits = {} }: TargetChoice,
  act: (target: OpenTarget, agreement: Agreement) => Promise<T>,
  options: OpenOptions = {},
): Promise<T> {
  const own = typeof target === 'string' ? await openTarget(target, options) : undefined;
  const opened = own ?? asOpen(target as DirectTarget | OpenTarget);
  try {
    const requested = { ...(profile === undefined ? {} : { profile }), traits: new Map(Object.entries(traits)) };
    return await act(opened, agree(opened.manifest, requested));
  } finally {
    await own?.close();
  }
}

const asOpen = (target: DirectTarget | OpenTarget): OpenTarget =>
  'spec' in target ? target : openDirect(target.manifest.name, target);
