import { builtIn, type KernelOption, optional, orModule } from './option.ts';

/** What virtual machines need, in the pieces of which the architectures choose. */

const CONSOLE = 'the console says why a kernel died';
/** Why a kernel needs a virtio-serial port. */
export const PORT = 'the port between the guest and mmspec';

/** The console of a PC. */
export const SERIAL_8250: readonly KernelOption[] = [
  builtIn('SERIAL_8250', CONSOLE, 'TTY'),
  builtIn('SERIAL_8250_CONSOLE', CONSOLE, 'SERIAL_8250'),
];

/** The console of Arm's machines. */
export const SERIAL_PL011: readonly KernelOption[] = [
  builtIn('SERIAL_AMBA_PL011', CONSOLE, 'TTY'),
  builtIn('SERIAL_AMBA_PL011_CONSOLE', CONSOLE, 'SERIAL_AMBA_PL011'),
];

/** The console of mainframes. */
export const SERIAL_SCLP: readonly KernelOption[] = [
  builtIn('SCLP_TTY', CONSOLE, 'TTY'),
  builtIn('SCLP_CONSOLE', CONSOLE, 'SCLP_TTY'),
];

/** A virtio-serial port on the PCI bus. */
export const VIRTIO_ON_PCI: readonly KernelOption[] = [
  builtIn('PCI', 'the bus of the port'),
  builtIn('VIRTIO_MENU', 'the drivers of virtio'),
  orModule('VIRTIO_PCI', PORT, 'PCI', 'VIRTIO_MENU'),
];

/** The PCI bus of machines that describe themselves with a device tree. */
export const PCI_OF_DEVICE_TREE: readonly KernelOption[] = [builtIn('PCI_HOST_GENERIC', 'the bus of the port', 'PCI')];

/** A virtio-serial port on the channels of a mainframe. */
export const VIRTIO_ON_CHANNELS: readonly KernelOption[] = [
  builtIn('VIRTIO_MENU', 'the drivers of virtio'),
  builtIn('S390_GUEST', PORT),
];

/** How a PC finds its CPUs. */
export const CPUS_BY_ACPI: readonly KernelOption[] = [
  optional(builtIn('ACPI', 'without it the guest finds one CPU only', 'PCI')),
];

/** A kernel of 64 bits, where an architecture has others, too. */
export const BITS_64: readonly KernelOption[] = [builtIn('64BIT', 'mmspec boots it as a kernel of 64 bits')];
