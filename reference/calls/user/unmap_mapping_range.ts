import { clause } from '../../clauses/clause.ts';
import { COUNTING } from '../../clauses/common.ts';
import { type Known, MIXEDMAP } from '../../model/known.ts';
import type { KnownVma } from '../../model/known-space.ts';
import type { Removal } from '../../model/promises.ts';
import type { PageRange, SweptRange } from '../../model/user/vma.ts';
import type { Address } from '../../notation/address.ts';
import { inObject } from '../../notation/address.ts';
import { isPrivateCopy } from '../../notation/frame.ts';
import type { AnyArguments } from '../../notation/signature.ts';
import type { Step } from '../call.ts';
import { define } from '../define.ts';
import { OBJECT_PAGES, SIZE } from './vmas.ts';

const TABLES = clause(
  'UMR-1',
  'unmap_mapping_range unmaps, in every VMA of the object, all pages whose index lies in the range; without even_cows, all but private copies. No CPU reaches the frames that were there. A length of 0 means up to the end.',
  'kernel-doc of unmap_mapping_range()',
  { promises: 'unmaps' },
);
const KEEPS = clause(
  'UMR-2',
  'unmap_mapping_range leaves pages outside the range, and VMAs of other objects, as they are.',
  'kernel-doc of unmap_mapping_range()',
  { promises: 'keeps' },
);
const COWS = clause(
  'UMR-3',
  'unmap_mapping_range without even_cows keeps private copies mapped.',
  'kernel-doc of unmap_mapping_range(), @even_cows',
  { promises: 'keeps' },
);
const ACCESS = clause(
  'UMR-4',
  'When unmap_mapping_range returns, no CPU uses an old translation of the range.',
  'mm/memory.c, unmap_mapping_range_tree()',
  { promises: 'flushes', where: { user_tlb: 'before-return' } },
);
const COUNTS = clause(
  'UMR-5',
  'unmap_mapping_range drops the references and map counts that insertions took, and no others.',
  'mm/memory.c, zap_pte_range()',
  { promises: 'counts', needs: COUNTING },
);

const ROUNDS = clause(
  'UMR-6',
  'unmap_mapping_range rounds the start of the range down to whole pages, and the length up, independently of each other.',
  'kernel-doc of unmap_mapping_range(), @holebegin, @holelen',
  { promises: 'unmaps' },
);

const REMOVAL: Removal = { tables: TABLES, access: ACCESS, keeps: KEEPS, counts: COUNTS };
/** The same for a page that is in the range only because of how its start and its length are rounded. */
const REMOVAL_ROUNDED: Removal = { ...REMOVAL, tables: ROUNDS };

type HoleStep = Step<readonly [object: Address, size: number, ...rest: AnyArguments]>;

/** The pages of the object that a step names. */
interface Hole {
  readonly first: number;
  /** 0: up to the end. */
  readonly pages: number;
  /** Whether the start was rounded down, and whether the length was rounded up. */
  readonly startRounded: boolean;
  readonly lengthRounded: boolean;
}

function holeOf(known: { page: number }, step: HoleStep): Hole {
  const { offset } = step.args[0];
  const size = step.args[1];
  return {
    first: Math.floor(offset / known.page),
    pages: Math.ceil(size / known.page),
    startRounded: offset % known.page !== 0,
    lengthRounded: size % known.page !== 0,
  };
}

/**
 * The pages of a VMA whose index lies in the range. The indices of a private remap are frame numbers, which are larger
 * than all others: only a range up to the end hits it.
 */
function hit(vma: { index: number; pages: number }, { first, pages }: Hole): PageRange {
  if (vma.index < 0) return { from: 0, to: pages === 0 ? vma.pages : 0 };
  const from = Math.max(first - vma.index, 0);
  const to = pages === 0 ? vma.pages : Math.min(first + pages - vma.index, vma.pages);
  return { from, to: Math.max(from, to) };
}

/** The same, with what is promised about each page: those at the ends may be hit only because of the rounding. */
function sweptRanges(vma: { index: number; pages: number }, hole: Hole): readonly SweptRange[] {
  const { from, to } = hit(vma, hole);
  const { first, pages, startRounded, lengthRounded } = hole;
  if (from === to || !(startRounded || lengthRounded)) return [{ from, to, removal: REMOVAL }];
  const start = startRounded && vma.index + from === first ? from + 1 : from;
  const end = pages > 0 && vma.index + to === first + pages ? Math.max(start, to - 1) : to;
  return [
    { from, to: start, removal: REMOVAL_ROUNDED },
    { from: start, to: end, removal: REMOVAL },
    { from: end, to, removal: REMOVAL_ROUNDED },
  ];
}

