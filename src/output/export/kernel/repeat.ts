import type { Parts } from './parts.ts';

/** Runs the program, cleans up, and runs it again. */

/** `undo()`: unmaps what the program left mapped. */
export function undo({ areas, vmas, protects }: Parts): string {
  const restoreAreas = protects ? '\trestore_areas();\n' : '';
  const unmapAreas = areas ? '\tfor (i = 0; i < AREAS; i++)\n\t\tif (a[i].live)\n\t\t\tunmap(&a[i]);\n' : '';
  const unmapVmas = vmas
    ? '\tfor (i = 0; i < VMAS; i++)\n\t\tif (v[i].live)\n\t\t\tvm_munmap(v[i].start, (unsigned long)v[i].pages << PAGE_SHIFT);\n'
    : '';
  return `/* Unmaps what the program left mapped. */
static void undo(void)
{
${areas || vmas ? '\tunsigned int i;\n\n' : ''}${restoreAreas}${unmapAreas}${unmapVmas}}`;
}

/** `repeat()`: runs the program until it violates the contract. */
export function repeat({ fromBlocks, overlap, scheduled, log }: Parts): string {
  const watch = `	ret = watch();
	if (ret)
		return ret;
`;
  return `/*
 * Runs the program at most "times" times, until it violates the contract. Returns 1 for a violation, 0 for none, or a
 * negative errno.
 */
static int repeat(unsigned int times)
{
	unsigned int n;
	int ret = 0;

${log ? watch : ''}${overlap ? '\tuse_points(true);\n' : ''}	for (n = 0; n < times && !ret; n++) {
${scheduled ? '\t\tforced = n < FORCED_RUNS;\n' : ''}		ret = set_up();
		if (ret)
			break;
${fromBlocks ? '\t\tatomic_set(&fresh_blocks, 0);\n' : ''}		ret = run_program(n > 0);
		undo();
${log ? '\t\tif (!ret)\n\t\t\tret = warned(n > 0);\n' : ''}		tear_down();
	}
${overlap ? '\tuse_points(false);\n' : ''}${log ? '\tunwatch();\n' : ''}	if (ret < 0)
		pr_err("ended with error %d after %u runs\\n", ret, n);
	else if (ret)
		pr_info("violated in run %u\\n", n);
	else if (!conclusions)
		pr_info("inconclusive: none of %u runs followed the trace\\n", n);
	else if (n > 1)
		pr_info("not violated in %u runs, %u of them conclusive\\n", n, conclusions);
	return ret;
}`;
}
