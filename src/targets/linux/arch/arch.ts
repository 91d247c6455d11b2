import type { KernelOption } from '../config/option.ts';

/**
 * An architecture, and a flavour of its kernel: everything that differs between them. A new one is a file in this folder
 * and an entry in `index.ts`.
 */
export interface Arch {
  /** Debian's name of it: `--arch`. */
  readonly name: string;
  /** The flavour as `--flavour` names it; '' for the default one of the architecture. */
  readonly flavour: string;
  /** The flavour as the names of Debian's packages end: `linux-image-cloud-amd64`, `linux-headers-6.1.0-50-cloud-amd64`. */
  readonly kernel: string;
  /** Its folder in `arch/` of the sources. */
  readonly sources: string;
  /** In bytes. */
  readonly page: number;
  readonly byteOrder: 'little' | 'big';
  /** Bits of an `unsigned long` in the kernel. */
  readonly bits: 32 | 64;
  readonly qemu: Qemu;
  /** The terminal of the console. */
  readonly console: string;
  /** Words of the kernel's command line. */
  readonly words: readonly string[];
  /** Modules that the virtio-serial port may need, in loading order. Those that the package lacks are built in. */
  readonly modules: readonly string[];
  readonly compiler: Compiler;
  /** What it needs of a kernel's configuration besides what all architectures need, each option after its parents. */
  readonly config: readonly KernelOption[];
  /** Finds the function in which the kernel died in a line of an oops: its first group. */
  readonly place: RegExp;
  /** Faults that cannot be injected here, and why. */
  readonly withoutFaults: Readonly<Record<string, string>>;
}

/** The virtual machine. */
export interface Qemu {
  readonly program: string;
  /** The Debian package that contains the program. */
  readonly package: string;
  /** The oldest major version of QEMU that runs these machines; undefined if every version does. */
  readonly minVersion?: number;
  /** The firmware, if the program's package does not contain it: a file, and the package that contains it. */
  readonly firmware?: { readonly file: string; readonly package: string };
  readonly machine: string;
  /** Each machine boots: QEMU does not restore one that was saved. */
  readonly bootsEachTime?: boolean;
  /**
   * Each CPU has a thread of the host while a machine boots for a template: with one thread for all of them, some kernels
   * boot for minutes.
   */
  readonly bootsThreaded?: boolean;
  readonly cpu: string;
  /** Further arguments. */
  readonly args?: readonly string[];
  /** Memory of a machine in MiB, if no other size is requested. */
  readonly memory: number;
  /** Maximum memory in MiB: a 32-bit kernel maps no more of it permanently, and the harness needs all pages mapped. */
  readonly maxMemory?: number;
}

/** The compiler for the module and for init, on the machine that runs the kit. */
export interface Compiler {
  /** Prefix of the names of the compiler and tools; '' for those of the host. */
  readonly tools: string;
  /** Variables for the make of the kernel's build system. */
  readonly make: readonly string[];
  /** Packages that a build root needs besides those that every root has. */
  readonly packages: readonly string[];
}

/** The modules for a virtio-serial port on the PCI bus. */
export const PCI_MODULES = [
  'virtio_ring',
  'virtio',
  'virtio_pci_legacy_dev',
  'virtio_pci_modern_dev',
  'virtio_pci',
  'virtio_console',
];

/**
 * A cross compiler of Debian.
 * @param triplet the prefix of its tools, without the last dash.
 * @param arch the kernel's name of the architecture.
 * @param debian Debian's name of it.
 */
export const crossCompiler = (triplet: string, arch: string, debian: string): Compiler => ({
  tools: `${triplet}-`,
  make: [`ARCH=${arch}`, `CROSS_COMPILE=${triplet}-`],
  packages: [`gcc-${triplet}`, `libc6-dev-${debian}-cross`],
});
