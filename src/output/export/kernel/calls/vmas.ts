import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArgumentsOf } from '../../../../../reference/calls/index.ts';
import { harnessFolder } from '../../../../targets/linux/harness.ts';
import { hex, nameOf } from '../../c/text.ts';
import { ADOPT, ANSWER_ERRNO, ANSWER_VMA } from '../answers.ts';
import { piece } from '../piece.ts';
import { PROCESS } from '../process.ts';
import { SYMBOL } from '../symbol.ts';
import { type KernelCalls, place, statement } from './call.ts';

/** Calls that make and end VMAs, and calls on an object or on a page of user space. */

const MMAP = piece(
  `
static void make_vma(unsigned int name, unsigned int obj, unsigned long offset, unsigned int pages,
		     unsigned long flags, bool private, long remap, struct named *after, struct outcome *o)
{
	unsigned long addr = USER_START + name * SLOT + TABLE, size = (unsigned long)pages << PAGE_SHIFT;
	long ret;

	if (after && !after->bound)
		return;
	if (after)
		addr = after->start + ((unsigned long)after->pages << PAGE_SHIFT);
	else if (name & 1)
		addr -= PAGE_ALIGN(size / 2);	/* across the boundary of two page tables */
	pending_vma[raw_smp_processor_id()].flags = flags;
	pending_vma[raw_smp_processor_id()].remap = remap;
	ret = vm_mmap(object[obj], addr, size, PROT_READ | PROT_WRITE,
		      MAP_FIXED_NOREPLACE | (private ? MAP_PRIVATE : MAP_SHARED), offset);
	answer_vma(name, ret, pages, o);
}`,
  PROCESS,
  ANSWER_VMA,
);

const MUNMAP = piece(
  `
static void do_munmap_of(struct named *vma, struct outcome *o)
{
	long ret;

	if (!vma->bound)
		return;
	vma->live = false;
	ret = vm_munmap(vma->start, (unsigned long)vma->pages << PAGE_SHIFT);
	if (ret)
		answer_errno(o, ret);
	else
		o->kind = OK;
}`,
  PROCESS,
  ANSWER_ERRNO,
);

const VM_MUNMAP = piece(
  `
static void do_vm_munmap(struct named *first, long from, struct named *last, long to, struct outcome *o)
{
	unsigned long start = first->start + from;

	if (first->bound && last->bound)
		answer_errno(o, vm_munmap(start, last->start + to - start));
}`,
  PROCESS,
  ANSWER_ERRNO,
);

/** `make_syscall()`, which the harness for stock kernels uses, too. */
const MAKE_SYSCALL = piece(
  /#ifdef CONFIG_X86_64[\s\S]*?\n#endif\n/.exec(readFileSync(join(harnessFolder(), 'make_syscall.h'), 'utf8'))![0],
);

const SYSCALL = piece(
  `
static long find_and_make_syscall(const char *name, unsigned long a, unsigned long b, unsigned long c,
				  unsigned long d, unsigned long e)
{
	void *found = symbol(name);

	return found ? make_syscall(found, a, b, c, d, e) : -ENOSYS;
}`,
  MAKE_SYSCALL,
  SYMBOL,
);

const MREMAP = piece(
  `
static void do_mremap(unsigned int name, struct named *old, unsigned int pages, bool dontunmap, struct outcome *o)
{
	unsigned long to = USER_START + name * SLOT + TABLE, from = old->start;
	unsigned long flags = MREMAP_MAYMOVE | (dontunmap ? MREMAP_DONTUNMAP : 0);
	long ret;

	if (!old->bound)
		return;
	if (pages >= old->pages)
		flags |= MREMAP_FIXED;
	ret = find_and_make_syscall(SYSCALL_SYMBOL("mremap"), from, (unsigned long)old->pages << PAGE_SHIFT,
				    (unsigned long)pages << PAGE_SHIFT, flags, to);
	answer_vma(name, ret, pages, o);
	old->live = o->kind != ADDRESS;
}`,
  PROCESS,
  ANSWER_VMA,
  SYSCALL,
);

