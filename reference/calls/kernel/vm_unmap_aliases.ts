import { ALIAS_FLUSHED, FLUSH_KEEPS, FLUSH_KEEPS_USER } from '../../clauses/common.ts';
import { define } from '../define.ts';

export const vmUnmapAliases = define({
  name: 'vm_unmap_aliases',
  side: 'kernel',
  summary: 'unmaps outstanding lazy aliases in the vmap layer',
  noun: 'flush',
  example: { steps: ['@0 vm_unmap_aliases'] },
  effect: 'flushes',
  sees: 'nothing',
  parameters: [],
  outcomes: ['ok'],
  clauses: [ALIAS_FLUSHED, FLUSH_KEEPS, FLUSH_KEEPS_USER],
  effects: [ALIAS_FLUSHED, FLUSH_KEEPS],
  weight: 10,
  end: (model) => model.kernel.flush(),
});
