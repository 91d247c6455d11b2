import { ALIAS_FLUSHED, FLUSH_KEEPS, FLUSH_KEEPS_USER } from '../../clauses/common.ts';
import { define } from '../call.ts';

export const vmUnmapAliases = define({
  name: 'vm_unmap_aliases',
  side: 'kernel',
  summary: 'unmaps outstanding lazy aliases in the vmap layer',
  parameters: [],
  outcomes: ['ok'],
  clauses: [ALIAS_FLUSHED, FLUSH_KEEPS, FLUSH_KEEPS_USER],
  end: (model) => model.kernel.flush(),
});
