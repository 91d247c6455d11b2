import { BITS_64, PCI_OF_DEVICE_TREE, SERIAL_8250, VIRTIO_ON_PCI } from '../config/machine.ts';
import { builtIn } from '../config/option.ts';
import { type Arch, crossCompiler, PCI_MODULES } from './arch.ts';

const NO_REQUEST = 'the firmware flushes other CPUs; there is no function that they execute';
const NO_RETURN = 'the return of a function is probed from its first instruction, where probes are refused';

/** 64-bit RISC-V. */
export const RISCV64: Arch = {
  name: 'riscv64',
  flavour: '',
  kernel: 'riscv64',
  sources: 'riscv',
  page: 4096,
  byteOrder: 'little',
  bits: 64,
  qemu: {
    program: 'qemu-system-riscv64',
    package: 'qemu-system-misc',
    firmware: { file: '/usr/share/qemu/opensbi-riscv64-generic-fw_dynamic.bin', package: 'opensbi' },
    machine: 'virt',
    cpu: 'rv64',
    memory: 512,
  },
  console: 'ttyS0',
  words: [],
  modules: PCI_MODULES,
  config: [
    ...BITS_64,
    ...SERIAL_8250,
    builtIn('SERIAL_OF_PLATFORM', 'the console is in the device tree', 'SERIAL_8250'),
    ...VIRTIO_ON_PCI,
    ...PCI_OF_DEVICE_TREE,
  ],
  compiler: crossCompiler('riscv64-linux-gnu', 'riscv', 'riscv64'),
  place: /\bepc : ([A-Za-z_][\w.]*)/,
  withoutFaults: {
    'kernel-flush-misses-cpu1': NO_REQUEST,
    'user-flush-misses-cpu1': NO_REQUEST,
    'kernel-flush-lost-in-call': NO_REQUEST,
    'user-flush-lost-in-call': NO_REQUEST,
    'insert-forgets-reference': NO_RETURN,
    'insert-claims-success': NO_RETURN,
    'inserts-both-succeed': NO_RETURN,
    'nested-flush-forgotten': NO_RETURN,
  },
};
