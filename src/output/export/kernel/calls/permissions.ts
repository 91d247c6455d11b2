import type { Step } from '../../../../../reference/calls/call.ts';
import type { Address } from '../../../../../reference/notation/address.ts';
import { nameOf } from '../../c/text.ts';
import { ANSWER_ERRNO } from '../answers.ts';
import { piece } from '../piece.ts';
import { SYMBOL } from '../symbol.ts';
import { type KernelCalls, statement } from './call.ts';

/** Calls that change who can write to an area. */

const SET_VM_FLUSH_RESET_PERMS = piece(
  `
static void do_set_vm_flush_reset_perms(struct named *name, struct outcome *o)
{
	struct vm_struct *(*find)(const void *) = symbol("find_vm_area");
	struct vm_struct *area = name->bound && find ? find((void *)name->start) : NULL;

	if (!area)
		return;
	area->flags |= VM_FLUSH_RESET_PERMS;
	o->kind = OK;
}`,
  SYMBOL,
);

const SET_MEMORY = piece(
  `
static bool read_only[AREAS];

static void do_set_memory(struct named *area, const char *name, bool writable, struct outcome *o)
{
	int (*change)(unsigned long, int) = symbol(name);

	if (!area->bound || !change)
		return;
	read_only[area - a] = !writable;
	answer_errno(o, change(area->start, area->pages));
}

/* Pages that are read-only in the direct map must not be freed. */
static void restore_areas(void)
{
	int (*change)(unsigned long, int) = symbol("set_memory_rw");
	unsigned int i;

	for (i = 0; change && i < AREAS; i++) {
		if (a[i].live && read_only[i])
			change(a[i].start, a[i].pages);
		read_only[i] = false;
	}
}`,
  SYMBOL,
  ANSWER_ERRNO,
);

const setsMemory = (name: 'set_memory_ro' | 'set_memory_rw') => ({
  piece: SET_MEMORY,
  statement: ({ args: [area] }: Step<readonly [Address]>) =>
    statement('do_set_memory', nameOf(area), `"${name}"`, name === 'set_memory_rw'),
});

export const PERMISSION_CALLS = {
  set_vm_flush_reset_perms: {
    piece: SET_VM_FLUSH_RESET_PERMS,
    statement: ({ args: [area] }) => statement('do_set_vm_flush_reset_perms', nameOf(area)),
  },
  set_memory_ro: setsMemory('set_memory_ro'),
  set_memory_rw: setsMemory('set_memory_rw'),
} satisfies Partial<KernelCalls>;
