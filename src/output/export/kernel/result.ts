import { quoted } from '../c/text.ts';
import type { Question } from '../question.ts';
import type { Parts } from './parts.ts';

/** `run_program()`: runs the program once, prints the answers and the verdict. */
export function result({ allowed, words, sentence }: Question, { log }: Parts): string {
  const judged = allowed !== undefined;
  const verdictLines = judged
    ? `	show(&seen[JUDGED], text, sizeof(text));
	if (!conclusive()) {
		if (!quiet)
			pr_info("inconclusive: the run did not follow the trace\\n");
		return 0;
	}
	conclusions++;
	if (!allowed(&seen[JUDGED])) {
		if (quiet)
			print_steps();
		pr_err("violated: %s => %s; allowed: %s\\n", steps[JUDGED].text, text, ${quoted(words)});
		pr_err("%s\\n", ${quoted(sentence)});
		return 1;
	}
	if (!quiet)
		pr_info("ok: %s => %s\\n", steps[JUDGED].text, text);
	return 0;`
    : `\tconclusions++;\n${log ? '' : '\tif (!quiet)\n\t\tpr_info("ok\\n");\n'}	return 0;`;
  return `static unsigned int conclusions;	/* conclusive runs */

static void print_steps(void)
{
	char text[64];
	unsigned int i;

	for (i = 0; i < STEPS; i++) {
		show(&seen[i], text, sizeof(text));
		pr_info("%s => %s\\n", steps[i].text, text);
	}
}

/* Returns 1 for a violation, 0 for none, or a negative errno. */
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
