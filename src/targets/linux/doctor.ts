import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { UsageError } from '../../common/errors.ts';
import type { Arch } from './arch.ts';

/** What a program is needed for: any kernel, kernels of Debian suites, a kernel that the user built, one architecture. */
export type Use = 'any' | 'suites' | 'own' | Arch['name'];

/** A program that Linux targets need. */
export interface Requirement {
  /** Name of the program. */
  readonly program: string;
  /** The Debian packages that contain it, separated by blanks. */
  readonly package: string;
  /** What it is needed for, in words. */
  readonly purpose: string;
  readonly use: Use;
  readonly present: boolean;
}

const REQUIREMENTS: readonly Omit<Requirement, 'present'>[] = [
  { program: 'qemu-system-x86_64', package: 'qemu-system-x86', purpose: 'to run virtual machines', use: 'any' },
  { program: 'setpriv', package: 'util-linux', purpose: 'to end virtual machines when the kit ends', use: 'any' },
  { program: 'apt-get', package: 'apt', purpose: 'to fetch kernels of Debian suites', use: 'suites' },
  { program: 'dpkg-deb', package: 'dpkg', purpose: 'to unpack their packages', use: 'suites' },
  {
    program: 'chroot',
    package: 'coreutils',
    purpose: 'to build the harness with their own compiler',
    use: 'suites',
  },
  { program: 'make', package: 'make', purpose: 'to build the harness for a kernel of your own', use: 'own' },
  { program: 'gcc', package: 'gcc libc6-dev', purpose: 'to build the harness for a kernel of your own', use: 'own' },
  {
    program: 'qemu-system-aarch64',
    package: 'qemu-system-arm',
    purpose: 'to run arm64 virtual machines',
    use: 'arm64',
  },
];

const isInstalled = (program: string): boolean =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** The programs that Linux targets need, and whether they are installed. With `uses`, only those for these uses. */
export const linuxRequirements = (...uses: readonly Use[]): Requirement[] =>
  REQUIREMENTS.filter(({ use }) => uses.length === 0 || uses.includes(use)).map((entry) => ({
    ...entry,
    present: isInstalled(entry.program),
  }));

/** The command that installs the missing programs; undefined if none is missing. */
export function installCommand(requirements: readonly Requirement[]): string | undefined {
  const absent = requirements.filter(({ present }) => !present);
  const missing = new Set(absent.flatMap((entry) => entry.package.split(' ')));
  return missing.size > 0 ? `apt-get install --no-install-recommends ${[...missing].join(' ')}` : undefined;
}

/**
 * Checks that the programs for these uses are installed.
 * @throws UsageError with the missing programs, and the command that installs them.
 */
export function requireFor(...uses: readonly Use[]): void {
  const missing = linuxRequirements(...uses).filter(({ present }) => !present);
  if (missing.length === 0) return;
  const programs = missing.map(({ program }) => program).join(', ');
  throw new UsageError(`this machine lacks ${programs}; install them with: ${installCommand(missing)}`);
}
