import { nameOf } from '../../c/text.ts';
import { ANSWER_ERRNO, IDENTIFY } from '../answers.ts';
import { piece } from '../piece.ts';
import { PROCESS } from '../process.ts';
import { type KernelCalls, place, statement } from './call.ts';
import { onVma } from './on-vma.ts';

/** Calls that look up pages of VMAs, besides `follow_pfn`. */

const FOLLOW_PFNMAP_START = onVma({
  name: 'do_follow_pfnmap_start',
  parameters: ['bool special'],
  lock: 'read',
  before: `
/* Returns what the page table entry says, or a negative errno. */
static int follow_field(struct vm_area_struct *vma, unsigned long addr, bool special)
{
	int ret;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	struct follow_pfnmap_args args = { .vma = vma, .address = addr };

	ret = follow_pfnmap_start(&args);
	if (ret)
		return ret;
	ret = special ? args.special : args.writable;
	follow_pfnmap_end(&args);
#else
	spinlock_t *lock;
	pte_t *pte;

	if (!(vma->vm_flags & (VM_IO | VM_PFNMAP)))
		return -EINVAL;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	ret = follow_pte(vma, addr, &pte, &lock);
#else
	ret = follow_pte(mm, addr, &pte, &lock);
#endif
	if (ret)
		return ret;
	ret = special ? !!pte_special(*pte) : !!pte_write(*pte);
	pte_unmap_unlock(pte, lock);
#endif
	return ret;
}
`,
  body: `	if (vma)
		answer_errno(o, follow_field(vma, in->start + offset, special));`,
  needs: [PROCESS, ANSWER_ERRNO],
});

const GET_USER_PAGES = piece(
  `
static void do_get_user_pages(struct named *in, long offset, struct outcome *o)
{
	struct page *page;
	long ret;

	if (!in->bound)
		return;
	mmap_read_lock(mm);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
	ret = get_user_pages(in->start + offset, 1, 0, &page);
#else
	ret = get_user_pages(in->start + offset, 1, 0, &page, NULL);
#endif
	mmap_read_unlock(mm);
	if (ret < 0)
		return answer_errno(o, ret);
	if (!identify(*(u64 *)page_address(page), o))
		o->kind = OTHER;
	o->value = 0;
	put_page(page);
}`,
  PROCESS,
  ANSWER_ERRNO,
  IDENTIFY,
);

export const LOOKUP_CALLS = {
  follow_pfnmap_start: {
    piece: FOLLOW_PFNMAP_START,
    statement: ({ args: [vma, address, field] }) =>
      statement('do_follow_pfnmap_start', nameOf(vma), place(address), field === 'special'),
  },
  get_user_pages: {
    piece: GET_USER_PAGES,
    statement: ({ args: [address] }) => statement('do_get_user_pages', place(address)),
  },
} satisfies Partial<KernelCalls>;
