import type { Step } from '../../../../../reference/calls/call.ts';
import type { Address } from '../../../../../reference/notation/address.ts';
import type { AnyArguments } from '../../../../../reference/notation/signature.ts';
import { at, type PlainCalls } from './call.ts';

/** Observations: what a CPU reaches, what the page tables say, counts of frames; and failure injection. */

/** A call that looks at one address. */
const reaching = (prototype: string, name: string) => ({
  prototype,
  write: ({ cpu, args: [address] }: Step<readonly [Address, ...AnyArguments]>) =>
    `answer_reached(o, ${name}(${cpu}, ${at(address)}));`,
});

export const OBSERVE_CALLS = {
  vmalloc_to_page: reaching(
    `/* MM_NONE for NULL. */
struct mm_reached mm_vmalloc_to_page(unsigned int cpu, uint64_t addr);`,
    'mm_vmalloc_to_page',
  ),
  is_vmalloc_addr: {
    prototype: 'bool mm_is_vmalloc_addr(unsigned int cpu, uint64_t addr);',
    write: ({ cpu, args: [address] }) => `answer_count(o, mm_is_vmalloc_addr(${cpu}, ${at(address)}));`,
  },
  find_vm_area: {
    prototype: `/* How many pages the area has that starts at the address; 0 if no area starts there. */
unsigned int mm_find_vm_area(unsigned int cpu, uint64_t addr);`,
    write: ({ cpu, args: [address] }) => `answer_pages(o, mm_find_vm_area(${cpu}, ${at(address)}));`,
  },
  vread: reaching(
    `/* What the page tables have there; MM_OTHER for zeros, MM_NONE if nothing was read. */
struct mm_reached mm_vread(unsigned int cpu, uint64_t addr);`,
    'mm_vread',
  ),
  read: reaching(
    `/* What the CPU reaches there, through its own TLB; nothing is faulted in. */
struct mm_reached mm_read(unsigned int cpu, uint64_t addr);`,
    'mm_read',
  ),
  reread: reaching(
    `/* The same, after a flush of this address on this CPU. */
struct mm_reached mm_reread(unsigned int cpu, uint64_t addr);`,
    'mm_reread',
  ),
  write: {
    prototype: `/* Sets the value of the word that is reached there, and returns what was reached. */
struct mm_reached mm_write(unsigned int cpu, uint64_t addr, unsigned int value);`,
    write: ({ cpu, args: [address, value] }) =>
      `answer_reached(o, mm_write(${cpu}, ${at(address)}, ${value}));\n\to->value = 0;`,
  },
  page_count: {
    prototype: `/* Counts are differences from the start of the program. */
int mm_page_count(unsigned int cpu, unsigned int frame);`,
    write: ({ cpu, args: [frame] }) => `answer_count(o, mm_page_count(${cpu}, ${frame}));`,
  },
  page_mapcount: {
    prototype: 'int mm_page_mapcount(unsigned int cpu, unsigned int frame);',
    write: ({ cpu, args: [frame] }) => `answer_count(o, mm_page_mapcount(${cpu}, ${frame}));`,
  },
  allocated_pages: {
    prototype: `/* Pages of memory that the implementation has allocated for the program and not freed yet. */
int mm_allocated_pages(unsigned int cpu);`,
    write: ({ cpu }) => `answer_count(o, mm_allocated_pages(${cpu}));`,
  },
  fail_after: {
    prototype: `/* Lets the (after + 1)-th allocation from now on inside the implementation fail, once. */
void mm_fail_after(unsigned int cpu, unsigned int after);`,
    write: ({ cpu, args: [allocations] }) => `mm_fail_after(${cpu}, ${allocations});\n\to->kind = OK;`,
  },
  flush_tlb: {
    prototype: `/* Flushes the whole TLB of the CPU by instruction. */
void mm_flush_tlb(unsigned int cpu);`,
    write: ({ cpu }) => `mm_flush_tlb(${cpu});\n\to->kind = OK;`,
  },
} satisfies Partial<PlainCalls>;
