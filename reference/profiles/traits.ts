/** A point on which conforming implementations differ, with its choices. The first choice is the documented one. */
export interface Trait {
  readonly name: string;
  readonly summary: string;
  readonly choices: Readonly<Record<string, string>>;
}

const define = <const T extends readonly Trait[]>(...traits: T): T => traits;

/**
 * The points on which conforming implementations differ, each with its choices. The first choice is the documented one.
 *
 * @example
 * ```ts
 * import { TRAITS } from 'mmspec';
 *
 * const tlb = TRAITS.find(({ name }) => name === 'tlb');
 * console.log(Object.keys(tlb!.choices)); // [ 'lazy', 'before-return', ... ]
 * ```
 */
export const TRAITS = define(
  {
    name: 'tlb',
    summary: 'When the old translations of an unmapped kernel area are gone.',
    choices: {
      lazy: 'at the latest when a later vm_unmap_aliases returns, or the address is mapped again',
      'before-return': 'before the unmapping call returns',
      never: 'only when the address is mapped again; vm_unmap_aliases does not exist or does nothing',
      caller: 'on each CPU when it executes flush_tlb; a new mapping is certain to be seen only after that, too',
    },
  },
  {
    name: 'user_tlb',
    summary: 'When the old translations of unmapped user pages are gone.',
    choices: {
      'before-return': 'before the unmapping call returns',
      caller: 'on each CPU when it executes flush_tlb; a new mapping is certain to be seen only after that, too',
    },
  },
  {
    name: 'guard',
    summary: 'The page next to each area of vmap and vmalloc that is never mapped.',
    choices: { trailing: 'one page after the area', leading: 'one page before it', none: 'no such page' },
  },
  {
    name: 'alias',
    summary: 'A second kernel mapping of a frame that is already mapped.',
    choices: {
      allowed: 'works like the first',
      refused: 'the call returns NULL',
      'same-address':
        'returns the area that the same call made for the same list of frames; it is unmapped once each such call was undone',
    },
  },
  {
    name: 'single_page',
    summary: 'A mapping of one page of the pool.',
    choices: {
      area: 'an area in the window, like any other',
      permanent: 'the address of the page in a permanent map outside the window, where it stays mapped after unmapping',
    },
  },
  {
    name: 'zero_vmap',
    summary: 'vmap, vmalloc, vzalloc and get_vm_area of size 0.',
    choices: {
      null: 'return NULL',
      undefined: 'undefined behaviour',
      address: 'return an address, where nothing is mapped; it is given back like that of any other area',
    },
  },
  {
    name: 'zero_map_ram',
    summary: 'vm_map_ram of no pages.',
    choices: { undefined: 'undefined behaviour (BUG before Linux 6.9)', null: 'returns NULL' },
  },
  {
    name: 'unmap_unknown',
    summary: 'vunmap and vfree of an address that no call returned.',
    choices: { undefined: 'undefined behaviour', ignored: 'has no effect; a warning is allowed' },
  },
  {
    name: 'vfree_unknown',
    summary: 'vfree of an address that no call returned, where it differs from vunmap.',
    choices: {
      'as-vunmap': 'the same as for vunmap',
      undefined: 'undefined behaviour',
      ignored: 'has no effect; a warning is allowed',
    },
  },
  {
    name: 'unmap_interior',
    summary: 'vunmap and vfree of an address inside an area, after its first page.',
    choices: {
      undefined: 'undefined behaviour',
      ignored: 'has no effect; a warning is allowed',
      whole: 'unmaps the whole area',
    },
  },
  {
    name: 'unmap_null',
    summary: 'vunmap and vfree of NULL.',
    choices: { ignored: 'has no effect', undefined: 'undefined behaviour' },
  },
  {
    name: 'vread_ram',
    summary: 'vread of addresses that vm_map_ram hands out.',
    choices: {
      reads: 'reads what is mapped, or leaves them out',
      undefined: 'may read another page that vm_map_ram has mapped (Linux 6.12)',
    },
  },
  {
    name: 'zap_return',
    summary: 'What zap_vma_ptes returns.',
    choices: {
      int: '0 if successful, as documented; another value if it refused',
      void: 'nothing',
    },
  },
  {
    name: 'zap_mixedmap',
    summary: 'zap_vma_ptes on a VM_MIXEDMAP VMA.',
    choices: {
      ignored: 'has no effect, as documented',
      zapped: 'unmaps, as zap_special_vma_range does since Linux 7.1',
    },
  },
  {
    name: 'zap_checks',
    summary: 'What zap_vma_ptes checks before it unmaps.',
    choices: {
      all: 'the kind of the VMA, and that the range lies inside it, as documented',
      none: 'nothing: it unmaps the range in a VMA of any kind, and a range that leaves the VMA is undefined',
    },
  },
  {
    name: 'unmap_inserted',
    summary: 'unmap_mapping_range without even_cows on pages that vm_insert_page and its relatives inserted.',
    choices: {
      unmaps: 'unmaps them, as documented',
      undefined: 'may leave them mapped (Linux before 5.18)',
    },
  },
  {
    name: 'full_remap',
    summary: 'remap_pfn_range of a whole VMA that was remapped as a whole before, and zapped.',
    choices: { again: 'works like the first', once: 'refused with an errno until the VMA is gone (Linux 7 on x86)' },
  },
  {
    name: 'follow_outside',
    summary: 'follow_pfn of an address outside the VMA it names.',
    choices: { undefined: 'undefined behaviour', refused: '-EINVAL (Linux since 6.12)' },
  },
  {
    name: 'memory',
    summary: 'How much memory and address space a program may count on.',
    choices: {
      ample:
        '1024 pages, or as many as the target declares, and a sixteenth of each window: until then only fail_after makes a call fail',
      scarce: 'none: any allocation may fail',
    },
  },
);