/** Whether the step leaves private copies mapped: it does not say `even_cows`. */
const keepsCopies = ({ args: [, , flags] }: HoleStep): boolean => flags === undefined;

/** A VMA of any address space that may have an inserted page in the range. */
function vmaWithInserted(known: Known, step: HoleStep): KnownVma | undefined {
  const hole = holeOf(known, step);
  const spaces = [known, ...known.spaces];
  return spaces
    .flatMap((space) => space?.liveVmas ?? [])
    .find((vma) => {
      if (vma.object !== step.args[0].index || (vma.kinds & MIXEDMAP) === 0) return false;
      const { from, to } = hit(vma, hole);
      return vma.perhaps.subarray(from, to).includes(1);
    });
}

const objectOf = (known: Known, choose: { below(n: number): number }): KnownVma | undefined =>
  known.liveVmas.length === 0 ? undefined : known.liveVmas[choose.below(known.liveVmas.length)];

export const unmapMappingRange = define({
  name: 'unmap_mapping_range',
  side: 'user',
  summary: 'unmaps a range of an object from all VMAs that map it',
  noun: 'unmapping',
  example: {
    steps: ['@0 v0 = mmap o0 2 mixedmap shared', '@0 vm_insert_page v0 v0 f1', '@0 unmap_mapping_range o0 0x1000'],
  },
  effect: 'empties',
  sees: 'nothing',
  parameters: [
    { name: 'object', type: 'object' },
    SIZE,
    { name: 'flags', type: 'flags', optional: true, choices: ['even_cows'], often: 50 },
  ],
  draw: {
    object(known, _drawn, choose) {
      const vma = objectOf(known, choose);
      if (!vma) return undefined;
      const page = Math.max(vma.index, 0) + (choose.chance(50) ? 0 : choose.below(vma.pages));
      const within = choose.chance(5) ? choose.below(known.page) : 0;
      return inObject(vma.object, page * known.page + within);
    },
    size(known, _drawn, choose) {
      if (choose.chance(15)) return 0;
      const size = (1 + choose.below(choose.chance(50) ? 2 : 16)) * known.page;
      return choose.chance(5) ? size - choose.below(known.page) : size;
    },
  },
  outcomes: ['ok'],
  clauses: [TABLES, KEEPS, COWS, ACCESS, COUNTS, ROUNDS],
  effects: [TABLES, ACCESS, COUNTS, ROUNDS],
  weight: 10,
  undefinedHere(known, step) {
    const object = step.args[0];
    if (object.index > 7) return 'objects are o0 to o7';
    const { first, pages } = holeOf(known, step);
    if (first < 0 || first + pages > OBJECT_PAGES) return `an object has ${OBJECT_PAGES} pages`;
    if (known.traits.unmap_inserted !== 'undefined' || !keepsCopies(step)) return undefined;
    if (known.stayed & (1 << object.index))
      return `without even_cows, inserted pages of o${object.index} may stay mapped here`;
    const vma = vmaWithInserted(known, step);
    return vma && `without even_cows, inserted pages of v${vma.name} may stay mapped here`;
  },
  // Another lane may insert pages meanwhile.
  standsAlone: (step, { unmap_inserted }) => unmap_inserted === 'undefined' && keepsCopies(step),
  predict(known, step) {
    const { index } = step.args[0];
    const all = !keepsCopies(step);
    const hole = holeOf(known, step);
    for (const vma of known.liveVmas) {
      if (vma.object !== index) continue;
      const { from, to } = hit(vma, hole);
      if (vma.shared || all) vma.perhaps.fill(0, from, to);
    }
  },
  effectsAtCall: true,
  end(model, step) {
    const { index } = step.args[0];
    const all = !keepsCopies(step);
    const hole = holeOf(model, step);
    const { first, pages, startRounded, lengthRounded } = hole;
    const spare = all ? undefined : isPrivateCopy;
    model.sweep({ object: index, ranges: (vma) => sweptRanges(vma, hole), spare });
    // Only if the end is rounded by itself, the page after the range may be hit.
    const page = { object: index, index: first + pages, clause: ROUNDS };
    model.user.keep(KEEPS, {
      ...(all ? {} : { copies: COWS }),
      ...(pages > 0 && (startRounded || lengthRounded) ? { page } : {}),
    });
  },
});
