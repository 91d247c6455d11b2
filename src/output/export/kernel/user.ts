import type { Piece } from './pieces.ts';

/** Calls of the user side: VMAs of the process that loads the module, of files of its own. */
export const USER_PIECES: Readonly<Record<string, Piece>> = {
  process: {
    text: `
#define USER_START	0x200000000UL
#define SLOT		(16UL << 20)	/* VMAs are this far apart, unless asked to be neighbours */
#define TABLE		(2UL << 20)	/* what one page table covers */

static struct mm_struct *mm;		/* of the process that loads the module */
static struct file *object[OBJECTS];
static struct address_space space[OBJECTS];
static struct {
	unsigned long flags;
	long remap;
} wish[CPUS];				/* what the mmap handler is to make of each CPU's next VMA */

static void set_flags(struct vm_area_struct *vma, unsigned long flags)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_set(vma, flags);
#else
	vma->vm_flags |= flags;
#endif
}

static const struct vm_operations_struct vma_ops = { };	/* nothing is ever faulted in */

static int handle_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned int cpu = raw_smp_processor_id();	/* each has one thread, which stays there */

	if (!in_lane(cpu))
		return -EINVAL;
	set_flags(vma, VM_DONTEXPAND | VM_DONTDUMP | wish[cpu].flags);
	vma->vm_ops = &vma_ops;
	if (wish[cpu].remap < 0)
		return 0;
	return remap_pfn_range(vma, vma->vm_start, page_to_pfn(pool + wish[cpu].remap),
			       vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

static const struct file_operations object_fops = { .owner = THIS_MODULE, .mmap = handle_mmap };
static const struct address_space_operations space_ops = { };

static int open_objects(void)
{
	unsigned int i;

	for (i = 0; i < OBJECTS; i++) {
		object[i] = anon_inode_getfile("mmspec", &object_fops, NULL, O_RDWR | O_CLOEXEC);
		if (IS_ERR(object[i]))
			return PTR_ERR(object[i]);
		address_space_init_once(&space[i]);	/* each object is one of its own */
		space[i].host = file_inode(object[i]);
		space[i].a_ops = &space_ops;
		object[i]->f_mapping = &space[i];
	}
	return 0;
}

static void close_objects(void)
{
	unsigned int i;

	for (i = 0; i < OBJECTS; i++)
		if (!IS_ERR_OR_NULL(object[i]))
			fput(object[i]);
}`,
  },
  do_mmap: {
    needs: ['process', 'answer_errno'],
    text: `
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
		addr -= PAGE_ALIGN(size / 2);	/* across the border of two page tables */
	wish[raw_smp_processor_id()].flags = flags;
	wish[raw_smp_processor_id()].remap = remap;
	ret = vm_mmap(object[obj], addr, size, PROT_READ | PROT_WRITE,
		      MAP_FIXED_NOREPLACE | (private ? MAP_PRIVATE : MAP_SHARED), offset);
	if (ret < 0 && ret >= -MAX_ERRNO)
		return answer_errno(o, ret);
	bind_name(&v[name], ret, pages, 0);
	o->kind = ADDRESS;
	o->number = ret;
}`,
  },
  do_munmap: {
    needs: ['process', 'answer_errno'],
    text: `
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
  },
  do_unmap_mapping_range: {
    needs: ['process'],
    text: `
static void do_unmap_mapping_range(unsigned int obj, unsigned long offset, unsigned long size, bool even_cows,
				   struct outcome *o)
{
	unmap_mapping_range(object[obj]->f_mapping, offset, size, even_cows);
	o->kind = OK;
}`,
  },
  do_break_cow: {
    needs: ['process', 'adopt'],
    text: `
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
}

/* Writes what is there, as a user would: a private page becomes a copy, which is then ours like any other. */
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
  },
};
