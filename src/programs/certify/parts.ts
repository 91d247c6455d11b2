import type { Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { measure } from '../shrink/order.ts';
import type { Context } from '../shrink/pass.ts';
import { repair } from '../shrink/repair.ts';

/** Every choice of `count` of the numbers below `of`, in order. */
function* choices(count: number, of: number, from = 0): Iterable<readonly number[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (let first = from; first <= of - count; first++)
    for (const rest of choices(count - 1, of, first + 1)) yield [first, ...rest];
}

/** What is left of a program with blocks when steps are taken out of it, as far as calls still overlap; the shortest first. */
export function* partsOf(program: Program, context: Context): Iterable<Program> {
  const { steps } = program;
  const known = new Set<string>();
  for (let count = 2; count < steps.length; count++) {
    for (const kept of choices(count, steps.length)) {
      const left = steps.map((step, at): Step | undefined => (kept.includes(at) ? step : undefined));
      const part = repair(program, { steps: left, next: { at: 0, size: 0 }, whole: true }, context);
      if (!part || part.blocks.length === 0) continue;
      const { text } = measure(part, context.page);
      if (!known.has(text)) yield part;
      known.add(text);
    }
  }
}