const MPROTECT = piece(
  `
static void do_mprotect(struct named *vma, unsigned long prot, struct outcome *o)
{
	if (vma->bound)
		answer_errno(o, find_and_make_syscall(SYSCALL_SYMBOL("mprotect"), vma->start,
						      (unsigned long)vma->pages << PAGE_SHIFT, prot, 0, 0));
}`,
  PROCESS,
  ANSWER_ERRNO,
  SYSCALL,
);

const PROT: Readonly<Record<ArgumentsOf<'mprotect'>[1], string>> = {
  none: 'PROT_NONE',
  read: 'PROT_READ',
  write: 'PROT_READ | PROT_WRITE',
};

const UNMAP_MAPPING_RANGE = piece(
  `
static void do_unmap_mapping_range(unsigned int obj, unsigned long offset, unsigned long size, bool even_cows,
				   struct outcome *o)
{
	unmap_mapping_range(object[obj]->f_mapping, offset, size, even_cows);
	o->kind = OK;
}`,
  PROCESS,
);

/** `user_page()`, which the harness for stock kernels uses, too. The header is under the MIT license for this reason. */
const USER_PAGE = piece(
  /\/\*[^*]*\*\/\nstatic inline [\s\S]*?\n}\n/.exec(readFileSync(join(harnessFolder(), 'user_page.h'), 'utf8'))![0],
  PROCESS,
);

const BREAK_COW = piece(
  `
/* Writes as user space would. A private page becomes a copy, which reads can then identify like any other page. */
static void do_break_cow(unsigned int name, long offset, struct outcome *o)
{
	unsigned long addr = v[name].start + offset;
	struct page *page;
	u64 word;
	u32 id;

	if (!v[name].bound)
		return;
	o->kind = FAULT;
	if (get_user(word, (u64 __user *)addr) || put_user(word, (u64 __user *)addr))
		return;
	o->kind = OK;
	mmap_read_lock(mm);
	page = user_page(mm, addr);
	id = word >> 20 & 0xfffff;
	if (page && !(word >> 40 == MAGIC && id < nids && ids[id].page == page))
		adopt(page, VMA_PAGE, name, offset >> PAGE_SHIFT);
	mmap_read_unlock(mm);
}`,
  PROCESS,
  ADOPT,
  USER_PAGE,
);

const VM_FLAGS: Readonly<Record<ArgumentsOf<'mmap'>[2], string>> = {
  plain: '0',
  pfnmap: 'VM_IO | VM_PFNMAP',
  mixedmap: 'VM_MIXEDMAP',
};

export const VMA_CALLS = {
  mmap: {
    piece: MMAP,
    statement: ({ binds, args: [object, pages, kind, share, remap, after] }) =>
      statement(
        'make_vma',
        ...[binds, object.index, hex(object.offset), pages, VM_FLAGS[kind], share === 'private'],
        ...[remap ?? -1, after === undefined ? 'NULL' : nameOf(after)],
      ),
  },
  munmap: { piece: MUNMAP, statement: ({ args: [vma] }) => statement('do_munmap_of', nameOf(vma)) },
  vm_munmap: {
    piece: VM_MUNMAP,
    statement: ({ args: [start, end] }) => statement('do_vm_munmap', place(start), place(end)),
  },
  mremap: {
    piece: MREMAP,
    statement: ({ binds, args: [vma, pages, flags] }) =>
      statement('do_mremap', binds, nameOf(vma), pages, flags !== undefined),
  },
  mprotect: {
    piece: MPROTECT,
    statement: ({ args: [vma, prot] }) => statement('do_mprotect', nameOf(vma), PROT[prot]),
  },
  unmap_mapping_range: {
    piece: UNMAP_MAPPING_RANGE,
    statement: ({ args: [object, size, flags] }) =>
      statement(
        'do_unmap_mapping_range',
        ...[object.index, hex(object.offset), hex(size), flags?.includes('even_cows') ?? false],
      ),
  },
  break_cow: {
    piece: BREAK_COW,
    statement: ({ args: [address] }) => statement('do_break_cow', address.index, hex(address.offset)),
  },
  fork: { unavailable: 'a module has no process of its own that it could fork' },
  exit: { unavailable: 'a module has no child that could end' },
} satisfies Partial<KernelCalls>;
