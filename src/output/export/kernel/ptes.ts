import type { Piece } from './pieces.ts';

/** Calls that fill, empty and look up pages of one VMA. */
export const PTE_PIECES: Readonly<Record<string, Piece>> = {
  vma_of: {
    needs: ['process'],
    text: `
/* The VMA that a name stands for; the caller holds the mmap lock. */
static struct vm_area_struct *vma_of(const struct named *name)
{
	struct vm_area_struct *vma = find_vma(mm, name->start);

	return vma && vma->vm_start <= name->start ? vma : NULL;
}`,
  },
  do_remap_pfn_range: {
    needs: ['vma_of', 'answer_errno'],
    text: `
static void do_remap_pfn_range(struct named *name, struct named *in, long offset, unsigned int frame,
			       unsigned long size, struct outcome *o)
{
	struct vm_area_struct *vma;

	if (!name->bound || !in->bound)
		return;
	mmap_write_lock(mm);
	vma = vma_of(name);
	if (vma)
		answer_errno(o, remap_pfn_range(vma, in->start + offset, page_to_pfn(pool + frame), size,
						vma->vm_page_prot));
	mmap_write_unlock(mm);
}`,
  },
  do_vm_insert_page: {
    needs: ['vma_of', 'answer_errno'],
    text: `
static void do_vm_insert_page(struct named *name, struct named *in, long offset, unsigned int frame,
			      struct outcome *o)
{
	struct vm_area_struct *vma;

	if (!name->bound || !in->bound)
		return;
	mmap_write_lock(mm);
	vma = vma_of(name);
	if (vma)
		answer_errno(o, vm_insert_page(vma, in->start + offset, pool + frame));
	mmap_write_unlock(mm);
}`,
  },
  do_vmf_insert_pfn: {
    needs: ['vma_of'],
    text: `
static void do_vmf_insert_pfn(struct named *name, struct named *in, long offset, unsigned int frame,
			      struct outcome *o)
{
	struct vm_area_struct *vma;

	if (!name->bound || !in->bound)
		return;
	mmap_read_lock(mm);
	vma = vma_of(name);
	if (vma) {
		o->kind = VMFAULT;
		o->number = vmf_insert_pfn(vma, in->start + offset, page_to_pfn(pool + frame));
	}
	mmap_read_unlock(mm);
}`,
  },
  do_zap_vma_ptes: {
    needs: ['vma_of'],
    text: `
static void do_zap_vma_ptes(struct named *name, struct named *in, long offset, unsigned long size,
			    struct outcome *o)
{
	struct vm_area_struct *vma;

	if (!name->bound || !in->bound)
		return;
	mmap_read_lock(mm);
	vma = vma_of(name);
	if (vma) {
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 1, 0)
		zap_special_vma_range(vma, in->start + offset, size);
#else
		zap_vma_ptes(vma, in->start + offset, size);
#endif
		o->kind = OK;
	}
	mmap_read_unlock(mm);
}`,
  },
  do_follow_pfn: {
    needs: ['identify', 'vma_of', 'answer_errno'],
    text: `
static int follow(struct vm_area_struct *vma, unsigned long addr, unsigned long *pfn)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	struct follow_pfnmap_args args = { .vma = vma, .address = addr };
	int ret = follow_pfnmap_start(&args);

	if (ret)
		return ret;
	*pfn = args.pfn;
	follow_pfnmap_end(&args);
	return 0;
#else
	return follow_pfn(vma, addr, pfn);
#endif
}

static void do_follow_pfn(struct named *name, struct named *in, long offset, struct outcome *o)
{
	struct vm_area_struct *vma;
	unsigned long pfn;
	int ret;

	if (!name->bound || !in->bound)
		return;
	mmap_read_lock(mm);
	vma = vma_of(name);
	if (vma) {
		ret = follow(vma, in->start + offset, &pfn);
		if (ret)
			answer_errno(o, ret);
		else if (!pfn_valid(pfn) || !identify(*(u64 *)page_address(pfn_to_page(pfn)), o))
			o->kind = OTHER;
	}
	mmap_read_unlock(mm);
}`,
  },
};
