import { PCI_OF_DEVICE_TREE, SERIAL_PL011, VIRTIO_ON_PCI } from '../config/machine.ts';
import { type Arch, crossCompiler, PCI_MODULES } from './arch.ts';

const INLINED = 'the flush is inlined into its callers';
const NO_REQUEST = 'a CPU flushes the TLBs of all others with an instruction; it sends no requests';

/** 64-bit Arm. */
export const ARM64: Arch = {
  name: 'arm64',
  flavour: '',
  kernel: 'cloud-arm64',
  sources: 'arm64',
  page: 4096,
  byteOrder: 'little',
  bits: 64,
  qemu: {
    program: 'qemu-system-aarch64',
    package: 'qemu-system-arm',
    machine: 'virt',
    // The architected algorithm of pointer authentication takes more time than everything else together.
    cpu: 'max,pauth-impdef=on',
    memory: 512,
  },
  console: 'ttyAMA0',
  words: ['mitigations=off'],
  modules: PCI_MODULES,
  config: [...SERIAL_PL011, ...VIRTIO_ON_PCI, ...PCI_OF_DEVICE_TREE],
  compiler: crossCompiler('aarch64-linux-gnu', 'arm64', 'arm64'),
  place: /\bpc : ([A-Za-z_][\w.]*)/,
  withoutFaults: {
    'skip-flush': INLINED,
    'kernel-flush-starts-late': INLINED,
    'zap-skips-flush': INLINED,
    'munmap-skips-flush': INLINED,
    'unmap-mapping-skips-flush': INLINED,
    'kernel-flush-misses-cpu1': NO_REQUEST,
    'user-flush-misses-cpu1': NO_REQUEST,
    'kernel-flush-lost-in-call': NO_REQUEST,
    'user-flush-lost-in-call': NO_REQUEST,
    'munmap-leaves-flush-to-others': INLINED,
  },
};

/** With pages of 16 KiB. */
export const ARM64_16K: Arch = {
  ...ARM64,
  flavour: '16k',
  kernel: 'arm64-16k',
  page: 16384,
  qemu: { ...ARM64.qemu, memory: 1024 },
};

/** With PREEMPT_RT: most locks sleep, and interrupt handlers are threads. */
export const ARM64_RT: Arch = { ...ARM64, flavour: 'rt', kernel: 'rt-arm64' };
