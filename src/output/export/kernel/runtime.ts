/** The parts of the module that are always there. Tabs and names are those of the kernel's own coding style. */
export const RUNTIME = `
enum kind { SKIPPED, OK, ADDRESS, NIL, FRAME, AREA_PAGE, VMA_PAGE, FAULT, OTHER, ERRNO, NUMBER, VMFAULT };

/* What a step answered. */
struct outcome {
	enum kind kind;
	long number;			/* address, errno, number */
	unsigned int name, page, value;	/* memory that was reached: whose, which page, and what stands in its word */
};

/* What a name stands for. A name outlives its mapping. */
struct named {
	unsigned long start;
	unsigned int pages;
	bool bound, live;
	u8 origin;
};

enum { VMAP, RAM, VMALLOC };

/* Memory that can be told apart: every 8-byte word of it says which page it is, and holds a value. */
struct ident {
	struct page *page;
	enum kind kind;
	unsigned int name, index;
};

#define MAGIC		0x6d7370UL
#define VALUE		0xfffffUL
#define REFERENCES	1000	/* our own, so that nothing that a program does lets a page go */

static struct page *pool;	/* physically contiguous */
static struct ident ids[IDS];
static unsigned int nids;
static struct named a[AREAS + 1], v[VMAS + 1];
static struct outcome seen[STEPS];
static struct task_struct *task[CPUS];	/* one on each CPU runs the steps of that CPU */

/* Whether the calling thread is that of this CPU, also when it was interrupted. */
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
	smp_store_release(&name->bound, true);	/* from here on other lanes use it */
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
	case NUMBER:
		snprintf(to, size, o->kind == ERRNO ? "errno %ld" : "%ld", o->number);
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

/** One CPU after the other, each step when its turn has come. */
export const TURNS = `
static void take_turns(unsigned int cpu)
{
	unsigned int i;

	for (i = 0; i < STEPS; i++) {
		if (steps[i].cpu != cpu)
			continue;
		while (smp_load_acquire(&turn) < i)
			relax();
		run_step(i);
		smp_store_release(&turn, i + 1);
	}
}
`.trim();

/** The same with blocks, whose steps run at once. */
export const TURNS_WITH_BLOCKS = `
static atomic_t arrived, left, clock;
static int called[STEPS], returned[STEPS];

static void run_timed(unsigned int i)
{
	called[i] = atomic_inc_return(&clock);
	run_step(i);
	returned[i] = atomic_inc_return(&clock);
}

/* All CPUs that take part meet before a block and after it. */
static void meet(atomic_t *counter, unsigned int block)
{
	atomic_inc(counter);
	while (atomic_read(counter) < (int)(CPUS * block))
		relax();
}

static unsigned int run_block(unsigned int cpu, unsigned int first)
{
	unsigned int i, block = steps[first].block;

	meet(&arrived, block);
	WRITE_ONCE(overlapping[cpu], true);
	dwell(cpu);
	for (i = first; i < STEPS && steps[i].block == block; i++)
		if (steps[i].cpu == cpu)
			run_timed(i);
	WRITE_ONCE(overlapping[cpu], false);
	meet(&left, block);
	if (cpu == 0)		/* only one may: the others may be late */
		smp_store_release(&turn, i);
	return i;
}

static void take_turns(unsigned int cpu)
{
	unsigned int i = 0;

	while (i < STEPS) {
		if (smp_load_acquire(&turn) < i) {
			relax();
		} else if (steps[i].block) {
			i = run_block(cpu, i);
		} else {
			if (steps[i].cpu == cpu) {
				run_step(i);
				smp_store_release(&turn, i + 1);
			}
			i++;
		}
	}
}
`.trim();

/** Turns are taken by one thread on each CPU: nothing else runs there that could change what its TLB holds. */
export const LANES = String.raw`
static unsigned int turn;
static atomic_t lanes;
static DECLARE_COMPLETION(finished);

static void relax(void)
{
	cpu_relax();
	cond_resched();
}

@RUN_STEP@

@TURNS@

static int lane(void *arg)
{
	enter_lane();
	take_turns((unsigned long)arg);
	leave_lane();
	if (atomic_dec_and_test(&lanes))
		complete(&finished);
	return 0;
}

/* A thread is known until it has ended: the module must not go before. */
static void reap(unsigned long cpu)
{
	kthread_stop(task[cpu]);
	put_task_struct(task[cpu]);
}

static int run_lanes(void)
{
	unsigned long cpu;
	long ret;

	turn = 0;
	atomic_set(&lanes, CPUS);
	reinit_completion(&finished);
	for (cpu = 0; cpu < CPUS; cpu++) {
		task[cpu] = cpu_online(cpu) ? kthread_create(lane, (void *)cpu, "mmspec/%lu", cpu) : ERR_PTR(-ENODEV);
		if (IS_ERR(task[cpu])) {
			ret = PTR_ERR(task[cpu]);
			pr_err("nothing known: the program needs a thread on CPU %lu, error %ld\n", cpu, ret);
			while (cpu--)
				reap(cpu);
			memset(task, 0, sizeof(task));
			return ret;
		}
		get_task_struct(task[cpu]);
		kthread_bind(task[cpu], cpu);
	}
	for (cpu = 0; cpu < CPUS; cpu++)
		wake_up_process(task[cpu]);
	wait_for_completion(&finished);
	for (cpu = 0; cpu < CPUS; cpu++)
		reap(cpu);
	memset(task, 0, sizeof(task));
	return 0;
}
`.trim();

/** A step is run, and that is all. */
export const RUN_STEP = `
static void run_step(unsigned int i)
{
	steps[i].run(&seen[i]);
}
`.trim();

/** Setting up and giving back the frames. */
export const POOL = `
#define ORDER	get_order(FRAMES * PAGE_SIZE)

static int begin(void)
{
	unsigned int i;

	pool = alloc_pages(GFP_KERNEL, ORDER);
	if (!pool)
		return -ENOMEM;
	if (ORDER)
		split_page(pool, ORDER);
	for (i = 0; i < 1U << ORDER; i++)
		page_ref_add(pool + i, REFERENCES);
	for (nids = 0; nids < FRAMES; nids++) {
		ids[nids] = (struct ident){ .page = pool + nids, .kind = FRAME, .index = nids };
		stamp(nids);
	}
	memset(a, 0, sizeof(a));
	memset(v, 0, sizeof(v));
	memset(seen, 0, sizeof(seen));
	return 0;
}

/* Everything is unmapped: no page is given back before. */
static void end(void)
{
	unsigned int i;

	vm_unmap_aliases();
	for (i = FRAMES; i < nids; i++)
		put_page(ids[i].page);
	for (i = 0; i < 1U << ORDER; i++) {
		set_page_count(pool + i, 1);
		__free_page(pool + i);
	}
}
`.trim();
