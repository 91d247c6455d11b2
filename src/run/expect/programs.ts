import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../../../reference/calls/valid.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import { UsageError } from '../../common/errors.ts';
import { load, textHash } from '../../findings/corpus.ts';
import type { Entry } from './entry.ts';

/** The folder with the programs of a file of expected divergences. */
export const programFolder = (expectFile: string): string => `${expectFile}.d`;

/** The file name of an entry's program: that of a saved counterexample. */
const programName = (entry: Pick<Entry, 'clause' | 'program'>): string => `${entry.clause}-${entry.program}.mm`;

/**
 * The program of an entry, from the first folder that has it.
 * @throws UsageError when no folder has it, or the file holds another program.
 */
export function programOf(entry: Entry, folders: readonly string[]): Program {
  const name = programName(entry);
  const path = folders.map((folder) => join(folder, name)).find((candidate) => existsSync(candidate));
  if (path === undefined) {
    throw new UsageError(
      `line ${entry.line} of the expected divergences names program ${entry.program}, but none of these folders has ${name}: ${folders.join(', ')}`,
    );
  }
  const { document } = load(path);
  const found = document.entries.find(({ trace }) => textHash(printSteps(trace.program)) === entry.program);
  if (!found) {
    throw new UsageError(
      `${path} does not hold program ${entry.program}, which line ${entry.line} of the expected divergences names; was it edited?`,
    );
  }
  return found.trace.program;
}
