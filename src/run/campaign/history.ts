import type { Program } from '../../../reference/calls/valid.ts';
import { execute, failureOf, type Judged, triesOf } from '../../findings/execution.ts';
import type { Finding } from '../../findings/finding.ts';
import type { Shrunk } from '../../programs/shrink/index.ts';
import type { Agreement } from '../../targets/agreement.ts';
import { type Origin, shrunkFinding } from './new-finding.ts';

interface HistoryOptions extends Origin {
  readonly agreement: Agreement;
  /** Programs that ran on the target before the failing one, the latest last. */
  readonly history?: readonly Program[];
}

/**
 * For a program that holds alone on a freshly started target: finds a short run of preceding programs after which it
 * fails. Without one, the finding is unconfirmed.
 */
export async function findingWithHistory(
  judged: Judged,
  shrunk: Pick<Shrunk, 'program' | 'executions'>,
  options: HistoryOptions,
): Promise<Finding> {
  const { target, agreement, key, history = [] } = options;
  const { program } = judged.trace;
  const failsAfter = async (before: readonly Program[]): Promise<Judged | undefined> => {
    await target.fresh?.();
    const runs = await execute(target, [...before, program], agreement.terms);
    const last = runs[runs.length - 1];
    return failureOf(last) === key ? last : undefined;
  };
  let before = history;
  let shown = history.length > 0 ? await failsAfter(before) : undefined;
  if (!shown) return shrunkFinding(judged, judged, shrunk, { failed: 0, of: triesOf(program) }, options);
  for (const length of halves(before.length)) {
    const shorter = length === 0 ? [] : before.slice(-length);
    const failed = await failsAfter(shorter);
    if (!failed) break;
    before = shorter;
    shown = failed;
  }
  return { ...(await shrunkFinding(judged, shown, shrunk, { failed: 1, of: 1 }, options)), before };
}

/** 7 gives 3, 1, 0. */
function* halves(length: number): Generator<number, void> {
  for (let half = length; half > 0; ) {
    half = Math.floor(half / 2);
    yield half;
  }
}
