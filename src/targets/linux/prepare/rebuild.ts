import { join } from 'node:path';
import { writeWhole } from '../../../common/files.ts';
import { CommandFailure } from '../../process/command.ts';
import { TargetFailure } from '../../target.ts';
import { type Arch, suiteTarget } from '../arch/index.ts';
import { preparedFolder, rootFolder } from '../cache.ts';
import { harnessHash } from '../harness.ts';
import { archOf, builtFolder, type Prepared } from '../prepared.ts';
import { buildHere, buildInRoot, keepIn } from './build.ts';
import { writeInitrd } from './initrd.ts';
import { moduleKey } from './module-key.ts';
import { BuildRoot } from './root.ts';

/** Called with one line about each step that takes a while. */
export type Progress = (line: string) => void;

/** The build root of a suite for an architecture. */
export const rootOf = (suite: string, arch: Arch): BuildRoot => new BuildRoot(rootFolder(suiteTarget(suite, arch)));

/** Records what was prepared. This comes last, so that only complete kernels are ever found. */
export function record(prepared: Omit<Prepared, 'at'>): Prepared {
  const { folder, ...rest } = { ...prepared, at: new Date().toISOString() };
  writeWhole(join(folder, 'prepared.json'), `${JSON.stringify(rest, undefined, 2)}\n`);
  return { ...rest, folder: preparedFolder(rest.name) };
}

/** Builds the current harness for a kernel whose files are in place. */
export async function rebuild(prepared: Prepared, progress: Progress): Promise<Prepared> {
  const { folder, suite, kdir, release } = prepared;
  progress(`building the harness for ${release}`);
  const harness = harnessHash();
  const arch = archOf(prepared);
  if (suite) {
    writeInitrd(folder, await buildInRoot(rootOf(suite, arch), release, arch));
    return record({ ...prepared, harness });
  }
  const own = { kdir: kdir as string, release };
  const module = moduleKey(own);
  const built = await buildHere(own.kdir);
  writeInitrd(folder, built);
  keepIn(builtFolder(folder), built);
  return record({ ...prepared, harness, module });
}

/**
 * Acts, and turns a command that failed into a TargetFailure.
 * @throws TargetFailure with the output of the command.
 */
export async function preparing<T>(name: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    throw new TargetFailure(`linux:${name} could not be prepared: ${error.message}`, { cause: error });
  }
}
