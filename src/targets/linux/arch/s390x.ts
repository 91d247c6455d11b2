import { SERIAL_SCLP, VIRTIO_ON_CHANNELS } from '../config/machine.ts';
import { type Arch, crossCompiler } from './arch.ts';

const CLEARING_FLUSHES = 'the instruction that clears an entry of a page table also flushes it from all TLBs';

/** IBM Z. */
export const S390X: Arch = {
  name: 's390x',
  flavour: '',
  kernel: 's390x',
  sources: 's390',
  page: 4096,
  byteOrder: 'big',
  bits: 64,
  qemu: {
    program: 'qemu-system-s390x',
    package: 'qemu-system-misc',
    machine: 's390-ccw-virtio',
    cpu: 'max',
    // Where the boot loader is.
    args: ['-L', '/usr/share/qemu'],
    memory: 512,
  },
  console: 'ttysclp0',
  words: [],
  modules: ['virtio_ring', 'virtio', 'virtio_ccw', 'virtio_console'],
  config: [...SERIAL_SCLP, ...VIRTIO_ON_CHANNELS],
  compiler: crossCompiler('s390x-linux-gnu', 's390', 's390x'),
  place: /\bKrnl PSW : .*\(([A-Za-z_][\w.]*)\+/,
  withoutFaults: {
    'skip-purge': CLEARING_FLUSHES,
    'kernel-flush-starts-late': CLEARING_FLUSHES,
    'kernel-flush-misses-cpu1': CLEARING_FLUSHES,
    'zap-skips-flush': CLEARING_FLUSHES,
    'munmap-skips-flush': CLEARING_FLUSHES,
    'unmap-mapping-skips-flush': CLEARING_FLUSHES,
    'user-flush-misses-cpu1': CLEARING_FLUSHES,
    'purge-without-lock': CLEARING_FLUSHES,
    'kernel-flush-lost-in-call': CLEARING_FLUSHES,
    'user-flush-lost-in-call': CLEARING_FLUSHES,
    'nested-flush-forgotten': CLEARING_FLUSHES,
    'munmap-leaves-flush-to-others': CLEARING_FLUSHES,
  },
};
