import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { UsageError } from '../../common/errors.ts';
import { commandLine } from '../../common/shell.ts';
import { type Arch, archOptions, labelOf } from './arch/index.ts';
import { majorVersion } from './machine/emulator.ts';

/** Where a kernel comes from: a Debian suite, or the user, who built it; `build`: building it on this machine. */
export type Source = 'suites' | 'own' | 'build';

/** A program or a file that Linux targets need. */
export interface Requirement {
  /** Name of the program, or path of the file. */
  readonly program: string;
  /** The Debian packages that contain it, separated by blanks. */
  readonly package: string;
  /** What it is needed for, in words. */
  readonly purpose: string;
  /** Which version is needed, and which one is installed, in words; undefined if every version will do. */
  readonly version?: string;
  readonly present: boolean;
}

type Needed = Omit<Requirement, 'present' | 'version'>;

const ALWAYS: readonly Needed[] = [
  { program: 'setpriv', package: 'util-linux', purpose: 'to end virtual machines when the kit ends' },
];

const BY_SOURCE: Readonly<Record<Source, readonly Needed[]>> = {
  suites: [
    { program: 'apt-get', package: 'apt', purpose: 'to fetch kernels of Debian suites' },
    { program: 'dpkg-deb', package: 'dpkg', purpose: 'to unpack their packages' },
    { program: 'chroot', package: 'coreutils', purpose: 'to build the harness with the compiler of the suite' },
  ],
  own: [
    { program: 'make', package: 'make', purpose: 'to build the harness for a kernel of your own' },
    { program: 'gcc', package: 'gcc libc6-dev', purpose: 'to build the harness for a kernel of your own' },
  ],
  build: [
    { program: 'flex', package: 'flex', purpose: 'to configure and build a kernel of your own' },
    { program: 'bison', package: 'bison', purpose: 'to configure and build a kernel of your own' },
    { program: 'bc', package: 'bc', purpose: 'to build a kernel of your own' },
    { program: '/usr/include/libelf.h', package: 'libelf-dev', purpose: 'to build a kernel of your own' },
  ],
};

const isPresent = (path: string, mode: number): boolean => {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
};

const isInstalled = (program: string): boolean =>
  program.startsWith('/')
    ? isPresent(program, constants.R_OK)
    : [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].some((folder) =>
        isPresent(join(folder, program), constants.X_OK),
      );

const check = (entry: Needed): Requirement => ({ ...entry, present: isInstalled(entry.program) });

/** The emulator of an architecture. It is missing also if its version does not run these machines. */
function emulatorOf(arch: Arch): Requirement {
  const { program, package: name, minVersion } = arch.qemu;
  const emulator = check({ program, package: name, purpose: `to run ${labelOf(arch)} virtual machines` });
  if (minVersion === undefined) return emulator;
  const installed = emulator.present ? majorVersion(program) : undefined;
  const found = installed === undefined ? '' : `; installed is QEMU ${installed}`;
  return { ...emulator, version: `QEMU ${minVersion} or newer${found}`, present: (installed ?? 0) >= minVersion };
}

/** The firmware that an architecture needs besides its emulator. */
const firmwareOf = ({ qemu: { firmware } }: Arch): readonly Needed[] =>
  firmware ? [{ program: firmware.file, package: firmware.package, purpose: 'to boot these machines' }] : [];

/** The programs and files that kernels of an architecture from these sources need, and whether they are installed. */
export const linuxRequirements = (arch: Arch, ...sources: readonly Source[]): Requirement[] => [
  emulatorOf(arch),
  ...[...firmwareOf(arch), ...ALWAYS, ...sources.flatMap((source) => BY_SOURCE[source])].map(check),
];

/** The command that installs what is missing; undefined if nothing is missing. */
export function installCommand(requirements: readonly Requirement[]): string | undefined {
  const absent = requirements.filter(({ present }) => !present);
  const missing = new Set(absent.flatMap((entry) => entry.package.split(' ')));
  return missing.size > 0 ? `apt-get install --no-install-recommends ${[...missing].join(' ')}` : undefined;
}

/**
 * Checks that what virtual machines of an architecture need is installed, and what kernels from these sources need.
 * @throws UsageError with what is missing, and the command that installs it.
 */
export function requireFor(arch: Arch, ...sources: readonly Source[]): void {
  const missing = linuxRequirements(arch, ...sources).filter(({ present }) => !present);
  if (missing.length === 0) return;
  const programs = missing.map(({ program, version }) => (version ? `${program} (${version})` : program)).join(', ');
  const check = commandLine('doctor', ...archOptions(arch));
  throw new UsageError(
    `this machine lacks ${programs}; install what is missing with: ${installCommand(missing)}; check with: ${check}`,
  );
}
