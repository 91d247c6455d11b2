import { clause } from '../../clauses/clause.ts';
import type { Known } from '../../model/known.ts';
import type { Model } from '../../model/model.ts';
import type { Outcome } from '../../notation/outcome.ts';
import { define, type ParameterDescription } from '../call.ts';
import { beginMap, broughtFrames, type SizeStep } from './areas.ts';

const MEMORY = clause(
  'VM-1',
  'vmalloc and vzalloc return virtually contiguous memory of at least the size asked for, fully mapped, each page its own.',
  'kernel-doc of vmalloc()',
);
const ZERO = clause('VM-3', 'vmalloc and vzalloc of no bytes return NULL.', 'mm/vmalloc.c, __vmalloc_node_range()', {
  where: { zero_vmap: 'null' },
});

/** The most pages that are asked for: each is kept track of. */
const MOST = 65536;

/** What `vmalloc` and `vzalloc` share. */
export const SIZE = { name: 'size', type: 'bytes' } as const satisfies ParameterDescription;

export const undefinedSize = (known: Known, step: SizeStep): string | undefined =>
  step.args[0] === 0 && known.traits.zero_vmap === 'undefined'
    ? 'an allocation of no bytes is undefined here'
    : step.args[0] > MOST * known.page
      ? `an allocation of more than ${MOST} pages is not asked for`
      : undefined;

export function predictMemory(known: Known, step: SizeStep): void {
  const frames = broughtFrames(step, known.page);
  if (frames.length > 0) known.map(step.binds, 'vmalloc', frames, frames.length);
  else known.reserve(step.binds, 'vmalloc');
}

export function endMemory(model: Model, step: SizeStep, outcome: Outcome): void {
  const frames = broughtFrames(step, model.page);
  if (frames.length === 0) return model.expect(ZERO, outcome.kind === 'null', () => 'null');
  if (outcome.kind === 'address') model.kernel.map(step.binds, outcome, frames, { origin: 'vmalloc', maps: MEMORY });
}

export function beginMemory(model: Model, step: SizeStep, outcome: Outcome): void {
  beginMap(model, step, outcome, broughtFrames(step, model.page), { origin: 'vmalloc', maps: MEMORY });
}

export const vmalloc = define({
  name: 'vmalloc',
  side: 'kernel',
  summary: 'allocates virtually contiguous memory',
  noun: 'allocation',
  example: { steps: ['@0 a0 = vmalloc 0x1001'] },
  effect: 'makes',
  origin: 'vmalloc',
  sees: 'nothing',
  parameters: [SIZE],
  binds: 'a',
  outcomes: ['address', 'null'],
  clauses: [MEMORY, ZERO],
  weight: 10,
  undefinedHere: undefinedSize,
  warns: (step) => step.args[0] === 0,
  brings: broughtFrames,
  predict: predictMemory,
  begin: beginMemory,
  end: endMemory,
});
