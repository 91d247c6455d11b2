import type { Program } from '../../reference/calls/valid.ts';
import { findInvalid } from '../../reference/calls/valid.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { Known } from '../../reference/model/known.ts';
import { parse } from '../../reference/notation/document.ts';
import type { Traits } from '../../reference/profiles/traits.ts';

/**
 * Programs in which one call is suspended wherever it can be, while another CPU makes one or two calls. They cover each
 * window between two changes of what CPUs share: a call that has done the first change and not the second one.
 */

/** A state, the calls to suspend there, and calls that another CPU makes meanwhile. */
interface Scene {
  readonly name: string;
  readonly setup: readonly string[];
  readonly suspended: readonly string[];
  /** One or two of these run while the call is suspended, in this order. */
  readonly meanwhile: readonly string[];
  /** Addresses that the other CPU reads after these calls. */
  readonly look: readonly string[];
  /** Steps after the block, by which damage shows. */
  readonly after: readonly string[];
}

/** What another CPU does to the kernel side. New areas have names from a20 on. */
const KERNEL = ['vm_unmap_aliases', 'a20 = vmap f40', 'a21 = vm_map_ram f41', 'a22 = vm_map_ram f42..f45'];
const MAP_AGAIN = ['vm_unmap_aliases', 'a30 = vmap f50..f59', 'a31 = vm_map_ram f60 f61 f62 f63', 'a32 = vmap f46'];

const reads = (...addresses: string[]): string[] => addresses.flatMap((at) => [`@0 read ${at}`, `@1 read ${at}`]);

/** A block of 16 pages with slots of four. `freed`: how many of its slots are unmapped. */
const block = (slots: number, freed: number): string[] => [
  ...Array.from({ length: slots }, (_, i) => `a${i} = vm_map_ram f${4 * i}..f${4 * i + 3}`),
  ...Array.from({ length: freed }, (_, i) => `vm_unmap_ram a${i} 4`),
];

