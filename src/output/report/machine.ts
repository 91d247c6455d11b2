import { oneLine } from '../../common/printable.ts';
import type { Report } from '../../run/report/report.ts';

/** Which kernel was tested on which machine, each in one line. */
export interface MachineTexts {
  /** Release, build, package and commit. */
  readonly kernel: string;
  /** The options that change what a test sees; undefined if there are none or the target does not know them. */
  readonly options: string | undefined;
  /** CPUs, emulator and accelerator. */
  readonly machine: string;
}

/** What a report says about the kernel and its machine; undefined for targets that are not kernels. */
export function machineTexts({ machine }: Pick<Report, 'machine'>): MachineTexts | undefined {
  if (!machine) return undefined;
  const { release, compiled, version, commit, options = [], cpus, emulator, accelerator } = machine;
  const kernel = [release, ...(compiled ? [compiled] : []), version, ...(commit ? [`commit ${commit}`] : [])];
  return {
    kernel: oneLine(kernel.join(', ')),
    options: options.length > 0 ? oneLine(options.join(' ')) : undefined,
    machine: oneLine(`${cpus} CPU${cpus === 1 ? '' : 's'} on ${emulator} (${accelerator})`),
  };
}
