import { piece } from './piece.ts';

/** Finds a function that the kernel does not export. */
export const SYMBOL = piece(`
/* A function that the kernel does not export: a probe finds it. NULL if the kernel does not have it. */
static void *symbol(const char *name)
{
	struct kprobe probe = { .symbol_name = name };

	if (register_kprobe(&probe))
		return NULL;
	unregister_kprobe(&probe);
	return probe.addr;
}`);
