import { BITS_64, VIRTIO_ON_PCI } from '../config/machine.ts';
import { builtIn } from '../config/option.ts';
import { type Arch, crossCompiler, PCI_MODULES } from './arch.ts';

const NO_REQUEST = 'a CPU flushes the TLBs of all others with an instruction; it sends no requests';

/** 64-bit POWER, little endian. */
export const PPC64EL: Arch = {
  name: 'ppc64el',
  flavour: '',
  kernel: 'powerpc64le',
  sources: 'powerpc',
  page: 4096,
  byteOrder: 'little',
  bits: 64,
  qemu: {
    program: 'qemu-system-ppc64',
    package: 'qemu-system-ppc',
    firmware: { file: '/usr/share/qemu/slof.bin', package: 'qemu-system-data' },
    // Mitigations of hardware bugs that the emulator does not have.
    machine: 'pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off',
    cpu: 'power9',
    memory: 512,
  },
  console: 'hvc0',
  words: ['mitigations=off'],
  modules: PCI_MODULES,
  config: [...BITS_64, builtIn('HVC_CONSOLE', 'the console says why a kernel died', 'TTY'), ...VIRTIO_ON_PCI],
  compiler: crossCompiler('powerpc64le-linux-gnu', 'powerpc', 'ppc64el'),
  place: /\bNIP \[[0-9a-f]+\] ([A-Za-z_][\w.]*)/,
  withoutFaults: {
    'kernel-flush-starts-late': 'a flush of kernel addresses covers all of them',
    'kernel-flush-misses-cpu1': NO_REQUEST,
    'user-flush-misses-cpu1': NO_REQUEST,
    'kernel-flush-lost-in-call': NO_REQUEST,
    'user-flush-lost-in-call': NO_REQUEST,
  },
};

/** With pages of 64 KiB. */
export const PPC64EL_64K: Arch = {
  ...PPC64EL,
  flavour: '64k',
  kernel: 'powerpc64le-64k',
  page: 65536,
  qemu: { ...PPC64EL.qemu, memory: 2048 },
};
