import type { Trace } from '../../../../reference/judge/judge.ts';
import type { Outcome } from '../../../../reference/notation/outcome.ts';
import type { Dialect } from './dialect.ts';
import { kindOf, ownerOf } from './outcomes.ts';

/** What the steps that are not in question answered in the trace, and whether a run answered the same. */

/**
 * The kinds of the answers before the offending one. Its answer means the same only where they are the same again;
 * SKIPPED stands for any.
 */
const tracedKinds = ({ program, outcomes }: Trace, judged: number): string[] =>
  outcomes.slice(0, judged).map((outcome, i) => (program.steps[i].call.returnsAnything ? 'SKIPPED' : kindOf(outcome)));

/** What a step answered, as a C initialiser; an address is the kernel's own choice each time. */
function initialiser(outcome: Outcome): string {
  const { kind, value, extra, text } = outcome;
  switch (kind) {
    case 'frame': {
      const { kind: whose, name, page } = ownerOf(value);
      return `{ .kind = ${whose}, .name = ${name}, .page = ${page}, .value = ${extra} }`;
    }
    case 'errno':
      return `{ .kind = ERRNO, .number = -${text} }`;
    case 'vmfault':
      return `{ .kind = VMFAULT, .number = VM_FAULT_${text} }`;
    case 'number':
      return `{ .kind = NUMBER, .number = ${value} }`;
    default:
      return `{ .kind = ${kindOf(outcome)} }`;
  }
}

/** Where steps overlap, what is allowed depends on every answer of the others, those of later lines too. */
function tracedAnswers({ program, outcomes }: Trace, judged: number): string {
  const rows = outcomes.map((outcome, i) =>
    i === judged || program.steps[i].call.returnsAnything ? '{ .kind = SKIPPED }' : initialiser(outcome),
  );
  return `/* What the other steps answered; SKIPPED: whatever. */
static const struct outcome traced[STEPS] = {
${rows.map((row) => `\t${row},`).join('\n')}
};

/* Whether they answered so again: only then what is not allowed breaks the contract. */
static bool as_traced(void)
{
	unsigned int i;

	for (i = 0; i < STEPS; i++) {
		const struct outcome *was = &traced[i], *is = &seen[i];

		if (was->kind == SKIPPED || (was->kind == ADDRESS && is->kind == ADDRESS))
			continue;
		if (is->kind != was->kind || is->number != was->number || is->name != was->name ||
		    is->page != was->page || is->value != was->value)
			return false;
	}
	return true;
}`;
}

/** One after the other, an answer depends on the kinds of the answers before it. */
function tracedBefore(trace: Trace, judged: number, byte: string): string {
  const kinds = tracedKinds(trace, judged);
  return `/* What the steps before it answered; SKIPPED: whatever. */
static const ${byte} traced[JUDGED + 1] = {
${kinds.map((kind) => `\t${kind},`).join('\n')}${kinds.length > 0 ? '\n' : ''}\tSKIPPED
};

/* Whether they answered so again: only then what is not allowed breaks the contract. */
static bool as_traced(void)
{
	unsigned int i;

	for (i = 0; i <= JUDGED; i++)
		if (traced[i] != SKIPPED && traced[i] != seen[i].kind)
			return false;
	return true;
}`;
}

/** `as_traced()`: whether a run went the way of the trace, as far as the answer in question depends on it. */
export const asTraced = (trace: Trace, judged: number, { byte }: Dialect): string =>
  trace.program.blocks.length > 0 ? tracedAnswers(trace, judged) : tracedBefore(trace, judged, byte);
