import type { ArgumentsOf } from '../../../../../reference/calls/index.ts';
import { hex, nameOf } from '../../c/text.ts';
import { at, ending, type PlainCalls } from './call.ts';

/** Calls that make and end VMAs, and calls on an object or on a page of user space. */

const KINDS: Readonly<Record<ArgumentsOf<'mmap'>[2], string>> = {
  plain: 'MM_PLAIN',
  pfnmap: 'MM_PFNMAP',
  mixedmap: 'MM_MIXEDMAP',
};

const PROT: Readonly<Record<ArgumentsOf<'mprotect'>[1], number>> = { none: 0, read: 1, write: 3 };

export const VMA_CALLS = {
  mmap: {
    prototype: `/*
 * Returns the address, or a negative errno. remap: the first of the frames that the mmap handler maps, -1 for none.
 * after: the end of the VMA that the new one follows directly; 0 for anywhere, a page apart from all others.
 */
int64_t mm_mmap(unsigned int cpu, unsigned int name, unsigned int object, uint64_t offset, unsigned int pages,
		enum mm_vma kind, bool private_copy, int remap, uint64_t after);`,
    write({ cpu, binds, args: [{ index, offset }, pages, kind, share, remap, after, flags] }) {
      const end = after && `${at(after)} + (${nameOf(after)})->pages * (uint64_t)PAGE_SIZE`;
      const args = [cpu, binds, index, hex(offset), pages, KINDS[kind], share === 'private', remap ?? -1, end ?? '0'];
      const made = `bind_vma(&v[${binds}], mm_mmap(${args.join(', ')}), ${pages}, o);`;
      return flags ? `${made}\n\tif (v[${binds}].bound)\n\t\tmm_dont_copy(${cpu}, v[${binds}].start);` : made;
    },
  },
  munmap: {
    prototype: 'void mm_munmap(unsigned int cpu, uint64_t addr);',
    write: (step) => ending('mm_munmap', step),
  },
  vm_munmap: {
    prototype:
      '/* Unmaps the addresses from start to end. */\nint mm_vm_munmap(unsigned int cpu, uint64_t start, uint64_t end);',
    write: ({ cpu, args: [start, end] }) => `answer_errno(o, mm_vm_munmap(${cpu}, ${at(start)}, ${at(end)}));`,
  },
  mremap: {
    prototype: `/* Moves a VMA, or shrinks it where it is. Returns the address, or a negative errno. */
int64_t mm_mremap(unsigned int cpu, unsigned int name, uint64_t vma, unsigned int pages, bool dontunmap);`,
    write({ cpu, binds, args: [vma, pages, flags] }) {
      const call = `mm_mremap(${cpu}, ${binds}, ${at(vma)}, ${pages}, ${flags !== undefined})`;
      return `bind_vma(&v[${binds}], ${call}, ${pages}, o);\n\t(${nameOf(vma)})->live = o->kind != ADDRESS;`;
    },
  },
  mprotect: {
    prototype: `/* prot: 0 for no access, 1 for reads, 3 for reads and writes. */
int mm_mprotect(unsigned int cpu, uint64_t vma, int prot);`,
    write: ({ cpu, args: [vma, prot] }) => `answer_errno(o, mm_mprotect(${cpu}, ${at(vma)}, ${PROT[prot]}));`,
  },
  unmap_mapping_range: {
    prototype:
      'void mm_unmap_mapping_range(unsigned int cpu, unsigned int object, uint64_t offset, uint64_t size, bool even_cows);',
    write({ cpu, args: [{ index, offset }, size, flags] }) {
      const evenCows = flags?.includes('even_cows') ?? false;
      return `mm_unmap_mapping_range(${cpu}, ${index}, ${hex(offset)}, ${hex(size)}, ${evenCows});\n\to->kind = OK;`;
    },
  },
  fork: {
    prototype: `/* Copies the VMAs of the process to a child. Returns 0, or a negative errno. */
int mm_fork(unsigned int cpu);`,
    write: ({ cpu, binds }) => `answer_fork(&m[${binds}], mm_fork(${cpu}), o);`,
  },
  exit: {
    prototype: '/* Ends the child. */\nvoid mm_exit(unsigned int cpu);',
    write: ({ cpu }) => `mm_exit(${cpu});\n\to->kind = OK;`,
  },
  break_cow: {
    prototype: `/* Writes from user space; false if that faults. The words of a copy say: page i of VMA "name" (MM_VMA_PAGE). */
bool mm_break_cow(unsigned int cpu, unsigned int name, uint64_t addr);`,
    write: ({ cpu, args: [address] }) =>
      `o->kind = mm_break_cow(${cpu}, ${address.index}, ${at(address)}) ? OK : FAULT;`,
  },
} satisfies Partial<PlainCalls>;
