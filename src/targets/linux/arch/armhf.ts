import { PCI_OF_DEVICE_TREE, SERIAL_PL011, VIRTIO_ON_PCI } from '../config/machine.ts';
import { type Arch, crossCompiler, PCI_MODULES } from './arch.ts';

const NO_REQUEST = 'a CPU flushes the TLBs of all others with an instruction; it sends no requests';
const OTHER_FUNCTION = 'flush_tlb_range() flushes user addresses there, at which the fault has no probe';
const ON_STACK = 'the 64-bit arguments of unmap_mapping_range() are on the stack and in pairs of registers';

/** 32-bit Arm with two levels of page tables. */
export const ARMHF: Arch = {
  name: 'armhf',
  flavour: '',
  kernel: 'armmp',
  sources: 'arm',
  page: 4096,
  byteOrder: 'little',
  bits: 32,
  qemu: {
    program: 'qemu-system-arm',
    package: 'qemu-system-arm',
    // Without the high part of the address space, as a kernel with two levels of page tables cannot reach it.
    machine: 'virt,highmem=off',
    // At boot the kernel flushes its image page by page, with instructions that act on all CPUs.
    bootsThreaded: true,
    cpu: 'cortex-a15',
    memory: 512,
    maxMemory: 704,
  },
  console: 'ttyAMA0',
  words: [],
  modules: PCI_MODULES,
  config: [...SERIAL_PL011, ...VIRTIO_ON_PCI, ...PCI_OF_DEVICE_TREE],
  compiler: crossCompiler('arm-linux-gnueabihf', 'arm', 'armhf'),
  place: /\bPC is at ([A-Za-z_][\w.]*)/,
  withoutFaults: {
    'zap-skips-flush': OTHER_FUNCTION,
    'munmap-skips-flush': OTHER_FUNCTION,
    'unmap-mapping-skips-flush': OTHER_FUNCTION,
    'munmap-leaves-flush-to-others': OTHER_FUNCTION,
    'kernel-flush-misses-cpu1': NO_REQUEST,
    'user-flush-misses-cpu1': NO_REQUEST,
    'kernel-flush-lost-in-call': NO_REQUEST,
    'user-flush-lost-in-call': NO_REQUEST,
    'unmap-mapping-page-late': ON_STACK,
    'unmap-mapping-takes-cows': ON_STACK,
  },
};

/** With three levels of page tables (LPAE). */
export const ARMHF_LPAE: Arch = { ...ARMHF, flavour: 'lpae', kernel: 'armmp-lpae' };
