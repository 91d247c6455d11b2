import type { Step } from '../../../../reference/calls/call.ts';
import type { Address } from '../../../../reference/notation/address.ts';
import type { Outcome } from '../../../../reference/notation/outcome.ts';
import { casesOf, quoted } from '../verdict.ts';

/** Judging the offending step's answer, and saying so. */

/** Where an address that was given back may have been handed out again, an answer says nothing. */
export function reuse(step: Step, allowed: readonly Outcome[]): string {
  const address = step.args[0] as Address | undefined;
  const looks = step.call.outcomes.includes('frame') && (address?.base === 'a' || address?.base === 'v');
  if (!looks || allowed.some((outcome) => outcome.kind === 'frame')) return 'false';
  return `taken(&${address.base}[${address.index}], ${address.offset})`;
}

/** Whether something else of the program lies where an address of an area (`a`) or VMA (`v`) points. */
export const taken = (base: string): string => `/* Whether something else of the program lies there by now. */
static bool taken(const struct named *of, long offset)
{
	unsigned long addr = of->start + offset;
	unsigned int i;

	for (i = 0; i < ${base === 'a' ? 'AREAS' : 'VMAS'}; i++)
		if (&${base}[i] != of && ${base}[i].live && addr >= ${base}[i].start &&
		    addr < ${base}[i].start + ${base}[i].pages * PAGE_SIZE)
			return true;
	return false;
}`;

/** An address is right where it is aligned and apart from everything else. */
export function apart(step: Step): string {
  const base = step.call.binds!;
  const guard = step.call.origin === 'ram' || base === 'v' ? '0' : 'PAGE_SIZE';
  return `static bool apart(const struct outcome *o)
{
	struct named *r = &${base}[${step.binds}];
	unsigned long end = r->start + r->pages * PAGE_SIZE + ${guard};
	unsigned int i;

	if (r->start & ~PAGE_MASK || o->value)
		return false;
	for (i = 0; i < ${base === 'a' ? 'AREAS' : 'VMAS'}; i++)
		if (&${base}[i] != r && ${base}[i].live && ${base}[i].start < end &&
		    r->start < ${base}[i].start + ${base}[i].pages * PAGE_SIZE)
			return false;
	return true;
}
`;
}

/** Whether the steps of a block came in the order in which the answer is wrong. */
const inOrder = (
  pairs: readonly (readonly [number, number])[],
): string => `/* Steps that had returned before others of their block were called. */
static const u16 order[][2] = {
${pairs.map(([first, second]) => `\t{ ${first}, ${second} },`).join('\n')}${pairs.length === 0 ? '\t{ STEPS, STEPS },' : ''}
};

/* Whether the steps of the blocks came in that order, and in no other: what is allowed depends on it. */
static bool in_order(void)
{
	unsigned int i, j, k;

	for (i = 0; i < STEPS; i++) {
		for (j = 0; j < STEPS; j++) {
			bool before = false;

			if (!steps[i].block || steps[i].block != steps[j].block || steps[i].cpu == steps[j].cpu)
				continue;
			for (k = 0; k < ARRAY_SIZE(order); k++)
				before |= order[k][0] == i && order[k][1] == j;
			if (before != (returned[i] < called[j]))
				return false;
		}
	}
	return true;
}

`;

/** Judges the offending step. */
export function verdict(
  step: Step,
  allowed: readonly Outcome[],
  pairs: readonly (readonly [number, number])[] | undefined,
  asTraced: string,
): string {
  const cases = casesOf(allowed);
  const addresses = allowed.some((outcome) => outcome.kind === 'address');
  const over = reuse(step, allowed);
  return `${pairs ? inOrder(pairs) : ''}${over === 'false' ? '' : `${taken((step.args[0] as Address).base)}\n\n`}${addresses ? `${apart(step)}\n` : ''}/* What the contract allows the offending step to answer. */
static bool allowed(const struct outcome *o)
{
	switch (o->kind) {
${cases}${cases === '' ? '' : '\n'}	default:
		return false;
	}
}

${asTraced}

/* Whether its answer says anything. */
static bool conclusive(void)
{
	if (seen[JUDGED].kind == SKIPPED)
		return false;
	return allowed(&seen[JUDGED]) || (as_traced()${over === 'false' ? '' : ` && !${over}`}${pairs ? ' && in_order()' : ''});
}`;
}

/** Runs the program, prints what was answered and what follows. */
export function result(judged: boolean, watching: boolean, sentence: string, allowed: string): string {
  const verdictLines = judged
    ? `	show(&seen[JUDGED], text, sizeof(text));
	if (!conclusive()) {
		if (!quiet)
			pr_info("nothing known: what came before went another way than in the trace\\n");
		return 0;
	}
	conclusions++;
	if (!allowed(&seen[JUDGED])) {
		if (quiet)
			print_steps();
		pr_err("violated: %s => %s; allowed: %s\\n", steps[JUDGED].text, text, ${quoted(allowed)});
		pr_err("%s\\n", ${quoted(sentence)});
		return 1;
	}
	if (!quiet)
		pr_info("ok: %s => %s\\n", steps[JUDGED].text, text);
	return 0;`
    : `\tconclusions++;\n${watching ? '' : '\tif (!quiet)\n\t\tpr_info("ok\\n");\n'}	return 0;`;
  return `static unsigned int conclusions;	/* runs whose answers say something */

static void print_steps(void)
{
	char text[64];
	unsigned int i;

	for (i = 0; i < STEPS; i++) {
		show(&seen[i], text, sizeof(text));
		pr_info("%s => %s\\n", steps[i].text, text);
	}
}

/* 1 where the contract is violated, 0 where it is not, or an errno. */
static int run_program(bool quiet)
{
${judged ? '\tchar text[64];\n' : ''}	int ret = run_lanes();

	if (ret)
		return ret;
	if (!quiet)
		print_steps();
${verdictLines}
}`;
}
