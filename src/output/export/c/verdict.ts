import { type Exhibit, essential } from '../exhibit.ts';
import type { Answerable } from '../question.ts';
import type { Dialect } from './dialect.ts';
import { casesOf } from './outcomes.ts';
import { apart, reuse } from './ranges.ts';
import { asTraced } from './traced.ts';

/**
 * C that judges one answer: `allowed()`, and `conclusive()`, which says whether the answer decides anything.
 * `order`: C that defines `in_order()`, for a trace with parallel blocks.
 */
export function verdict(exhibit: Exhibit, question: Answerable, dialect: Dialect, order?: string): string {
  const trace = essential(exhibit);
  const { step: judged, allowed } = question;
  const step = trace.program.steps[judged];
  const reused = reuse(step, allowed, dialect);
  const binds = allowed.some((outcome) => outcome.kind === 'address');
  const cases = casesOf(allowed);
  const conditions = ['as_traced()', ...(reused ? [`!${reused.condition}`] : []), ...(order ? ['in_order()'] : [])];
  return [
    ...(order ? [order] : []),
    ...(reused ? [reused.definition] : []),
    ...(binds ? [apart(trace, judged, allowed, exhibit.agreement.traits.guard, dialect)] : []),
    `/* Whether the contract allows an answer of the judged step. */
static bool allowed(const struct outcome *o)
{
	switch (o->kind) {
${cases}${cases === '' ? '' : '\n'}	default:
		return false;
	}
}`,
    asTraced(trace, judged, dialect),
    `/* Whether the answer of the judged step says anything about the contract. */
static bool conclusive(void)
{
	if (seen[JUDGED].kind == SKIPPED)
		return false;
	return allowed(&seen[JUDGED]) || (${conditions.join(' && ')});
}`,
  ].join('\n\n');
}
