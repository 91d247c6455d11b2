import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MachineFacts } from '../machine-facts.ts';
import { suiteTarget } from './arch/index.ts';
import { rootFolder } from './cache.ts';
import { parseConfiguration } from './config/check.ts';
import { notableOptions } from './config/notable.ts';
import { emulatorVersion } from './machine/emulator.ts';
import type { MachineOptions } from './machine/qemu.ts';
import { headOf, imageText } from './prepare/image.ts';
import { archOf, kernelFile, type Prepared } from './prepared.ts';

/** The options of the kernel of a suite: its headers come with its configuration. */
function optionsOfSuite(prepared: Prepared): readonly string[] | undefined {
  const root = rootFolder(suiteTarget(prepared.suite as string, archOf(prepared)));
  const file = join(root, 'usr', 'src', `linux-headers-${prepared.release}`, '.config');
  return existsSync(file) ? notableOptions(parseConfiguration(readFileSync(file, 'utf8'))) : undefined;
}

/** What reports say about a kernel and its machine. It is known before the machine starts, except for the guest's CPUs. */
export async function machineFacts(prepared: Prepared, machine: MachineOptions): Promise<Omit<MachineFacts, 'cpus'>> {
  const { release, version, commit } = prepared;
  const compiled = imageText(headOf(kernelFile(prepared.folder)))?.compiled;
  const options = prepared.suite === undefined ? prepared.options : optionsOfSuite(prepared);
  return {
    release,
    ...(compiled ? { compiled } : {}),
    version,
    ...(commit === undefined ? {} : { commit }),
    ...(options === undefined ? {} : { options }),
    emulator: (await emulatorVersion(archOf(prepared).qemu.program)).name,
    accelerator: `tcg, thread=${machine.threads}`,
  };
}
