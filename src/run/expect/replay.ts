import { UsageError } from '../../common/errors.ts';
import { execute } from '../../findings/execution.ts';
import { fits } from '../../findings/keep.ts';
import type { Agreement } from '../../targets/agreement.ts';
import type { OpenTarget } from '../../targets/open.ts';
import type { Shard } from '../campaign/options.ts';
import type { Expected } from '../report/report.ts';
import { type Entry, expects, triesFor } from './entry.ts';
import { programOf } from './programs.ts';

/** What expected divergences are run again on, and how long that may take. */
export interface ReplayTerms {
  readonly target: OpenTarget;
  readonly agreement: Agreement;
  /** The file that lists them, and folders with their programs. */
  readonly file: string;
  readonly folders: readonly string[];
  readonly shard: Shard | undefined;
  readonly over: () => boolean;
}

/** Tries of one go, so that an unstable divergence that shows at once costs little. */
const GO = 10;

async function showOf(entry: Entry, terms: ReplayTerms): Promise<{ failed: number; of: number }> {
  const { target, agreement } = terms;
  const program = programOf(entry, terms.folders);
  if (!fits(program, target, agreement)) {
    throw new UsageError(
      `line ${entry.line} of ${terms.file}: program ${entry.program} is not defined on ${target.spec} under ${agreement.profile}; narrow the line with target= or version`,
    );
  }
  const tries = triesFor(entry);
  let [failed, of] = [0, 0];
  while (of < tries && failed === 0 && !terms.over()) {
    const count = Math.min(GO, tries - of);
    const runs = await execute(target, new Array<typeof program>(count).fill(program), agreement.terms);
    of += count;
    failed += runs.filter(
      ({ trace, violation }) => violation && expects(entry, violation, trace.program.steps[violation.step].call.name),
    ).length;
  }
  return { failed, of };
}

/**
 * Runs the programs of expected divergences; a shard runs its share of them.
 * @throws UsageError where a program is missing or undefined on the target.
 */
export async function replayExpected(entries: readonly Entry[], terms: ReplayTerms): Promise<Expected[]> {
  const { file, shard = { index: 0, of: 1 } } = terms;
  const expected: Expected[] = [];
  for (const [ordinal, entry] of entries.entries()) {
    const mine = ordinal % shard.of === shard.index && !terms.over();
    expected.push({ entry, file, met: 0, ...(mine ? { shown: await showOf(entry, terms) } : {}) });
  }
  return expected;
}
