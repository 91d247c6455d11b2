import type { Program } from '../../../reference/calls/valid.ts';
import { measure } from '../shrink/order.ts';
import type { Context } from '../shrink/pass.ts';
import { repair } from '../shrink/repair.ts';

/** Every choice of `count` numbers in [from, below), in ascending order. */
function* choices(count: number, below: number, from = 0): Iterable<readonly number[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (let first = from; first <= below - count; first++)
    for (const rest of choices(count - 1, below, first + 1)) yield [first, ...rest];
}

/** The program without each set of its steps, as long as calls still overlap. The shortest programs come first. */
export function* partsOf(program: Program, context: Context): Iterable<Program> {
  const { steps } = program;
  const seen = new Set<string>();
  for (let count = 2; count < steps.length; count++) {
    for (const kept of choices(count, steps.length)) {
      const left = steps.map((step, at) => (kept.includes(at) ? step : undefined));
      const part = repair(program, { steps: left, next: { at: 0, size: 0 }, whole: true }, context);
      if (!part || part.blocks.length === 0) continue;
      const { text } = measure(part, context.page);
      if (!seen.has(text)) yield part;
      seen.add(text);
    }
  }
}
