import { clause } from '../../clauses/clause.ts';
import { COUNTING, FAILURE, MAPS } from '../../clauses/common.ts';
import type { Mapping } from '../../model/promises.ts';
import type { Traits } from '../../profiles/traits.ts';
import { define } from '../define.ts';
import { beginMap, endEmpty, endMap, failedToMap, PAGES, predictEmpty } from './areas.ts';

const ZERO = clause('VMAP-2', 'vmap of no pages returns NULL.', 'mm/vmalloc.c, vmap()', {
  where: { zero_vmap: 'null' },
});
const COUNTS = clause(
  'VMAP-4',
  'vmap does not change the reference and map counts of the pages.',
  'mm/vmalloc.c, vmap()',
  { promises: 'counts', needs: COUNTING },
);
const NULL_ENTRY = clause(
  'VMAP-5',
  'vmap of a list with a NULL pointer returns NULL.',
  'mm/vmalloc.c, vmap_pages_pte_range()',
  { rare: 'warning' },
);
const PUT = clause(
  'VMAP-7',
  'With VM_MAP_PUT_PAGES, a vmap that succeeds passes one reference of each page to the area, and vfree drops exactly these references.',
  'kernel-doc of vmap(), VM_MAP_PUT_PAGES',
  { promises: 'counts', needs: COUNTING },
);
const READ_ONLY = clause(
  'VMAP-10',
  'No CPU can write to an area that vmap has mapped with PAGE_KERNEL_RO.',
  'kernel-doc of vmap(), @prot: "page protection for the mapping"',
  { needs: ['write'] },
);

type Flags = readonly string[] | undefined;

/** Whether a vmap is given a flag. */
const has = (flags: Flags, flag: 'null' | 'put_pages' | 'read_only'): boolean => flags?.includes(flag) ?? false;

const MAPPING: Mapping = { origin: 'vmap', maps: MAPS };

/** What a vmap with these flags promises. */
function mappingOf(flags: Flags): Mapping {
  if (flags === undefined) return MAPPING;
  const readOnly = has(flags, 'read_only') ? { readOnly: READ_ONLY } : {};
  return { origin: has(flags, 'put_pages') ? 'put' : 'vmap', maps: MAPS, ...readOnly };
}

/** Whether it is specified who can write to an area: an area that several calls share has one permission. */
const protects = ({ alias, single_page, tlb }: Traits): boolean =>
  alias !== 'same-address' && single_page !== 'permanent' && tlb !== 'caller';

export const vmap = define({
  name: 'vmap',
  side: 'kernel',
  summary: 'maps pages contiguously into kernel-virtual space',
  noun: 'mapping',
  example: { steps: ['@0 a0 = vmap f0 f1'] },
  effect: 'makes',
  origin: 'vmap',
  sees: 'nothing',
  parameters: [
    PAGES,
    {
      name: 'flags',
      type: 'flags',
      optional: true,
      choices: ['put_pages', 'read_only', 'null'],
      abilities: { read_only: 'vmap_flags', null: 'vmap_flags' },
      often: 8,
    },
  ],
  binds: 'a',
  outcomes: ['address', 'null'],
  clauses: [ZERO, COUNTS, NULL_ENTRY, PUT, READ_ONLY],
  effects: [],
  weight: 10,
  undefinedHere(known, { args: [frames, flags] }) {
    if (has(flags, 'read_only') && !protects(known.traits)) return 'a read-only vmap is not specified here';
    return frames.length === 0 && !has(flags, 'null') && known.traits.zero_vmap === 'undefined'
      ? 'vmap of no pages is undefined here'
      : undefined;
  },
  warns: ({ args: [, flags] }) => has(flags, 'null'),
  // Before it meets the NULL pointer, the call maps the pages in front of it, at an address that it never returns.
  standsAlone: ({ args: [, flags] }) => has(flags, 'null'),
  takes: (step) => step.args[0].length,
  lacksMemory: (model, step, outcome) => !has(step.args[1], 'null') && failedToMap(model, step, outcome),
  predict(known, { binds, args: [frames, flags] }) {
    const { origin } = mappingOf(flags);
    if (has(flags, 'null')) known.reserve(binds, origin);
    else if (frames.length > 0) known.map(binds, origin, frames, frames.length);
    else predictEmpty(known, binds, origin);
  },
  begin: (model, step, outcome) => beginMap(model, step, outcome, step.args[0], mappingOf(step.args[1])),
  end(model, step, outcome) {
    const [frames, flags] = step.args;
    if (has(flags, 'null')) {
      for (const frame of frames) model.count(frame, 0, 0, FAILURE);
      return model.expect(NULL_ENTRY, outcome.kind === 'null', () => 'null');
    }
    const mapping = mappingOf(flags);
    if (frames.length === 0 && model.traits.zero_vmap === 'address') return endEmpty(model, step, outcome, mapping);
    endMap(model, step, outcome, mapping, ZERO, has(flags, 'put_pages') ? PUT : COUNTS);
  },
});
