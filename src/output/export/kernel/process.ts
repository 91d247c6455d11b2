import { piece } from './piece.ts';

/** The address space for the VMAs of a program, and the objects (files) that they map. */
export const PROCESS = piece(`
#define USER_START	0x200000000UL
#define SLOT		(16UL << 20)	/* distance between VMAs, except for adjacent ones */
#define TABLE		(2UL << 20)	/* size of what one page table maps */

static struct mm_struct *mm;		/* of the process that loads the module */
static struct file *object[OBJECTS];
static struct address_space space[OBJECTS];
static struct {
	unsigned long flags;
	long remap;
} pending_vma[CPUS];			/* flags and frames of the VMA that each CPU makes next */

static void set_flags(struct vm_area_struct *vma, unsigned long flags)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_set(vma, flags);
#else
	vma->vm_flags |= flags;
#endif
}

static const struct vm_operations_struct vma_ops = { };	/* no fault handler: nothing is ever faulted in */

static int handle_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned int cpu = raw_smp_processor_id();	/* its only thread does not migrate */

	if (!in_lane(cpu))
		return -EINVAL;
	set_flags(vma, VM_DONTEXPAND | VM_DONTDUMP | pending_vma[cpu].flags);
	vma->vm_ops = &vma_ops;
	if (pending_vma[cpu].remap < 0)
		return 0;
	return remap_pfn_range(vma, vma->vm_start, page_to_pfn(pool + pending_vma[cpu].remap),
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
		address_space_init_once(&space[i]);	/* else all anonymous inodes share one */
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
}`);