const SCENES: readonly Scene[] = [
  {
    name: 'an area',
    setup: ['a0 = vmap f0 f1', '@1 read a0', 'a1 = vmap f2'],
    suspended: [
      'vunmap a0',
      'a10 = vmap f10 f11',
      'vm_unmap_aliases',
      'a10 = vmalloc 0x2000',
      'a10 = vm_map_ram f10 f11',
    ],
    meanwhile: ['vunmap a1', ...KERNEL],
    look: ['a0'],
    after: [...MAP_AGAIN, ...reads('a0', 'a1')],
  },
  {
    name: 'a lazy area',
    setup: ['a0 = vmap f0 f1', '@1 read a0', 'vunmap a0'],
    suspended: ['vm_unmap_aliases'],
    meanwhile: ['vm_unmap_aliases', 'a20 = vmap f40 f41', 'a21 = vm_map_ram f42'],
    look: ['a0'],
    after: [...MAP_AGAIN, ...reads('a0')],
  },
  {
    name: 'an area that is longer than a round of the arena',
    setup: ['a0 = vmap f0..f63 f0..f62', '@1 read a0'],
    suspended: ['vunmap a0'],
    meanwhile: ['a20 = vmap f40'],
    look: ['a0'],
    after: [...MAP_AGAIN, ...reads('a0')],
  },
  {
    name: 'memory',
    setup: ['a0 = vmalloc 0x2000', '@1 read a0', 'a1 = vzalloc 0x1000'],
    suspended: ['vfree a0', 'a10 = vzalloc 0x2000'],
    meanwhile: ['vfree a1', 'a20 = vmalloc 0x1000', 'vm_unmap_aliases', 'a21 = vmap f41'],
    look: ['a0'],
    after: [...MAP_AGAIN, ...reads('a0', 'a1')],
  },
  ...[2, 3].map((freed) => ({
    name: `a block that is used up, with ${freed} of 4 slots freed`,
    setup: [...block(4, freed), '@1 read a3'],
    suspended: ['vm_unmap_ram a3 4', 'vm_unmap_aliases'],
    meanwhile: freed === 2 ? ['vm_unmap_ram a2 4', ...KERNEL] : KERNEL,
    look: ['a3'],
    after: [...MAP_AGAIN, ...reads('a2', 'a3')],
  })),
  {
    name: 'a fragmented block',
    setup: [...block(3, 3), 'a3 = vm_map_ram f12 f13', '@1 read a3', 'vm_unmap_ram a3 2'],
    suspended: ['vm_unmap_aliases', 'a10 = vm_map_ram f10', 'a10 = vm_map_ram f10 f11 f12 f13'],
    meanwhile: KERNEL,
    look: ['a3'],
    after: [...MAP_AGAIN, ...reads('a2', 'a3')],
  },
  {
    name: 'a block that is in use',
    setup: [...block(3, 1), '@1 read a1'],
    suspended: ['vm_unmap_ram a1 4', 'a10 = vm_map_ram f10 f11 f12', 'vm_unmap_aliases'],
    meanwhile: ['vm_unmap_ram a2 4', ...KERNEL],
    look: ['a1'],
    after: [...MAP_AGAIN, ...reads('a1', 'a2')],
  },
  {
    name: 'almost too many lazy pages',
    setup: ['a0 = vmap f0..f57', '@1 read a0', 'a1 = vmap f1..f8', '@1 read a1', 'vunmap a0'],
    suspended: ['vunmap a1', 'vm_unmap_aliases'],
    meanwhile: ['a20 = vmap f40', 'vm_unmap_aliases', 'a21 = vmap f9..f40'],
    look: ['a0'],
    after: [...MAP_AGAIN, ...reads('a0', 'a1')],
  },
  {
    name: 'too many lazy pages on two CPUs',
    setup: ['a0 = vmap f0..f63', '@1 read a0', 'a1 = vmap f1..f63 f0 f0', '@1 read a1', '@1 read a1+0x8000'],
    suspended: ['vunmap a0'],
    meanwhile: ['vunmap a1', 'vm_unmap_aliases', 'a20 = vmap f40'],
    look: ['a0'],
    after: [...MAP_AGAIN, ...reads('a0', 'a1', 'a1+0x8000')],
  },
  {
    name: 'frames by number',
    setup: [
      'v0 = mmap o0 2 pfnmap shared remap=f0',
      'v1 = mmap o0 2 pfnmap shared remap=f2',
      '@1 read v0',
      '@1 read v1',
    ],
    suspended: [
      'munmap v0',
      'zap_vma_ptes v0 v0 0x2000',
      'unmap_mapping_range o0 0x2000',
      'v5 = mmap o0 2 pfnmap shared remap=f4',
    ],
    meanwhile: [
      'zap_vma_ptes v1 v1 0x2000',
      'unmap_mapping_range o0 0x1000',
      'vmf_insert_pfn v1 v1 f7',
      'v6 = mmap o1 1 plain shared',
    ],
    look: ['v0', 'v0+0x1000'],
    after: reads('v0', 'v0+0x1000', 'v1', 'v1+0x1000'),
  },
  {
    name: 'counted pages',
    setup: [
      'v0 = mmap o0 2 mixedmap shared',
      'vm_insert_page v0 v0 f0',
      'v1 = mmap o0 1 mixedmap shared',
      '@1 read v0',
    ],
    suspended: [
      'munmap v0',
      'unmap_mapping_range o0 0x0',
      'vm_insert_page v0 v0+0x1000 f3',
      'vm_insert_pages v0 v0 f1 f2',
    ],
    meanwhile: [
      'vm_insert_page v1 v1 f4',
      'vm_insert_page v0 v0+0x1000 f5',
      'unmap_mapping_range o0 0x1000',
      'munmap v1',
    ],
    look: ['v0'],
    after: [
      'unmap_mapping_range o0 0x0',
      'page_count f0',
      'page_count f3',
      'page_count f4',
      ...reads('v0', 'v0+0x1000'),
    ],
  },
  {
    name: 'private copies',
    setup: [
      'v0 = mmap o0 1 pfnmap private remap=f0',
      'v1 = mmap o1 1 plain private',
      'vm_insert_page v1 v1 f1',
      '@1 read v0',
    ],
    suspended: ['break_cow v0', 'break_cow v1', 'unmap_mapping_range o1 0x0 flags=even_cows', 'munmap v0'],
    meanwhile: [
      'unmap_mapping_range o1 0x0',
      'unmap_mapping_range o1 0x0 flags=even_cows',
      'zap_vma_ptes v0 v0 0x1000',
      'break_cow v1',
    ],
    look: ['v0'],
    after: ['page_count f1', ...reads('v0', 'v1')],
  },
];

/** The calls of the other CPU: each alone, and each followed by another one. */
function sequences(calls: readonly string[]): string[][] {
  const pairs = calls.flatMap((one) => calls.filter((other) => other !== one).map((other) => [one, other]));
  return [...calls.map((one) => [one]), ...pairs];
}

const onCpu = (cpu: number, step: string): string => (step.startsWith('@') ? step : `@${cpu} ${step}`);

/** A program and its name, which lists the suspended call and the calls of the other CPU. */
export interface Window {
  readonly name: string;
  readonly program: Program;
}

/** All programs that are defined under some traits. */
export function windows(traits: Traits): Window[] {
  return SCENES.flatMap(({ name, setup, suspended, meanwhile, look, after }) =>
    suspended.flatMap((call) =>
      sequences(meanwhile).flatMap((others): Window[] => {
        const reading = look.map((address) => `read ${address}`);
        const lanes = [onCpu(0, call), ...[...others, ...reading].map((step) => onCpu(1, step))];
        const steps = [
          ...setup.map((step) => onCpu(0, step)),
          'par',
          ...lanes,
          'end',
          ...after.map((step) => onCpu(0, step)),
        ];
        const text = `mmspec program 1\ncpus 2\nframes 64\n${steps.join('\n')}\n`;
        const { program } = parse(text, VOCABULARY).entries[0].trace;
        const defined = findInvalid(program, new Known(traits, program.cpus, program.frames)) === undefined;
        return defined ? [{ name: `${name}: ${call}; ${others.join('; ')}`, program }] : [];
      }),
    ),
  );
}
