import type { Step } from '../../../../../reference/calls/call.ts';
import type { Address } from '../../../../../reference/notation/address.ts';
import { at, type PlainCalls } from './call.ts';

/** Calls that change who can write to an area. */

const changes = (name: 'set_memory_ro' | 'set_memory_rw') => ({
  prototype: `int mm_${name}(unsigned int cpu, uint64_t addr);`,
  write: ({ cpu, args: [area] }: Step<readonly [Address]>) => `answer_errno(o, mm_${name}(${cpu}, ${at(area)}));`,
});

export const PERMISSION_CALLS = {
  set_vm_flush_reset_perms: {
    prototype: `/* Lets mm_vfree of the area flush before it returns. */
void mm_set_vm_flush_reset_perms(unsigned int cpu, uint64_t addr);`,
    write: ({ cpu, args: [area] }) => `mm_set_vm_flush_reset_perms(${cpu}, ${at(area)});\n\to->kind = OK;`,
  },
  set_memory_ro: changes('set_memory_ro'),
  set_memory_rw: changes('set_memory_rw'),
} satisfies Partial<PlainCalls>;
