/** What is around the steps: what a thread does before and after them, and what takes back what they left. */

export const HOLE = '\thole.start = PAGE_ALIGN(VMALLOC_START / 2 + VMALLOC_END / 2);\n';

/** The two addresses that are no name's. */
export function literals(code: string): string {
  const parts: string[] = [];
  if (code.includes('&nil')) parts.push('static struct named nil = { .bound = true };');
  if (code.includes('&hole'))
    parts.push('static struct named hole = { .bound = true };\t/* an address that nobody is given */');
  return parts.join('\n');
}

/** What each CPU's thread does before and after. */
export function entering(user: boolean, ram: boolean): string {
  const gather = ram
    ? `
static atomic_t levelled;

/* Blocks of vm_map_ram() are levelled on every CPU, and what that left behind is gone before the first step. */
static void enter_lane(void)
{
${user ? '\tkthread_use_mm(mm);\n' : ''}	level();
	if (atomic_inc_return(&levelled) == CPUS) {
		vm_unmap_aliases();
		atomic_set(&levelled, 2 * CPUS);
	}
	while (atomic_read(&levelled) < 2 * CPUS)
		cond_resched();
}`
    : `
static void enter_lane(void)
{
${user ? '\tkthread_use_mm(mm);\n' : ''}}`;
  return `${gather}

static void leave_lane(void)
{
${user ? '\tkthread_unuse_mm(mm);\n' : ''}}`.trim();
}

export function undo(kernel: boolean, user: boolean): string {
  const areas = kernel ? '\tfor (i = 0; i < AREAS; i++)\n\t\tif (a[i].live)\n\t\t\tunmap(&a[i]);\n' : '';
  const vmas = user
    ? '\tfor (i = 0; i < VMAS; i++)\n\t\tif (v[i].live)\n\t\t\tvm_munmap(v[i].start, (unsigned long)v[i].pages << PAGE_SHIFT);\n'
    : '';
  return `/* Takes back what the program left mapped. */
static void undo(void)
{
${areas || vmas ? '\tunsigned int i;\n\n' : ''}${areas}${vmas}}`;
}

/** Runs it all, more than once where that is asked for. */
export function repeat(has: { readonly ram: boolean; readonly blocks: boolean; readonly watching: boolean }): string {
  const watching = `	ret = watch();
	if (ret)
		return ret;
`;
  return `/*
 * Runs the program up to so many times, until it fails: 1 where the contract is violated, 0 where it is not, or an
 * errno.
 */
static int repeat(unsigned int times)
{
	unsigned int n;
	int ret = 0;

${has.watching ? watching : ''}${has.blocks ? '\tarm_points(true);\n' : ''}	for (n = 0; n < times && !ret; n++) {
		ret = begin();
		if (ret)
			break;
${has.ram ? '\t\tatomic_set(&levelled, 0);\n' : ''}		ret = run_program(n > 0);
		undo();
${has.watching ? '\t\tif (!ret)\n\t\t\tret = warned(n > 0);\n' : ''}		end();
	}
${has.blocks ? '\tarm_points(false);\n' : ''}${has.watching ? '\tunwatch();\n' : ''}	if (ret < 0)
		pr_err("ended with error %d after %u runs\\n", ret, n);
	else if (ret)
		pr_info("violated in run %u\\n", n);
	else if (!conclusions)
		pr_info("nothing known: none of %u runs went the way of the trace\\n", n);
	else if (n > 1)
		pr_info("not violated in %u runs, of which %u say something\\n", n, conclusions);
	return ret;
}`;
}
