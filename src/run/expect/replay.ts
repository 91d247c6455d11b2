import { UsageError } from '../../common/errors.ts';
import { untilStopped } from '../../common/stopped.ts';
import { execute } from '../../findings/execution.ts';
import { whyUnfit } from '../../findings/fits.ts';
import type { Agreement } from '../../targets/agreement.ts';
import type { OpenTarget } from '../../targets/open.ts';
import type { Shard } from '../campaign/options.ts';
import { WHOLE_RUN } from '../campaign/sharding.ts';
import type { Expected } from '../report/report.ts';
import { type Entry, expects, triesFor } from './entry.ts';
import { programOf } from './programs.ts';

/** Where to replay expected divergences, and for how long. */
interface ReplayTerms {
  readonly target: OpenTarget;
  readonly agreement: Agreement;
  /** The file that lists them, and the folders with their programs. */
  readonly file: string;
  readonly folders: readonly string[];
  readonly shard: Shard | undefined;
  /** True when no further program may start. */
  readonly over: () => boolean;
}

/** Runs of one batch: an unstable divergence that shows at once needs no more. */
const BATCH_RUNS = 10;

/**
 * Runs the program of an entry until it fails, or often enough to call the divergence gone; undefined when the time was
 * over before either.
 */
async function replay(entry: Entry, terms: ReplayTerms): Promise<{ failed: number; of: number } | undefined> {
  const { target, agreement } = terms;
  const program = programOf(entry, terms.folders);
  const why = whyUnfit(program, target, agreement);
  if (why !== undefined)
    throw new UsageError(
      `${terms.file}, line ${entry.line}: ${target.spec} cannot run program ${entry.program}: ${why}; restrict the line with target= or version`,
    );
  const tries = triesFor(entry);
  let [failed, of] = [0, 0];
  while (of < tries && failed === 0 && !terms.over()) {
    const count = Math.min(BATCH_RUNS, tries - of);
    const runs = await untilStopped(execute(target, new Array<typeof program>(count).fill(program), agreement.terms));
    if (!runs) break;
    of += count;
    failed += runs.filter(
      ({ trace, violation }) => violation && expects(entry, violation, trace.program.steps[violation.step].call.name),
    ).length;
  }
  return failed > 0 || of >= tries ? { failed, of } : undefined;
}

/**
 * Replays the programs of expected divergences; a shard replays its share of them.
 * @throws UsageError when a program is missing, or the target cannot run it.
 */
export async function replayExpected(entries: readonly Entry[], terms: ReplayTerms): Promise<Expected[]> {
  const { file, shard = WHOLE_RUN } = terms;
  const expected: Expected[] = [];
  for (const [number, entry] of entries.entries()) {
    const mine = number % shard.of === shard.index && !terms.over();
    const shown = mine ? await replay(entry, terms) : undefined;
    expected.push({ entry, file, met: 0, ...(shown ? { shown } : {}) });
  }
  return expected;
}
