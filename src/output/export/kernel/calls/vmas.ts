import type { ArgumentsOf } from '../../../../../reference/calls/index.ts';
import { hex, nameOf } from '../../c/text.ts';
import { ADOPT, ANSWER_ERRNO } from '../answers.ts';
import { piece } from '../piece.ts';
import { PROCESS } from '../process.ts';
import { type KernelCalls, statement } from './call.ts';

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
	if (ret < 0 && ret >= -MAX_ERRNO)
		return answer_errno(o, ret);
	bind_name(&v[name], ret, pages, 0);
	o->kind = ADDRESS;
	o->number = ret;
}`,
  PROCESS,
  ANSWER_ERRNO,
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

const PAGE_AT = piece(
  `
static struct page *page_at(unsigned long addr)
{
	pgd_t *pgd = pgd_offset(mm, addr);
	p4d_t *p4d;
	pud_t *pud;
	pmd_t *pmd;
	pte_t pte;

	if (pgd_none(*pgd))
		return NULL;
	p4d = p4d_offset(pgd, addr);
	if (p4d_none(*p4d))
		return NULL;
	pud = pud_offset(p4d, addr);
	if (pud_none(*pud))
		return NULL;
	pmd = pmd_offset(pud, addr);
	if (pmd_none(*pmd) || !pmd_present(*pmd))
		return NULL;
	pte = READ_ONCE(*pte_offset_kernel(pmd, addr));
	return pte_present(pte) && pfn_valid(pte_pfn(pte)) ? pfn_to_page(pte_pfn(pte)) : NULL;
}`,
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
	page = page_at(addr);
	id = word >> 20 & 0xfffff;
	if (page && !(word >> 40 == MAGIC && id < nids && ids[id].page == page))
		adopt(page, VMA_PAGE, name, offset >> PAGE_SHIFT);
	mmap_read_unlock(mm);
}`,
  PROCESS,
  ADOPT,
  PAGE_AT,
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
} satisfies Partial<KernelCalls>;
