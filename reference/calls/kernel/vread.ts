import { clause } from '../../clauses/clause.ts';
import type { Known } from '../../model/known.ts';
import { type Address, inArea } from '../../notation/address.ts';
import type { Choose } from '../call.ts';
import { define } from '../define.ts';
import { drawLatestArea, undefinedLookup } from './areas.ts';

const LIVE = clause(
  'VRD-1',
  'vread of an address in a live area reads the frame that is mapped there; it may leave out areas of vm_map_ram, and sparse areas.',
  'kernel-doc of vread(), vread_iter()',
);
const NONE = clause(
  'VRD-2',
  "vread of an address where nothing is mapped reads zeros, or nothing: never one of the program's frames.",
  'kernel-doc of vread(), vread_iter(): "memory holes"; mm/vmalloc.c, aligned_vread()',
);

/** Draws a word of an area or of its guard page, live or unmapped. */
function drawWord(known: Known, _drawn: readonly [], choose: Choose): Address | undefined {
  const area = drawLatestArea(known, choose);
  if (!area) return undefined;
  const word = choose.chance(70) ? 0 : 8 * choose.below(known.page / 8);
  return inArea(area.name, choose.below(area.pages + 1) * known.page + word);
}

export const vread = define({
  name: 'vread',
  side: 'kernel',
  summary: 'reads a word of the vmap layer as /proc/kcore does: through the page tables',
  noun: 'lookup',
  example: { steps: ['@0 a0 = vmap f5', '@0 vread a0'], outcome: 'f5' },
  effect: 'none',
  sees: 'tables',
  parameters: [{ name: 'addr', type: 'address', where: 'area' }],
  draw: { addr: drawWord },
  outcomes: ['frame', 'null', 'other'],
  clauses: [LIVE, NONE],
  effects: [LIVE],
  weight: 5,
  undefinedHere(known, step) {
    const { base, index } = step.args[0];
    const ofRam = base === 'a' && known.areas[index]?.origin === 'ram';
    if (ofRam && known.traits.vread_ram === 'undefined')
      return `vread of a${index} may read any area of vm_map_ram here`;
    return undefinedLookup(known, step);
  },
  end(model, step) {
    model.readTables(step.args[0], { live: LIVE, none: NONE, reads: true });
  },
});
