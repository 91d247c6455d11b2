import type { Parts } from './parts.ts';

/** Running the program, undoing it, and running it again. */

export function undo({ areas, vmas }: Parts): string {
  const unmapAreas = areas ? '\tfor (i = 0; i < AREAS; i++)\n\t\tif (a[i].live)\n\t\t\tunmap(&a[i]);\n' : '';
  const unmapVmas = vmas
    ? '\tfor (i = 0; i < VMAS; i++)\n\t\tif (v[i].live)\n\t\t\tvm_munmap(v[i].start, (unsigned long)v[i].pages << PAGE_SHIFT);\n'
    : '';
  return `/* Takes back what the program left mapped. */
static void undo(void)
{
${areas || vmas ? '\tunsigned int i;\n\n' : ''}${unmapAreas}${unmapVmas}}`;
}

/** Runs it all, more than once where that is asked for. */
export function repeat({ fromBlocks, overlap, log }: Parts): string {
  const watch = `	ret = watch();
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

${log ? watch : ''}${overlap ? '\tarm_points(true);\n' : ''}	for (n = 0; n < times && !ret; n++) {
		ret = begin();
		if (ret)
			break;
${fromBlocks ? '\t\tatomic_set(&levelled, 0);\n' : ''}		ret = run_program(n > 0);
		undo();
${log ? '\t\tif (!ret)\n\t\t\tret = warned(n > 0);\n' : ''}		end();
	}
${overlap ? '\tarm_points(false);\n' : ''}${log ? '\tunwatch();\n' : ''}	if (ret < 0)
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
