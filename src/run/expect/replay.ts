import { UsageError } from '../../common/errors.ts';
import { untilStopped } from '../../common/stopped.ts';
import { execute, type Judged } from '../../findings/execution.ts';
import { whyUnfit } from '../../findings/fits.ts';
import { failureUnderOtherSchedules } from '../../findings/until-failure.ts';
import type { Agreement } from '../../targets/agreement.ts';
import type { OpenTarget } from '../../targets/open.ts';
import type { Shard } from '../campaign/options.ts';
import { WHOLE_RUN } from '../campaign/sharding.ts';
import type { Expected } from '../report/report.ts';
import { type Entry, expects, isComplete, triesFor } from './entry.ts';
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

/** An expected divergence, and what it lets pass. */
export interface Replayed {
  readonly expected: Expected;
  /**
   * The entry, completed with the calls and outcomes with which its program failed. An entry that does not name them lets
   * nothing else pass: its clause alone would also excuse other bugs that break the clause.
   */
  readonly excused: readonly Entry[];
}

/** How often the program of an entry failed, and with which calls and outcomes. */
interface Shown {
  readonly failed: number;
  readonly of: number;
  readonly excused: readonly Entry[];
}

/** Whether a run fails as an entry expects. */
const failsAsExpected = (entry: Entry, { trace: { program }, violation }: Judged): boolean =>
  violation !== undefined &&
  expects(entry, violation, program.steps[violation.step].call.name, program.blocks.length > 0);

/** The entry, completed with each call and outcome with which its program failed. */
function completed(entry: Entry, failed: readonly Judged[]): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const { trace, violation } of failed) {
    const call = trace.program.steps[violation!.step].call.name;
    const seen = violation!.seen.kind;
    entries.set(`${call} ${seen}`, { ...entry, call, seen });
  }
  return [...entries.values()];
}

/**
 * Runs the program of an entry until it fails, or often enough to call the divergence gone, and then under other schedules
 * if it has one: a schedule holds for one build of a target only. Undefined when the time was over before either.
 */
async function replay(entry: Entry, terms: ReplayTerms): Promise<Shown | undefined> {
  const { target, agreement } = terms;
  const program = programOf(entry, terms.folders);
  const why = whyUnfit(program, target, agreement);
  if (why !== undefined)
    throw new UsageError(
      `${terms.file}, line ${entry.line}: ${target.spec} cannot run program ${entry.program}: ${why}; restrict the line with target= or version`,
    );
  const tries = triesFor(entry);
  const runs: Judged[] = [];
  const wanted = (run: Judged): boolean => failsAsExpected(entry, run);
  while (runs.length < tries && !runs.some(wanted) && !terms.over()) {
    const size = Math.min(BATCH_RUNS, tries - runs.length);
    const batch = await untilStopped(execute(target, new Array<typeof program>(size).fill(program), agreement.terms));
    if (!batch) break;
    runs.push(...batch);
  }
  if (runs.length >= tries && !runs.some(wanted) && !terms.over()) {
    const other = await untilStopped(failureUnderOtherSchedules(target, program, agreement.terms, wanted));
    if (other) runs.push(other);
  }
  const failed = runs.filter(wanted);
  if (failed.length === 0 && runs.length < tries) return undefined;
  return { failed: failed.length, of: runs.length, excused: completed(entry, failed) };
}

/**
 * Replays the programs of expected divergences; a shard replays its share of them, and those that do not say what they
 * excuse.
 * @throws UsageError when a program is missing, or the target cannot run it.
 */
export async function replayExpected(entries: readonly Entry[], terms: ReplayTerms): Promise<Replayed[]> {
  const { file, shard = WHOLE_RUN } = terms;
  const replayed: Replayed[] = [];
  for (const [number, entry] of entries.entries()) {
    const mine = number % shard.of === shard.index;
    const shown = (mine || !isComplete(entry)) && !terms.over() ? await replay(entry, terms) : undefined;
    const expected = { entry, file, met: 0 };
    replayed.push({
      expected: mine && shown ? { ...expected, shown: { failed: shown.failed, of: shown.of } } : expected,
      excused: isComplete(entry) ? [entry] : (shown?.excused ?? []),
    });
  }
  return replayed;
}
