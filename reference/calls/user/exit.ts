import { clause } from '../../clauses/clause.ts';
import { COUNTING } from '../../clauses/common.ts';
import { define } from '../define.ts';
import { FORK_ABILITY } from '../spaces.ts';

const KEEPS = clause(
  'EXI-1',
  'exit of a child leaves the VMAs of all other address spaces, and what is mapped in them, as they are.',
  'mm/mmap.c, exit_mmap()',
  { promises: 'keeps' },
);
const COUNTS = clause(
  'EXI-2',
  'exit drops the references and map counts of everything that the child has mapped, and no others.',
  'mm/mmap.c, exit_mmap(); mm/memory.c, unmap_vmas()',
  { promises: 'counts', needs: COUNTING },
);

/** No step runs in the address space any more, so only counts, and what others still map, show what is left of it. */
const REMOVAL = { tables: COUNTS, access: undefined, keeps: KEEPS, counts: COUNTS };

export const exit = define({
  name: 'exit',
  side: 'user',
  summary: 'ends a child, and with it everything that is mapped in its address space',
  noun: 'exit',
  example: { steps: ['@0 m0 = fork', '@0 exit m0'], outcome: 'ok' },
  effect: 'exits',
  sees: 'nothing',
  parameters: [{ name: 'space', type: 'space' }],
  outcomes: ['ok'],
  clauses: [KEEPS, COUNTS],
  effects: [KEEPS, COUNTS],
  ability: FORK_ABILITY,
  weight: 4,
  sequential: true,
  predict: (known, step) => known.exitProcess(step.args[0].index),
  end: (model, step) => model.exit(step.args[0].index, REMOVAL),
});
