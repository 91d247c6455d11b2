import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BENCH_NODE_OPTIONS, inRevision } from './checkout.ts';
import { addRound, comparePairs, type Ratio } from './compare.ts';
import { parseTimings, type Timings } from './timings.ts';

const run = promisify(execFile);

/** Measures one round of the benchmark of a checkout, in a process of its own. */
async function measureRound(folder: string, sections: readonly string[]): Promise<Timings> {
  const only = sections.flatMap((section) => ['--only', section]);
  const args = [...BENCH_NODE_OPTIONS, join(folder, 'bench/main.ts'), '--json', '--rounds', '1', ...only];
  const { stdout } = await run(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 24 });
  return parseTimings(stdout, `the benchmark in ${folder}`);
}

/**
 * Measures this tree and an older revision in turn, so that both meet the same noise.
 * @param root the repository.
 * @throws Error if the benchmark of the revision cannot print JSON.
 */
export const compareRevisions = (
  root: string,
  revision: string,
  sections: readonly string[],
  rounds: number,
): Promise<Ratio[]> =>
  inRevision(root, revision, async (folder) => {
    let now: Timings | undefined;
    let before: Timings | undefined;
    for (let round = 0; round < rounds; round++) {
      before = addRound(before, await measureRound(folder, sections));
      now = addRound(now, await measureRound(root, sections));
    }
    return comparePairs(now!, before!);
  });
