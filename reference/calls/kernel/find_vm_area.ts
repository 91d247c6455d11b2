import { clause } from '../../clauses/clause.ts';
import type { Known } from '../../model/known.ts';
import { type Address, inArea } from '../../notation/address.ts';
import type { Choose } from '../call.ts';
import { define } from '../define.ts';
import { drawLatestArea, undefinedPermanent } from './areas.ts';

const FINDS = clause(
  'FVA-1',
  'find_vm_area of the first address of a live area finds that area, which has the pages that were mapped; an area of vm_map_ram may also have no descriptor.',
  'kernel-doc of find_vm_area(); include/linux/vmalloc.h, get_vm_area_size()',
);
const NONE = clause(
  'FVA-2',
  'find_vm_area finds no area of the program at an address where no live area starts.',
  'mm/vmalloc.c, find_vmap_area(); Linux dd3b8353bae7 "mm/vmalloc: do not keep unpurged areas in the busy tree"',
);

/** Draws the first address of an area, live or unmapped. */
function drawStart(known: Known, _drawn: readonly [], choose: Choose): Address | undefined {
  const area = drawLatestArea(known, choose);
  return area && inArea(area.name, 0);
}

export const findVmArea = define({
  name: 'find_vm_area',
  side: 'kernel',
  summary: 'looks up the descriptor of the area that starts at an address, and tells how many pages it has',
  noun: 'lookup',
  example: { steps: ['@0 a0 = vmap f5 f6', '@0 find_vm_area a0'], outcome: '2' },
  effect: 'none',
  sees: 'nothing',
  parameters: [{ name: 'addr', type: 'address', where: 'area' }],
  draw: { addr: drawStart },
  outcomes: ['number', 'null', 'other'],
  clauses: [FINDS, NONE],
  effects: [FINDS],
  weight: 5,
  undefinedHere(known, step) {
    const { base, index, offset } = step.args[0];
    const area = base === 'a' ? known.areas[index] : undefined;
    if (!area || area.pages === 0) return 'the address must be that of an area (a0)';
    const why = undefinedPermanent(known, area);
    if (why) return why;
    // Linux also finds the area that contains an address. Its documentation does not promise that.
    return offset === 0 ? undefined : 'an area must be named by its first address';
  },
  end(model, step) {
    model.kernel.find(step.args[0].index, { finds: FINDS, none: NONE });
  },
});
