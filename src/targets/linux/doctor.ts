import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { UsageError } from '../../common/errors.ts';

/** What something is needed for: any kernel, those of Debian suites, one that the user built, the architecture arm64. */
export type Use = 'any' | 'suites' | 'own' | 'arm64';

/** Something that this machine needs for one of the commands. */
export interface Requirement {
  /** The program that is looked for. */
  readonly program: string;
  /** The Debian packages that bring it. */
  readonly package: string;
  /** What it is needed for. */
  readonly purpose: string;
  readonly use: Use;
  readonly present: boolean;
}

const KNOWN: readonly Omit<Requirement, 'present'>[] = [
  { program: 'qemu-system-x86_64', package: 'qemu-system-x86', purpose: 'to run virtual machines', use: 'any' },
  { program: 'setpriv', package: 'util-linux', purpose: 'so that no virtual machine outlives the kit', use: 'any' },
  { program: 'apt-get', package: 'apt', purpose: 'to fetch kernels of Debian suites', use: 'suites' },
  { program: 'dpkg-deb', package: 'dpkg', purpose: 'to unpack them', use: 'suites' },
  {
    program: 'chroot',
    package: 'coreutils',
    purpose: 'to build with the compiler that belongs to them',
    use: 'suites',
  },
  { program: 'make', package: 'make', purpose: 'to build for a kernel of your own', use: 'own' },
  { program: 'gcc', package: 'gcc libc6-dev', purpose: 'to build for a kernel of your own', use: 'own' },
  { program: 'qemu-system-aarch64', package: 'qemu-system-arm', purpose: 'to run machines of arm64', use: 'arm64' },
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

/** What Linux targets need, and whether it is there; all of it, or what certain uses need. */
export const linuxRequirements = (...uses: readonly Use[]): Requirement[] =>
  KNOWN.filter(({ use }) => uses.length === 0 || uses.includes(use)).map((entry) => ({
    ...entry,
    present: find(entry.program),
  }));

/** The command that installs what is missing, undefined where nothing is. */
export function installCommand(requirements: readonly Requirement[]): string | undefined {
  const lacking = requirements.filter(({ present }) => !present);
  const missing = new Set(lacking.flatMap((entry) => entry.package.split(' ')));
  return missing.size > 0 ? `apt-get install --no-install-recommends ${[...missing].join(' ')}` : undefined;
}

/**
 * @throws UsageError where something that certain uses need is missing, with the command that installs it.
 */
export function requireFor(...uses: readonly Use[]): void {
  const missing = linuxRequirements(...uses).filter(({ present }) => !present);
  if (missing.length === 0) return;
  const programs = missing.map(({ program }) => program).join(', ');
  throw new UsageError(`this machine lacks ${programs}; install: ${installCommand(missing)}`);
}
