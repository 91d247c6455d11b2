import { clause } from '../../clauses/clause.ts';
import { COUNTING, MAPS } from '../../clauses/common.ts';
import type { Mapping } from '../../model/promises.ts';
import { define } from '../define.ts';
import { beginMap, endMap, failedToMap, PAGES } from './areas.ts';

const COUNTS = clause(
  'RAM-2',
  'vm_map_ram and vm_unmap_ram do not change the reference and map counts of the pages.',
  'mm/vmalloc.c, vm_map_ram()',
  { promises: 'counts', needs: COUNTING },
);
const ZERO = clause('RAM-3', 'vm_map_ram of no pages returns NULL.', 'mm/vmalloc.c, vb_alloc(), since Linux 6.9', {
  of: 'linux',
  where: { zero_map_ram: 'null' },
  rare: 'warning',
});

const MAPPING: Mapping = { origin: 'ram', maps: MAPS };

export const vmMapRam = define({
  name: 'vm_map_ram',
  side: 'kernel',
  summary: 'maps pages for a short time, from per-CPU blocks',
  noun: 'mapping',
  example: { steps: ['@0 a0 = vm_map_ram f0 f1'] },
  effect: 'makes',
  origin: 'ram',
  sees: 'nothing',
  parameters: [PAGES],
  binds: 'a',
  outcomes: ['address', 'null'],
  clauses: [COUNTS, ZERO],
  effects: [],
  weight: 10,
  undefinedHere: (known, step) =>
    step.args[0].length === 0 && known.traits.zero_map_ram === 'undefined'
      ? 'vm_map_ram of no pages is undefined here'
      : undefined,
  warns: (step) => step.args[0].length === 0,
  takes: (step) => step.args[0].length,
  lacksMemory: failedToMap,
  predict(known, step) {
    const frames = step.args[0];
    if (frames.length > 0) known.map(step.binds, 'ram', frames, frames.length);
    else known.reserve(step.binds, 'ram');
  },
  begin: (model, step, outcome) => beginMap(model, step, outcome, step.args[0], MAPPING),
  end: (model, step, outcome) => endMap(model, step, outcome, MAPPING, ZERO, COUNTS),
});
