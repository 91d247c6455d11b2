import { UsageError } from '../../common/errors.ts';

/** What differs between the architectures that a machine can have. */
export interface Arch {
  /** As Debian calls it. */
  readonly name: 'amd64' | 'arm64';
  readonly qemu: string;
  readonly machine: string;
  readonly cpu: string;
  /** The serial port that is the console. */
  readonly console: string;
  /** For the kernel's command line. */
  readonly words: readonly string[];
  /** Before the names of compiler and tools, '' for those of the host. */
  readonly tools: string;
  /** For the make of the kernel's build system. */
  readonly make: readonly string[];
  /** Packages of the host's architecture to build with, beside those that every root has. */
  readonly packages: readonly string[];
}

const AMD64: Arch = {
  name: 'amd64',
  qemu: 'qemu-system-x86_64',
  machine: 'pc',
  // cmpxchg16b makes newer kernels crash at random under this emulation.
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
  // Signing pointers as the architecture says costs more than everything else together.
  cpu: 'max,pauth-impdef=on',
  console: 'ttyAMA0',
  words: ['mitigations=off'],
  tools: 'aarch64-linux-gnu-',
  make: ['ARCH=arm64', 'CROSS_COMPILE=aarch64-linux-gnu-'],
  packages: ['gcc-aarch64-linux-gnu', 'libc6-dev-arm64-cross'],
};

const ALL: readonly Arch[] = [AMD64, ARM64];

/** The architectures that there are. */
export const ARCHES: readonly string[] = ALL.map(({ name }) => name);

/**
 * @throws UsageError where there is no such architecture.
 */
export function archNamed(name = 'amd64'): Arch {
  const found = ALL.find((arch) => arch.name === name);
  if (!found) throw new UsageError(`unknown architecture ${name}; there are: ${ARCHES.join(', ')}`);
  return found;
}

/** What a suite's kernel of an architecture is called: `bookworm`, `bookworm-arm64`. */
export const suiteTarget = (suite: string, arch: Arch): string =>
  arch.name === 'amd64' ? suite : `${suite}-${arch.name}`;
