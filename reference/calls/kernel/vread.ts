import { clause } from '../../clauses/clause.ts';
import { define } from '../call.ts';
import { undefinedLookup } from './areas.ts';

const LIVE = clause(
  'VRD-1',
  'vread of an address in a live area reads the frame that is mapped there; it may leave out areas of vm_map_ram.',
  'kernel-doc of vread(), vread_iter()',
);
const NONE = clause(
  'VRD-2',
  "vread of an address where nothing is mapped reads zeros, or nothing: never one of the program's frames.",
  'kernel-doc of vread(), vread_iter(): "memory holes"; mm/vmalloc.c, aligned_vread()',
);

export const vread = define({
  name: 'vread',
  side: 'kernel',
  summary: 'reads a word of the vmap layer as /proc/kcore does: through the page tables',
  noun: 'lookup',
  example: { steps: ['@0 a0 = vmap f5', '@0 vread a0'], outcome: 'f5' },
  effect: 'none',
  sees: 'tables',
  parameters: [{ name: 'addr', type: 'address', where: 'area' }],
  outcomes: ['frame', 'null', 'other'],
  clauses: [LIVE, NONE],
  effects: [LIVE],
  weight: 5,
  undefinedHere: undefinedLookup,
  end(model, step) {
    model.readTables(step.args[0], { live: LIVE, none: NONE, reads: true });
  },
});
