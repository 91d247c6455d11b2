import type { Arch } from '../arch/index.ts';
import { PORT } from './machine.ts';
import { builtIn, type KernelOption, off, optional, orModule } from './option.ts';

/** What every architecture needs. Parents come before the options that need them. */
const COMMON: readonly KernelOption[] = [
  optional(builtIn('SMP', 'without it the guest has one CPU')),
  builtIn('PRINTK', 'the console says why a kernel died, and warnings are read from the log'),
  builtIn('BUG', 'a failed check of the kernel ends the step'),
  builtIn('FUTEX', 'the threads of init'),
  builtIn('BINFMT_ELF', 'init is an ELF program'),
  builtIn('POSIX_TIMERS', 'init reads clocks and sleeps'),
  builtIn('ADVISE_SYSCALLS', 'the call madvise'),
  builtIn('MODULES', 'the harness is a module'),
  builtIn('KPROBES', 'the harness reads the log, and reaches what is not exported', 'MODULES'),
  builtIn('KALLSYMS', 'the harness finds functions by name'),
  builtIn('BLK_DEV_INITRD', 'init and the modules come in an initial root file system'),
  builtIn('DEVTMPFS', 'the devices of the harness'),
  builtIn('PROC_FS', 'init reads the command line'),
  builtIn('SYSFS', 'init finds its port there'),
  builtIn('TTY', 'the console and the port'),
  orModule('VIRTIO_CONSOLE', PORT, 'TTY'),
  optional(builtIn('FTRACE', 'function tracing')),
  optional(builtIn('FUNCTION_TRACER', 'without it programs have no exact schedules', 'FTRACE')),
  optional(builtIn('DYNAMIC_FTRACE', 'without it programs have no exact schedules', 'FUNCTION_TRACER')),
  off('MODULE_SIG_FORCE', 'the harness is not signed'),
  off('TRIM_UNUSED_KSYMS', 'it removes the exports that the harness calls'),
  off('LOCK_DOWN_KERNEL_FORCE_INTEGRITY', 'it forbids modules without a signature'),
  off('LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY', 'it forbids kprobes'),
];

/** All options that a kernel of an architecture needs to be a target, each after its parents. */
export const optionsFor = (arch: Arch): readonly KernelOption[] => [...COMMON, ...arch.config];
