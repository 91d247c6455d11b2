import { closeNames, firstNames, UnknownName } from '../../../common/names.ts';
import { commandLine } from '../../../common/shell.ts';
import { type Arch, archOptions, HOST } from '../arch/index.ts';
import { harnessHash } from '../harness.ts';
import { archOf, listPrepared, type Prepared, preparedNamed } from '../prepared.ts';
import { type Progress, preparing, rebuild } from './rebuild.ts';
import { SUITES, type Suite, suiteOfTarget } from './suites.ts';

const suiteName = ({ name }: Suite): string => `linux:${name}`;

/** The command that prepares the kernel of a name. */
function prepareCommand(name: string): string {
  const known = suiteOfTarget(name);
  if (!known)
    return commandLine('linux', 'prepare', '--kernel', 'arch/x86/boot/bzImage', '--kdir', '.', '--name', name);
  return commandLine('linux', 'prepare', known.suite.name, ...archOptions(known.arch));
}

/** The architecture of the kernel of a name. It need not be prepared, and its suite need not be a tested one. */
export function archOfKernel(name: string): Arch {
  const prepared = preparedNamed(name);
  return prepared ? archOf(prepared) : (suiteOfTarget(name)?.arch ?? HOST);
}

/**
 * Finds a prepared kernel. Builds its harness again if the sources of the harness have changed.
 * @throws UsageError if no kernel of this name is prepared; TargetFailure if the harness cannot be built.
 */
export async function readyKernel(name: string, progress: Progress = () => {}): Promise<Prepared> {
  const prepared = preparedNamed(name);
  if (!prepared) {
    const names = listPrepared().map((one) => `linux:${one.name}`);
    const known = names.length > 0 ? `\nprepared are:\n${firstNames(names, commandLine('linux', 'list'))}` : '';
    // A suite of this name can be prepared, so no other name was meant.
    const meant = suiteOfTarget(name) ? [] : closeNames(`linux:${name}`, [...names, ...SUITES.map(suiteName)]);
    const exist = (): string => `prepare it with: ${prepareCommand(name)}${known}`;
    throw new UnknownName(`linux:${name} is not prepared`, [...new Set(meant)], exist);
  }
  if (prepared.harness === harnessHash()) return prepared;
  return preparing(name, () => rebuild(prepared, progress));
}
