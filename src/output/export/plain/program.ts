import type { Step } from '../../../../reference/calls/call.ts';
import { runsIn } from '../../../../reference/calls/spaces.ts';
import { printStep } from '../../../../reference/notation/print.ts';
import { UsageError } from '../../../common/errors.ts';
import { commentOf } from '../c/comment.ts';
import { PLAIN } from '../c/dialect.ts';
import { Lists } from '../c/lists.ts';
import { quoted } from '../c/text.ts';
import { namesUsed, uses } from '../c/uses.ts';
import { verdict } from '../c/verdict.ts';
import { type Exhibit, type Export, essential, identifier, showsDirectMap } from '../exhibit.ts';
import { isAnswerable, questionOf } from '../question.ts';
import { guarded } from './calls/call.ts';
import { PLAIN_CALLS } from './calls/index.ts';
import { PROVIDED, RUNTIME } from './runtime.ts';

const VERDICT = (allowed: string, sentence: string): string => `	show(&seen[JUDGED], text);
	if (!conclusive()) {
		printf("inconclusive: the run did not follow the trace\\n");
		return 2;
	}
	if (!allowed(&seen[JUDGED])) {
		printf("violated: %s => %s; allowed: %s\\n", steps[JUDGED].text, text, ${quoted(allowed)});
		printf("%s\\n", ${quoted(sentence)});
		return 1;
	}
`;

/** The statements of a step, which run in a child if the step does. */
const inItsSpace = (step: Step, text: string): string =>
  runsIn(step) < 0 ? text : `mm_enter_child(true);\n\t${text}\n\tmm_enter_child(false);`;

function write(exhibit: Exhibit): string {
  const trace = essential(exhibit);
  const { steps, blocks } = trace.program;
  if (blocks.length > 0)
    throw new UsageError(
      'plain C cannot run the CPUs of a parallel block at the same time; --as kmod, kunit and vitest run it, trace, program and markdown write it down',
    );
  const { violation, header } = exhibit;
  if (violation?.seen.kind === 'warn')
    throw new UsageError('plain C cannot see warnings in a kernel log; --as kmod and kunit watch the log');
  if (showsDirectMap(exhibit))
    throw new UsageError(
      'plain C does not look at the direct map; --as vitest, trace, program and markdown can express it',
    );
  const lists = new Lists();
  const bodies = steps.map((step) => guarded(step, inItsSpace(step, PLAIN_CALLS[step.call.name].write(step, lists))));
  const text = bodies.join('\n');
  const prototypes = [...new Set(steps.map((step) => PLAIN_CALLS[step.call.name].prototype))];
  const hole = uses(steps, 'hole');
  const spaces = namesUsed(steps, 'm');
  const question = questionOf(exhibit);
  const name = identifier(exhibit);
  const parts = [
    `${commentOf(exhibit)}
/*
 * This program in plain C, for implementations outside Linux. Provide the functions that are declared below, then
 *
 *	cc -o ${name} ${name}.c yours.c && ./${name}
 *
 * It prints "ok" and exits with 0, prints what is violated and exits with 1, or exits with 2 if the run is inconclusive.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>`,
    PROVIDED,
    ...prototypes,
    ...(hole ? ['/* An address that is never handed out. */\nuint64_t mm_hole(void);'] : []),
    ...(text.includes('mm_enter_child(')
      ? [
          '/* Until mm_enter_child(false), calls run in the child and its address space. */\nvoid mm_enter_child(bool enter);',
        ]
      : []),
    ...(text.includes('mm_dont_copy(')
      ? [
          '/* A fork leaves out the VMA that starts at the address. */\nvoid mm_dont_copy(unsigned int cpu, uint64_t vma);',
        ]
      : []),
    `enum { CPUS = ${1 + Math.max(0, ...steps.map((step) => step.cpu))}, FRAMES = ${trace.program.frames}, PAGE_SIZE = ${header.page}, STEPS = ${steps.length}, AREAS = ${namesUsed(steps, 'a')}, VMAS = ${namesUsed(steps, 'v')}${spaces > 0 ? `, SPACES = ${spaces}` : ''} };
enum { JUDGED = ${question.step} };	/* the step whose answer is judged, counted from 0 */`,
    RUNTIME.shared,
    ...Object.entries({ a: 'AREAS', v: 'VMAS', m: 'SPACES' })
      .filter(([base]) => text.includes(`&${base}[`))
      .map(([base, length]) => `static struct named ${base}[${length}];`),
    ...(uses(steps, 'null') ? ['static struct named nil = { .bound = true };'] : []),
    ...(hole ? ['static struct named hole = { .bound = true };'] : []),
    ...RUNTIME.helpers.filter(({ name: helper }) => text.includes(`${helper}(`)).map((helper) => helper.text),
    lists.declarations(PLAIN.frame),
    ...bodies.map((body, i) => `static void step_${i + 1}(struct outcome *o)\n{\n\t${body}\n}`),
    `static const struct {
	void (*run)(struct outcome *o);
	const char *text;
} steps[STEPS] = {
${steps.map((step, i) => `\t{ step_${i + 1}, ${quoted(printStep(step))} },`).join('\n')}
};`,
    isAnswerable(question) ? verdict(exhibit, question, PLAIN) : '',
    `int main(void)
{
	char text[64];
	int i;

${hole ? '\thole.start = mm_hole();\n' : ''}	for (i = 0; i < STEPS; i++) {
		steps[i].run(&seen[i]);
		show(&seen[i], text);
		printf("%s => %s\\n", steps[i].text, text);
	}
${isAnswerable(question) ? VERDICT(question.words, question.sentence) : ''}	printf("ok\\n");
	return 0;
}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** `--as c`. */
export const PLAIN_C: Export = {
  summary: 'a C program that calls an implementation through plain functions, for kernels other than Linux',
  file: (exhibit) => `${identifier(exhibit)}.c`,
  write,
};
