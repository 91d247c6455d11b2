import { clause } from '../../clauses/clause.ts';
import type { Known } from '../../model/known.ts';
import type { Model } from '../../model/model.ts';
import type { Mapping } from '../../model/promises.ts';
import type { Outcome } from '../../notation/outcome.ts';
import type { ParameterDescription } from '../call.ts';
import { define } from '../define.ts';
import {
  allocatedFrames,
  beginMap,
  endEmpty,
  MAX_ALLOCATION,
  pagesOfSize,
  predictEmpty,
  type SizeStep,
} from './areas.ts';

const MEMORY = clause(
  'VM-1',
  'vmalloc, vzalloc and vmalloc_user return virtually contiguous memory of at least the requested size, fully mapped, with a separate frame for each page.',
  'kernel-doc of vmalloc()',
  { promises: 'maps' },
);
const ZERO = clause(
  'VM-3',
  'vmalloc, vzalloc, vmalloc_user and vmalloc_huge of no bytes return NULL.',
  'mm/vmalloc.c, __vmalloc_node_range()',
  {
    where: { zero_vmap: 'null' },
    rare: 'warning',
  },
);

const MAPPING: Mapping = { origin: 'vmalloc', maps: MEMORY };

/** Memory that user VMAs can map. */
export const USER_MAPPING: Mapping = { ...MAPPING, forUser: true };

/** The size of an allocation. */
export const SIZE = { name: 'size', type: 'bytes' } as const satisfies ParameterDescription;

/** Why an allocation of this size is undefined here; undefined if it is defined. */
export const undefinedSize = (known: Known, step: SizeStep): string | undefined =>
  step.args[0] === 0 && known.traits.zero_vmap === 'undefined'
    ? 'an allocation of no bytes is undefined here'
    : step.args[0] > MAX_ALLOCATION * known.page
      ? `an allocation has at most ${MAX_ALLOCATION} pages`
      : undefined;

/** Whether `vmalloc` or `vzalloc` failed because it got no memory. */
export const failedToAllocate = (_model: Model, step: SizeStep, outcome: Outcome): boolean =>
  outcome.kind === 'null' && step.args[0] > 0;

/** What is known after `vmalloc` or `vzalloc`. */
export function predictMemory(known: Known, step: SizeStep, forUser = false): void {
  const frames = allocatedFrames(step, known.page);
  if (frames.length > 0) known.map(step.binds, 'vmalloc', frames, frames.length, forUser);
  else predictEmpty(known, step.binds, 'vmalloc');
}

/** Judges the return of `vmalloc` or `vzalloc`. */
export function endMemory(model: Model, step: SizeStep, outcome: Outcome, mapping = MAPPING): void {
  const frames = allocatedFrames(step, model.page);
  if (frames.length === 0 && model.traits.zero_vmap === 'address') return endEmpty(model, step, outcome, mapping);
  if (frames.length === 0) return model.expect(ZERO, outcome.kind === 'null', () => 'null');
  if (outcome.kind !== 'address') return;
  model.kernel.map(step.binds, outcome, frames, mapping);
  model.kernel.named[step.binds]!.bytes = step.args[0];
}

/** In a parallel block: `vmalloc` or `vzalloc` was called. */
export function beginMemory(model: Model, step: SizeStep, outcome: Outcome, mapping = MAPPING): void {
  beginMap(model, step, outcome, allocatedFrames(step, model.page), mapping);
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
  effects: [],
  weight: 10,
  undefinedHere: undefinedSize,
  warns: (step) => step.args[0] === 0,
  allocates: allocatedFrames,
  takes: pagesOfSize,
  lacksMemory: failedToAllocate,
  predict: (known, step) => predictMemory(known, step),
  begin: (model, step, outcome) => beginMemory(model, step, outcome),
  end: (model, step, outcome) => endMemory(model, step, outcome),
});
