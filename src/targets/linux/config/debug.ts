import { unknownName } from '../../../common/names.ts';
import { builtIn, type KernelOption, off } from './option.ts';

const DEBUG_KERNEL = builtIn('DEBUG_KERNEL', 'the debugging options');

/** Options that make the kernel check itself, by the word that asks for them. */
const DEBUG: Readonly<Record<string, readonly KernelOption[]>> = {
  kasan: [
    DEBUG_KERNEL,
    builtIn('SLUB', 'KASAN does not work with SLOB, which tinyconfig of 6.1 chooses'),
    off('SLUB_TINY', 'KASAN does not work with it'),
    builtIn('KASAN', 'accesses to memory that was freed, or is out of bounds', 'DEBUG_KERNEL', 'SLUB'),
    builtIn('KASAN_GENERIC', 'needs no support by the CPU', 'KASAN'),
    builtIn('KASAN_VMALLOC', 'accesses to vmap and vmalloc areas that were unmapped', 'KASAN'),
  ],
  lockdep: [
    DEBUG_KERNEL,
    builtIn('PROVE_LOCKING', 'locks taken in an order that can deadlock', 'DEBUG_KERNEL'),
    builtIn('DEBUG_ATOMIC_SLEEP', 'calls that sleep where they must not', 'DEBUG_KERNEL'),
  ],
  vm: [
    DEBUG_KERNEL,
    builtIn('DEBUG_VM', 'checks in mm/', 'DEBUG_KERNEL'),
    builtIn('DEBUG_VM_PGFLAGS', 'checks of page flags', 'DEBUG_VM'),
    builtIn('DEBUG_VIRTUAL', 'checks of address translations', 'DEBUG_KERNEL'),
    builtIn('PAGE_TABLE_CHECK', 'counts of the mappings of each page', 'DEBUG_KERNEL'),
    builtIn('PAGE_TABLE_CHECK_ENFORCED', 'these checks without a word on the command line', 'PAGE_TABLE_CHECK'),
  ],
};

/** The words that ask for debugging options. */
export const DEBUG_KINDS: readonly string[] = Object.keys(DEBUG);

/**
 * The options that words such as `kasan` ask for, each once.
 * @throws UsageError for an unknown word; the message lists what exists.
 *
 * @example
 * ```ts
 * debugOptions(['lockdep']).map(({ name }) => name); // [ 'DEBUG_KERNEL', 'PROVE_LOCKING', 'DEBUG_ATOMIC_SLEEP' ]
 * ```
 */
export function debugOptions(kinds: readonly string[]): readonly KernelOption[] {
  const unknown = kinds.find((kind) => !DEBUG_KINDS.includes(kind));
  if (unknown !== undefined) throw unknownName(`unknown kind of debugging ${unknown}`, unknown, DEBUG_KINDS);
  const all = kinds.flatMap((kind) => DEBUG[kind]);
  return [...new Map(all.map((option) => [option.name, option])).values()];
}
