/** The part that every module has. All C of modules follows the kernel's coding style. */
export const RUNTIME = `
enum kind { SKIPPED, OK, ADDRESS, NIL, FRAME, AREA_PAGE, VMA_PAGE, FAULT, OTHER, ERRNO, NUMBER, VMFAULT };

/* What a step answered. */
struct outcome {
	enum kind kind;
	long number;			/* address, errno, number */
	unsigned int name, page, value;	/* reached memory: its owner, its page, and the value of its word */
	unsigned long left;		/* errno: the pages that were not done, if the call tells */
};

/* What a name stands for. A name outlives its mapping. */
struct named {
	unsigned long start;
	unsigned int pages;
	bool bound, live;
	u8 origin;
};

enum { VMAP, RAM, VMALLOC };

/* A page that reads can identify: every 8-byte word has the number of the page in ids[], and a value. */
struct ident {
	struct page *page;
	enum kind kind;
	unsigned int name, index;
};

#define MAGIC		0x6d7370UL
#define VALUE		0xfffffUL
#define REFERENCES	1000	/* held by the module, so that no step can free a page */

static struct page *pool;	/* physically contiguous */
static struct ident ids[IDS];
static unsigned int nids;
static struct named a[AREAS + 1], v[VMAS + 1];
static struct outcome seen[STEPS];
static struct task_struct *task[CPUS];	/* one thread per CPU runs the steps of that CPU */

/* Whether this CPU is running the module's thread, or an interrupt of it. */
static inline bool in_lane(unsigned int cpu)
{
	return cpu < CPUS && READ_ONCE(task[cpu]) == current;
}

static inline void bind_name(struct named *name, unsigned long start, unsigned int pages, u8 origin)
{
	name->start = start;
	name->pages = pages;
	name->origin = origin;
	name->live = true;
	smp_store_release(&name->bound, true);	/* other lanes may use it now */
}

static u64 word_of(unsigned int id)
{
	return (u64)MAGIC << 40 | (u64)id << 20;
}

static void stamp(unsigned int id)
{
	u64 *word = page_address(ids[id].page);
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(*word); i++)
		word[i] = word_of(id);
}

static void show(const struct outcome *o, char *to, size_t size)
{
	static const char *const words[] = {
		[SKIPPED] = "skipped", [OK] = "ok", [NIL] = "null", [FAULT] = "fault", [OTHER] = "other" };

	switch (o->kind) {
	case ADDRESS:
		snprintf(to, size, "0x%lx", (unsigned long)o->number);
		break;
	case FRAME:
		snprintf(to, size, o->value ? "f%u:%u" : "f%u", o->page, o->value);
		break;
	case AREA_PAGE:
	case VMA_PAGE:
		snprintf(to, size, o->value ? "%c%u:%u:%u" : "%c%u:%u", o->kind == AREA_PAGE ? 'a' : 'v', o->name,
			 o->page, o->value);
		break;
	case ERRNO:
		snprintf(to, size, o->left ? "errno %ld left %lu" : "errno %ld", o->number, o->left);
		break;
	case NUMBER:
		snprintf(to, size, "%ld", o->number);
		break;
	case VMFAULT:
		snprintf(to, size, "vm_fault_t 0x%lx", o->number);
		break;
	default:
		snprintf(to, size, "%s", words[o->kind]);
		break;
	}
}
`.trim();
