import { UsageError } from '../../common/errors.ts';

/** An architecture of virtual machines: everything that differs between them. */
export interface Arch {
  /** Debian's name of it. */
  readonly name: 'amd64' | 'arm64';
  readonly qemu: string;
  readonly machine: string;
  readonly cpu: string;
  /** The serial port of the console. */
  readonly console: string;
  /** Words of the kernel's command line. */
  readonly words: readonly string[];
  /** Prefix of the names of the compiler and tools; '' for those of the host. */
  readonly tools: string;
  /** Variables for the make of the kernel's build system. */
  readonly make: readonly string[];
  /** Packages that a build root needs besides those that every root has. */
  readonly packages: readonly string[];
}

const AMD64: Arch = {
  name: 'amd64',
  qemu: 'qemu-system-x86_64',
  machine: 'pc',
  // With cmpxchg16b newer kernels crash at random under this emulation.
  cpu: 'qemu64,-cx16',
  console: 'ttyS0',
  words: ['mitigations=off', 'tsc=reliable'],
  tools: '',
  make: [],
  packages: [],
};

const ARM64: Arch = {
  name: 'arm64',
  qemu: 'qemu-system-aarch64',
  machine: 'virt',
  // The architected algorithm of pointer authentication takes more time than everything else together.
  cpu: 'max,pauth-impdef=on',
  console: 'ttyAMA0',
  words: ['mitigations=off'],
  tools: 'aarch64-linux-gnu-',
  make: ['ARCH=arm64', 'CROSS_COMPILE=aarch64-linux-gnu-'],
  packages: ['gcc-aarch64-linux-gnu', 'libc6-dev-arm64-cross'],
};

const ALL: readonly Arch[] = [AMD64, ARM64];

/** Names of all architectures. */
export const ARCHES: readonly Arch['name'][] = ALL.map(({ name }) => name);

/**
 * The architecture of a name; amd64 by default.
 * @throws UsageError if the name is unknown.
 */
export function archNamed(name = 'amd64'): Arch {
  const found = ALL.find((arch) => arch.name === name);
  if (!found) throw new UsageError(`unknown architecture ${name}; there are: ${ARCHES.join(', ')}`);
  return found;
}

/** The name of the target for a suite and an architecture: `bookworm`, `bookworm-arm64`. */
export const suiteTarget = (suite: string, arch: Arch): string =>
  arch.name === 'amd64' ? suite : `${suite}-${arch.name}`;
