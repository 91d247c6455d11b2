import { clause } from '../../clauses/clause.ts';
import { UNMAP_KEEPS } from '../../clauses/common.ts';
import type { Removal } from '../../model/promises.ts';
import type { Traits } from '../../profiles/traits.ts';
import { define } from '../define.ts';
import { beginUnmap, cannotUnmap, endUnmap, predictUnmap, warnsOfUnmap } from './areas.ts';
import { cannotFree } from './permissions.ts';
import { RESET_FLUSHES, RESET_WRITABLE } from './set_vm_flush_reset_perms.ts';
import { vmap } from './vmap.ts';

const NULL_IGNORED = clause(
  'VM-5',
  'vfree of NULL, or of an address that no call returned, changes nothing.',
  'kernel-doc of vfree()',
);
const TABLES = clause(
  'VM-6',
  'When vfree returns, the page-table entries of the area are gone.',
  'mm/vmalloc.c, vfree()',
  { promises: 'unmaps', needs: ['vmalloc_to_page'] },
);
const OUTLIVES = clause(
  'RVR-3',
  'Pages of an area that are mapped in user VMAs stay mapped there when vfree frees the area, and keep their contents.',
  'kernel-doc of vfree(): "the physical pages will not be freed until the last user goes away"',
  { promises: 'keeps' },
);
/** What vfree does with an address that no call returned. */
const unknownTo = ({ vfree_unknown: own, unmap_unknown: shared }: Traits): string =>
  own === 'as-vunmap' ? shared : own;

const PUT = vmap.clauses.find((known) => known.id === 'VMAP-7')!;

const REMOVAL: Removal = { tables: TABLES, access: undefined, keeps: UNMAP_KEEPS, counts: PUT };
/** The same for an area with VM_FLUSH_RESET_PERMS. */
const RESET_REMOVAL: Removal = { ...REMOVAL, access: RESET_FLUSHES };

export const vfree = define({
  name: 'vfree',
  side: 'kernel',
  summary: 'frees memory of vmalloc, or an area of vmap that owns its pages',
  noun: 'unmapping',
  example: { steps: ['@0 a0 = vmalloc 0x1000', '@0 vfree a0'] },
  effect: 'ends',
  sees: 'nothing',
  parameters: [{ name: 'area', type: 'area', origins: ['vmalloc', 'put'] }],
  outcomes: ['ok'],
  clauses: [NULL_IGNORED, TABLES, OUTLIVES, RESET_FLUSHES, RESET_WRITABLE],
  effects: [TABLES],
  weight: 10,
  undefinedHere(known, { args: [area] }) {
    const why = cannotUnmap(known, area, ['vmalloc', 'put'], true, unknownTo(known.traits));
    const frees = area.base === 'a' && (area.offset === 0 || known.traits.unmap_interior === 'whole');
    return why ?? (frees ? cannotFree(known.areas[area.index]!) : undefined);
  },
  warns: warnsOfUnmap,
  predict: predictUnmap,
  claims: 'own',
  begin: beginUnmap,
  end(model, step, outcome) {
    const { base, index } = step.args[0];
    const life = base === 'a' ? model.kernel.named[index] : undefined;
    endUnmap(model, step, life?.resets ? RESET_REMOVAL : REMOVAL, NULL_IGNORED);
    if (life?.removal === RESET_REMOVAL)
      model.expect(RESET_WRITABLE, outcome.note < 0, () => 'ok: the direct map can be written to');
    if (life?.inUser && model.mapsInUser(life.frames)) model.user.keep(OUTLIVES);
  },
});
