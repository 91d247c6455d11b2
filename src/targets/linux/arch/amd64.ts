import { BITS_64, CPUS_BY_ACPI, SERIAL_8250, VIRTIO_ON_PCI } from '../config/machine.ts';
import { type Arch, PCI_MODULES } from './arch.ts';

/** x86-64. */
export const AMD64: Arch = {
  name: 'amd64',
  flavour: '',
  kernel: 'cloud-amd64',
  sources: 'x86',
  page: 4096,
  byteOrder: 'little',
  bits: 64,
  qemu: {
    program: 'qemu-system-x86_64',
    package: 'qemu-system-x86',
    machine: 'pc',
    // With cmpxchg16b newer kernels crash at random under this emulation. On this model, kernels do not clear pages with
    // string instructions (REP_GOOD), of which QEMU 7.2 emulates each iteration by itself.
    cpu: 'qemu64,-cx16,model=4,stepping=1',
    memory: 512,
  },
  console: 'ttyS0',
  // On a busy host the timer's interrupt may come too late for the kernel's check, which then stops the boot.
  words: ['mitigations=off', 'tsc=reliable', 'no_timer_check'],
  modules: PCI_MODULES,
  config: [...BITS_64, ...SERIAL_8250, ...VIRTIO_ON_PCI, ...CPUS_BY_ACPI],
  compiler: { tools: '', make: [], packages: [] },
  place: /\bRIP: [0-9a-f]+:([A-Za-z_][\w.]*)/,
  withoutFaults: {},
};

/** With PREEMPT_RT: most locks sleep, and interrupt handlers are threads. */
export const AMD64_RT: Arch = { ...AMD64, flavour: 'rt', kernel: 'rt-amd64' };
