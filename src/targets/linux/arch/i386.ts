import { CPUS_BY_ACPI, SERIAL_8250, VIRTIO_ON_PCI } from '../config/machine.ts';
import { AMD64 } from './amd64.ts';
import { type Arch, crossCompiler } from './arch.ts';

const ON_STACK = 'the 64-bit arguments of unmap_mapping_range() are on the stack';

/** 32-bit x86 with three levels of page tables (PAE). */
export const I386: Arch = {
  ...AMD64,
  name: 'i386',
  kernel: '686-pae',
  bits: 32,
  qemu: { ...AMD64.qemu, program: 'qemu-system-i386', cpu: 'qemu32,+nx', maxMemory: 768 },
  config: [...SERIAL_8250, ...VIRTIO_ON_PCI, ...CPUS_BY_ACPI],
  compiler: crossCompiler('i686-linux-gnu', 'i386', 'i386'),
  place: /\bEIP: ([A-Za-z_][\w.]*)/,
  withoutFaults: {
    'unmap-mapping-page-late': ON_STACK,
    'unmap-mapping-takes-cows': ON_STACK,
    'zap-any-vma': 'the function that it calls instead has a fourth argument, on the stack',
  },
};
