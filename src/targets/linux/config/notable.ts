import type { Settings } from './check.ts';

/** Options that change what a test sees: how the kernel preempts, how it checks itself, how large its structures are. */
const NOTABLE =
  /^(SMP|NR_CPUS|PREEMPT|PREEMPT_(NONE|VOLUNTARY|DYNAMIC|LAZY|RT)|KASAN|KASAN_(GENERIC|SW_TAGS|HW_TAGS|VMALLOC)|KMSAN|KCSAN|KFENCE|UBSAN|LOCKDEP|PROVE_LOCKING|DEBUG_ATOMIC_SLEEP|DEBUG_VM|DEBUG_VM_PGFLAGS|DEBUG_VIRTUAL|DEBUG_PAGEALLOC|PAGE_TABLE_CHECK|PAGE_TABLE_CHECK_ENFORCED|TRANSPARENT_HUGEPAGE)$/;

/**
 * The options of a configuration that reports name: `NAME` for those that are built in, else `NAME=VALUE`.
 *
 * @example
 * ```ts
 * notableOptions(parseConfiguration('CONFIG_KASAN=y\nCONFIG_NR_CPUS=64\nCONFIG_TTY=y\n')); // [ 'KASAN', 'NR_CPUS=64' ]
 * ```
 */
export const notableOptions = (settings: Settings): readonly string[] =>
  [...settings]
    .filter(([name, value]) => NOTABLE.test(name) && value !== 'n')
    .map(([name, value]) => (value === 'y' ? name : `${name}=${value}`));
