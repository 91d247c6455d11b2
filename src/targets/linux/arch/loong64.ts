import { BITS_64, PCI_OF_DEVICE_TREE, SERIAL_8250, VIRTIO_ON_PCI } from '../config/machine.ts';
import { type Arch, crossCompiler, PCI_MODULES } from './arch.ts';

/** The kernel finds the PCI bus, where the port is, only in what firmware tells it. */
const FIRMWARE = '/usr/share/qemu-efi-loongarch64/QEMU_EFI.fd';

/** 64-bit LoongArch, with pages of 16 KiB. */
export const LOONG64: Arch = {
  name: 'loong64',
  flavour: '',
  kernel: 'loong64',
  sources: 'loongarch',
  page: 16384,
  byteOrder: 'little',
  bits: 64,
  qemu: {
    program: 'qemu-system-loongarch64',
    package: 'qemu-system-misc',
    // Older ones start only kernels that are ELF files.
    minVersion: 10,
    firmware: { file: FIRMWARE, package: 'qemu-efi-loongarch64' },
    machine: 'virt',
    bootsEachTime: true,
    cpu: 'la464',
    args: ['-bios', FIRMWARE],
    memory: 1024,
  },
  console: 'ttyS0',
  words: [],
  modules: PCI_MODULES,
  config: [...BITS_64, ...SERIAL_8250, ...VIRTIO_ON_PCI, ...PCI_OF_DEVICE_TREE],
  compiler: crossCompiler('loongarch64-linux-gnu', 'loongarch', 'loong64'),
  place: /\bERA: [0-9a-f]+ ([A-Za-z_][\w.]*)/,
  withoutFaults: {},
};
