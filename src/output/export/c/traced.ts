import type { Trace } from '../../../../reference/judge/judge.ts';
import type { Outcome } from '../../../../reference/notation/outcome.ts';
import type { Dialect } from './dialect.ts';
import { kindOf, ownerOf } from './outcomes.ts';

/** C that compares the answers of a run with those of the trace. */

/**
 * The kinds of the answers before the judged step. Its answer means the same only if these are the same again; SKIPPED
 * stands for any.
 */
const tracedKinds = ({ program, outcomes }: Trace, judged: number): string[] =>
  outcomes.slice(0, judged).map((outcome, i) => (program.steps[i].call.returnsAnything ? 'SKIPPED' : kindOf(outcome)));

/** An answer as a C initialiser. An address has no value, since each run chooses its own. */
function initialiser(outcome: Outcome): string {
  const { kind, value, extra, text, note } = outcome;
  switch (kind) {
    case 'frame': {
      const { kind: whose, name, page } = ownerOf(value);
      return `{ .kind = ${whose}, .name = ${name}, .page = ${page}, .value = ${extra} }`;
    }
    case 'errno':
      return `{ .kind = ERRNO, .number = -${text}${note > 0 ? `, .left = ${note}` : ''} }`;
    case 'vmfault':
      return `{ .kind = VMFAULT, .number = VM_FAULT_${text} }`;
    case 'number':
      return `{ .kind = NUMBER, .number = ${value} }`;
    default:
      return `{ .kind = ${kindOf(outcome)} }`;
  }
}

/** With parallel blocks, what is allowed depends on the answers of all other steps, including later ones. */
function tracedAnswers({ program, outcomes }: Trace, judged: number): string {
  const rows = outcomes.map((outcome, i) =>
    i === judged || program.steps[i].call.returnsAnything ? '{ .kind = SKIPPED }' : initialiser(outcome),
  );
  return `/* The answers of the other steps in the trace; SKIPPED stands for any. */
static const struct outcome traced[STEPS] = {
${rows.map((row) => `\t${row},`).join('\n')}
};

/* Whether the answers are the same again: only then does an answer that is not allowed break the contract. */
static bool as_traced(void)
{
	unsigned int i;

	for (i = 0; i < STEPS; i++) {
		const struct outcome *was = &traced[i], *is = &seen[i];

		if (was->kind == SKIPPED || (was->kind == ADDRESS && is->kind == ADDRESS))
			continue;
		if (is->kind != was->kind || is->number != was->number || is->name != was->name ||
		    is->page != was->page || is->value != was->value || is->left != was->left)
			return false;
	}
	return true;
}`;
}

/** Without parallel blocks, what is allowed depends on the kinds of the answers before. */
function tracedBefore(trace: Trace, judged: number, byte: string): string {
  const kinds = tracedKinds(trace, judged);
  return `/* The kinds of the answers before the judged step in the trace; SKIPPED stands for any. */
static const ${byte} traced[JUDGED + 1] = {
${kinds.map((kind) => `\t${kind},`).join('\n')}${kinds.length > 0 ? '\n' : ''}\tSKIPPED
};

/* Whether the answers are the same again: only then does an answer that is not allowed break the contract. */
static bool as_traced(void)
{
	unsigned int i;

	for (i = 0; i <= JUDGED; i++)
		if (traced[i] != SKIPPED && traced[i] != seen[i].kind)
			return false;
	return true;
}`;
}

/** `as_traced()`: whether a run followed the trace, as far as the judged answer depends on it. */
export const asTraced = (trace: Trace, judged: number, { byte }: Dialect): string =>
  trace.program.blocks.length > 0 ? tracedAnswers(trace, judged) : tracedBefore(trace, judged, byte);