/**
 * The name of a trait.
 *
 * @example
 * ```ts
 * import { TRAITS, type TraitName } from 'mmspec';
 *
 * const names: TraitName[] = TRAITS.map(({ name }) => name);
 * console.log(names.includes('zap_return')); // true
 * ```
 */
export type TraitName = (typeof TRAITS)[number]['name'];
/**
 * One choice for each trait.
 *
 * @example
 * ```ts
 * import { DOCUMENTED, type Traits } from 'mmspec';
 *
 * const eager: Traits = { ...DOCUMENTED, tlb: 'before-return' };
 * console.log(eager.guard === DOCUMENTED.guard); // true
 * ```
 */
export type Traits = Readonly<Record<TraitName, string>>;

/**
 * The documented choice of each trait.
 *
 * @example
 * ```ts
 * import { DOCUMENTED } from 'mmspec';
 *
 * console.log(DOCUMENTED.tlb, DOCUMENTED.zap_return); // lazy int
 * ```
 */
export const DOCUMENTED: Traits = Object.fromEntries(
  TRAITS.map((trait) => [trait.name, Object.keys(trait.choices)[0]]),
) as Traits;

/**
 * `base` with some choices replaced.
 * @throws Error naming what exists, where a trait or a choice is unknown.
 *
 * @example
 * ```ts
 * import { DOCUMENTED, withTraits } from 'mmspec';
 *
 * console.log(withTraits(DOCUMENTED, [['guard', 'none']]).guard); // none
 * ```
 */
export function withTraits(base: Traits, choices: Iterable<readonly [string, string]>): Traits {
  const result: Record<string, string> = { ...base };
  for (const [name, value] of choices) {
    const trait = TRAITS.find((known) => known.name === name);
    if (!trait) throw new Error(`unknown trait ${name}; there are: ${TRAITS.map((t) => t.name).join(', ')}`);
    const values = Object.keys(trait.choices);
    if (!values.includes(value)) throw new Error(`trait ${name} cannot be ${value}; it can be: ${values.join(', ')}`);
    result[name] = value;
  }
  return result as Traits;
}
