import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Something that this machine needs for one of the commands. */
export interface Requirement {
  /** The program that is looked for. */
  readonly program: string;
  /** The Debian package that brings it. */
  readonly package: string;
  /** What it is needed for. */
  readonly purpose: string;
  readonly present: boolean;
}

const NEEDED: readonly Omit<Requirement, 'present'>[] = [
  { program: 'qemu-system-x86_64', package: 'qemu-system-x86', purpose: 'to run virtual machines' },
  { program: 'setpriv', package: 'util-linux', purpose: 'so that no virtual machine outlives the kit' },
  { program: 'apt-get', package: 'apt', purpose: 'to fetch kernels of Debian suites' },
  { program: 'dpkg-deb', package: 'dpkg', purpose: 'to unpack them' },
  { program: 'chroot', package: 'coreutils', purpose: 'to build with the compiler that belongs to a kernel' },
];

const OWN: readonly Omit<Requirement, 'present'>[] = [
  { program: 'make', package: 'make', purpose: 'to build for a kernel of your own (--kernel, --kdir)' },
  { program: 'gcc', package: 'gcc libc6-dev', purpose: 'to build for a kernel of your own (--kernel, --kdir)' },
];

const find = (program: string): boolean =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** What Linux targets need, and whether it is there. */
export function linuxRequirements(): Requirement[] {
  return [...NEEDED, ...OWN].map((entry) => ({ ...entry, present: find(entry.program) }));
}

/** The command that installs what is missing, undefined where nothing is. */
export function installCommand(requirements: readonly Requirement[] = linuxRequirements()): string | undefined {
  const missing = new Set(requirements.filter(({ present }) => !present).flatMap((entry) => entry.package.split(' ')));
  return missing.size > 0 ? `apt-get install --no-install-recommends ${[...missing].join(' ')}` : undefined;
}
