import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../../../reference/calls/valid.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import { UsageError } from '../../common/errors.ts';
import { load, textHash } from '../../findings/corpus.ts';
import type { Entry } from './entry.ts';

/** The folder of the programs that a file of expected divergences names. */
export const programFolder = (expectFile: string): string => `${expectFile}.d`;

/** The file name of an entry's program, the one that a saved counterexample has. */
export const programName = (entry: Pick<Entry, 'clause' | 'program'>): string => `${entry.clause}-${entry.program}.mm`;

/**
 * The program of an entry: from the folder beside the file of expected divergences, or from a corpus.
 * @throws UsageError where it is in none of them, or is not the one that was listed.
 */
export function programOf(entry: Entry, folders: readonly string[]): Program {
  const name = programName(entry);
  const path = folders.map((folder) => join(folder, name)).find((candidate) => existsSync(candidate));
  if (path === undefined) {
    throw new UsageError(
      `line ${entry.line} of the expected divergences names program ${entry.program}, but there is no ${name} in ${folders.join(', ')}`,
    );
  }
  const { document } = load(path);
  const found = document.entries.find(({ trace }) => textHash(printSteps(trace.program)) === entry.program);
  if (!found) {
    throw new UsageError(
      `${path} is not the program ${entry.program} that line ${entry.line} of the expected divergences names`,
    );
  }
  return found.trace.program;
}
