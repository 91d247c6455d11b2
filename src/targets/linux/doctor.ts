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
  /** True where only a kernel of one's own needs it. */
  readonly optional: boolean;
  readonly present: boolean;
}

type Entry = Omit<Requirement, 'present' | 'optional'>;

const NEEDED: readonly Entry[] = [
  { program: 'qemu-system-x86_64', package: 'qemu-system-x86', purpose: 'to run virtual machines' },
  { program: 'setpriv', package: 'util-linux', purpose: 'so that no virtual machine outlives the kit' },
  { program: 'apt-get', package: 'apt', purpose: 'to fetch kernels of Debian suites' },
  { program: 'dpkg-deb', package: 'dpkg', purpose: 'to unpack them' },
  { program: 'chroot', package: 'coreutils', purpose: 'to build with the compiler that belongs to a kernel' },
];

const OWN: readonly Entry[] = [
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
  const look = (optional: boolean) => (entry: Entry) => ({ ...entry, optional, present: find(entry.program) });
  return [...NEEDED.map(look(false)), ...OWN.map(look(true))];
}

/** The command that installs what is missing for kernels of Debian suites, undefined where nothing is. */
export function installCommand(requirements: readonly Requirement[] = linuxRequirements()): string | undefined {
  const lacking = requirements.filter(({ present, optional }) => !present && !optional);
  const missing = new Set(lacking.flatMap((entry) => entry.package.split(' ')));
  return missing.size > 0 ? `apt-get install --no-install-recommends ${[...missing].join(' ')}` : undefined;
}
