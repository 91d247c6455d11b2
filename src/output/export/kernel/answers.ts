import { piece } from './piece.ts';

/** C functions that several calls use to record what they answered. */

export const ANSWER_ERRNO = piece(`
static void answer_errno(struct outcome *o, long ret)
{
	o->kind = ret < 0 ? ERRNO : NUMBER;
	o->number = ret;
}`);

export const ANSWER_ADDRESS = piece(`
static void answer_address(unsigned int name, void *addr, unsigned int pages, u8 origin, struct outcome *o)
{
	o->kind = addr ? ADDRESS : NIL;
	o->number = (unsigned long)addr;
	if (addr)
		bind_name(&a[name], (unsigned long)addr, pages, origin);
}`);

export const ANSWER_VMA = piece(
  `
static void answer_vma(unsigned int name, long ret, unsigned int pages, struct outcome *o)
{
	if (ret < 0 && ret >= -MAX_ERRNO)
		return answer_errno(o, ret);
	bind_name(&v[name], ret, pages, 0);
	o->kind = ADDRESS;
	o->number = ret;
}`,
  ANSWER_ERRNO,
);

/** Finds out which page a word belongs to. */
export const IDENTIFY = piece(`
static bool identify(u64 word, struct outcome *o)
{
	unsigned int id = word >> 20 & 0xfffff;

	if (word >> 40 != MAGIC || id >= nids)
		return false;
	o->kind = ids[id].kind;
	o->name = ids[id].name;
	o->page = ids[id].index;
	o->value = word & VALUE;
	return true;
}`);

/** Lets reads identify a page that a call allocated. */
export const ADOPT = piece(`
/* Holds a page that a call allocated, and stamps it through the direct map. */
static void adopt(struct page *page, enum kind kind, unsigned int name, unsigned int index)
{
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	if (nids < IDS) {
		get_page(page);
		ids[nids] = (struct ident){ page, kind, name, index };
		stamp(nids++);
	}
	spin_unlock(&lock);
}`);
