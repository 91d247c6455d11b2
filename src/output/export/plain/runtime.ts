/** The parts that every plain C program has. */

/** The types for the functions that an implementation provides. */
export const PROVIDED = `
/*
 * The functions that you provide. "cpu" is the CPU that a call runs on. Frames are numbers: every 8-byte word of frame
 * i says so, and has a value, 0 at the start. No frame is freed before the program ends.
 */
struct mm_reached {
	enum { MM_FAULT, MM_OTHER, MM_NONE, MM_FRAME, MM_AREA_PAGE, MM_VMA_PAGE } kind;
	unsigned int name;	/* of the area or VMA that owns the memory */
	unsigned int page;	/* the frame, or the page of that memory */
	unsigned int value;	/* of the word that was read */
};

enum mm_vma { MM_PLAIN, MM_PFNMAP, MM_MIXEDMAP };

/* A part of a list of frames: its n entries from position "at" on are the pages that an area maps from "address" on. */
struct mm_area_run {
	unsigned long at, n;
	uint64_t address;
};

#define MM_VOID		INT32_MIN
#define VM_FAULT_OOM	0x1
#define VM_FAULT_SIGBUS	0x2
#define VM_FAULT_NOPAGE	0x100`.trim();

const SHARED = `
enum kind { SKIPPED, OK, ADDRESS, NIL, FRAME, AREA_PAGE, VMA_PAGE, FAULT, OTHER, ERRNO, NUMBER, VMFAULT };

/* What a step answered. */
struct outcome {
	enum kind kind;
	int64_t number;			/* address, errno, number */
	unsigned int name, page, value;	/* reached memory: its owner, its page, and the value of its word */
	unsigned long left;		/* errno: the pages that were not done, if the call tells */
};

/* What a name stands for. A name outlives its mapping. */
struct named {
	uint64_t start, pages;
	bool bound, live;
};

static struct outcome seen[STEPS];

static void show(const struct outcome *o, char to[64])
{
	static const char *const words[] = {
		[SKIPPED] = "skipped", [OK] = "ok", [NIL] = "null", [FAULT] = "fault", [OTHER] = "other" };

	switch (o->kind) {
	case ADDRESS:
		snprintf(to, 64, "0x%" PRIx64, (uint64_t)o->number);
		break;
	case FRAME:
		snprintf(to, 64, o->value ? "f%u:%u" : "f%u", o->page, o->value);
		break;
	case AREA_PAGE:
	case VMA_PAGE:
		snprintf(to, 64, o->value ? "%c%u:%u:%u" : "%c%u:%u", o->kind == AREA_PAGE ? 'a' : 'v', o->name, o->page,
			 o->value);
		break;
	case ERRNO:
		snprintf(to, 64, o->left ? "errno %" PRId64 " left %lu" : "errno %" PRId64, o->number, o->left);
		break;
	case NUMBER:
		snprintf(to, 64, "%" PRId64, o->number);
		break;
	case VMFAULT:
		snprintf(to, 64, "vm_fault_t 0x%" PRIx64, (uint64_t)o->number);
		break;
	default:
		snprintf(to, 64, "%s", words[o->kind]);
		break;
	}
}`.trim();

const HELPERS = [
  {
    name: 'bind',
    text: `
static void bind(struct named *name, uint64_t addr, uint64_t pages, struct outcome *o)
{
	o->kind = addr ? ADDRESS : NIL;
	o->number = addr;
	if (addr)
		*name = (struct named){ addr, pages, true, true };
}`,
  },
  {
    name: 'bind_vma',
    text: `
static void bind_vma(struct named *name, int64_t addr, uint64_t pages, struct outcome *o)
{
	o->kind = addr < 0 ? ERRNO : ADDRESS;
	o->number = addr;
	if (addr >= 0)
		*name = (struct named){ addr, pages, true, true };
}`,
  },
  {
    name: 'answer_fork',
    text: `
static void answer_fork(struct named *child, int ret, struct outcome *o)
{
	o->kind = ret < 0 ? ERRNO : OK;
	o->number = ret;
	child->bound = ret >= 0;
}`,
  },
  {
    name: 'answer_count',
    text: `
static void answer_count(struct outcome *o, int number)
{
	o->kind = NUMBER;
	o->number = number;
}`,
  },
  {
    name: 'answer_pages',
    text: `
static void answer_pages(struct outcome *o, unsigned int pages)
{
	o->kind = pages ? NUMBER : NIL;
	o->number = pages;
}`,
  },
  {
    name: 'answer_errno',
    text: `
static void answer_errno(struct outcome *o, int ret)
{
	o->kind = ret == MM_VOID ? OK : ret < 0 ? ERRNO : NUMBER;
	o->number = ret;
}`,
  },
  {
    name: 'answer_reached',
    text: `
static void answer_reached(struct outcome *o, struct mm_reached reached)
{
	static const enum kind kinds[] = {
		[MM_FAULT] = FAULT, [MM_OTHER] = OTHER, [MM_NONE] = NIL, [MM_FRAME] = FRAME,
		[MM_AREA_PAGE] = AREA_PAGE, [MM_VMA_PAGE] = VMA_PAGE };

	o->kind = kinds[reached.kind];
	o->name = reached.name;
	o->page = reached.page;
	o->value = reached.value;
}`,
  },
].map(({ name, text }) => ({ name, text: text.trim() }));

export const RUNTIME = { shared: SHARED, helpers: HELPERS };
