import { endsTarget, execute, failureOf, type Judged } from '../../findings/execution.ts';
import { keyOf, type Symptom } from '../../findings/finding.ts';
import { type LocaliseOptions, localise, localiseBefore } from '../../findings/localise/localise.ts';
import { withoutOverlap } from '../../findings/localise/overlap.ts';
import { withPlainerCall } from '../../findings/localise/plainer.ts';
import type { Agreement } from '../../targets/agreement.ts';
import type { OpenTarget } from '../../targets/open.ts';
import type { CampaignOptions } from './options.ts';

/** Finding the culprit of a shrunk program, and the smallest program that shows it. */

/** The failure that was met, where another one shows the culprit. */
export function symptomsOf({ trace, violation }: Judged, key: string): Symptom[] {
  const own = violation && keyOf(trace, violation);
  return violation && own !== undefined && own !== key ? [{ key: own, violation, trace }] : [];
}

/** How to run programs in order to find a culprit. */
export const localiseOptions = (target: OpenTarget, { traits, terms }: Agreement): LocaliseOptions => ({
  manifest: target.manifest,
  traits,
  page: terms.page,
  run: (programs) => execute(target, programs, terms),
});

/** How often a shrunk program is localised and shrunk again. */
const MAX_LOCALISATIONS = 3;

interface BlameOptions {
  readonly target: OpenTarget;
  readonly agreement: Agreement;
  readonly known?: CampaignOptions['known'];
}

/**
 * Replaces a failing program by one that shows the culprit: without overlap if it also fails without it, cut after the
 * first step that leaves a wrong state, and with the plainest call that has the fault.
 * @param failed a run of a shrunk program.
 * @param shrinkAgain shrinks another failing program, and runs the result.
 */
export async function blame(
  failed: Judged,
  { target, agreement, known }: BlameOptions,
  shrinkAgain: (failed: Judged) => Promise<Judged>,
): Promise<Judged> {
  const settings = localiseOptions(target, agreement);
  const mustRestart = (run: Judged): boolean => !target.direct && endsTarget(run);
  let current = failed;
  for (let round = 0; round < MAX_LOCALISATIONS && current.violation; round++) {
    const ended = mustRestart(current);
    const overlaps = current.trace.program.blocks.length > 0;
    const apart = overlaps && !ended ? await withoutOverlap(current, settings) : undefined;
    const found = apart ?? (await (ended ? localiseBefore : localise)(current, settings));
    if (!found || (!apart && failureOf(found) === failureOf(current))) break;
    // A known failure need not be why the target ends later, and must not hide that it ends.
    if (ended && known?.(found, true)) break;
    const next = await shrinkAgain(found);
    if (!next.violation) break;
    current = next;
  }
  if (mustRestart(current)) return current;
  const plainer = await withPlainerCall(current, settings);
  const next = plainer && (await shrinkAgain(plainer));
  return next?.violation ? next : current;
}
