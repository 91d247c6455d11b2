import type { CallName } from '../../../reference/notation/names.ts';
import { type Check, exampleOf, mapper, runParts } from './check.ts';
import { NotApplicable, Note } from './reasons.ts';
import { SPARSE } from './sparse.ts';

const address = '/0x[0-9a-f]+/';

/** Checks of names, and of what reads and writes answer. */
export const MEMORY: readonly Check[] = [
  {
    name: 'names',
    sentence:
      'A step that needs a name that was never bound is skipped; a name stays bound after its area is unmapped.',
    async run(talk) {
      const { map, unmap } = mapper(talk);
      await talk.expect([
        '@0 read a0 => skipped',
        `@0 ${unmap('a3', 1)} => skipped`,
        `@0 a3 = ${map} f0 => ${address}`,
        '@0 read a3 => f0',
        '@0 read a0 => skipped',
        `@0 ${unmap('a3', 1)} => ok`,
        '@0 read a3 => /f0|fault|other/',
      ]);
    },
  },
  {
    name: 'frames',
    sentence:
      'A list of frames may have single frames, ranges and repeats; page i of the area maps frame i of the list.',
    async run(talk) {
      const { map } = mapper(talk);
      const { page, frames } = talk.manifest;
      if (frames < 8) throw new NotApplicable(`it has only ${frames} frames`);
      const list = ['f0', 'f0', 'f0', 'f4', 'f5', 'f6', 'f7', 'f2', 'f1'];
      const reads = list.map((frame, i) => `@0 read a0+0x${(i * page + 8 * i).toString(16)} => ${frame}`);
      await talk.expect([
        `@0 a0 = ${map} f0x3 f4..f7 f2 f1 => ${address}`,
        `@0 read a0 => f0`,
        ...reads.slice(1),
        `@0 read a0-${talk.bytes(1)} => /f[0-9]+|fault|other/`,
      ]);
    },
  },
  {
    name: 'words and values',
    sentence: 'write changes one 8-byte word and answers the frame without the value; reads answer the value too.',
    async run(talk) {
      const { map } = mapper(talk);
      talk.needs('write');
      const last = `0x${(talk.manifest.page - 1).toString(16)}`;
      await talk.expect([
        `@0 a0 = ${map} f3 => ${address}`,
        '@0 write a0 7 => f3',
        '@0 read a0 => f3:7',
        '@0 read a0+0x7 => f3:7',
        '@0 read a0+0x8 => f3',
        '@0 write a0 9 => f3',
        '@0 write a0+0xc 1048575 => f3',
        '@0 read a0+0x8 => f3:1048575',
        '@0 read a0 => f3:9',
        `@0 write a0+${last} 1 => f3`,
        `@0 read a0+${last} => f3:1`,
        '@0 write a0 0 => f3',
        '@0 read a0 => f3',
      ]);
    },
  },
  {
    name: 'programs are independent',
    sentence: 'Each program starts with nothing mapped, no name bound, and value 0 in every word of every frame.',
    async run(talk) {
      const { map } = mapper(talk);
      talk.needs('write');
      const before = [`@0 a0 = ${map} f3 f4`, '@0 write a0+0x40 7', '@0 read a0+0x40'];
      const after = ['@0 read a0 => skipped', `@0 a1 = ${map} f4 f3 => ${address}`];
      await talk.run(before);
      await talk.expect([
        ...after,
        `@0 read a1+0x${(talk.manifest.page + 0x40).toString(16)} => f3`,
        '@0 read a0 => skipped',
      ]);
    },
  },
  {
    name: 'unmapped addresses',
    sentence: 'An access to null or to the hole faults on every CPU; no page is faulted in.',
    async run(talk) {
      const lines: string[] = [];
      for (let cpu = 0; cpu < talk.manifest.cpus; cpu++)
        lines.push(`@${cpu} read null => fault`, `@${cpu} read hole => fault`, `@${cpu} read hole+0x8 => fault`);
      if (talk.manifest.calls.has('write')) lines.push('@0 write hole 3 => fault', '@0 write null 3 => fault');
      await talk.expect(lines);
    },
  },
  {
    name: 'every CPU',
    sentence: 'Every CPU that is announced executes steps.',
    async run(talk) {
      const { map } = mapper(talk);
      const cpus = Array.from({ length: talk.manifest.cpus }, (_, cpu) => cpu);
      await talk.expect([
        ...cpus.map((cpu) => `@${cpu} a${cpu} = ${map} f0 f1 => /0x[0-9a-f]+|null/`),
        ...cpus.map((cpu) => `@${cpu} read a0+0x8 => f0`),
      ]);
    },
  },
  {
    name: 'allocated memory',
    sentence: 'A read of memory from vmalloc answers the name of the area and the page in it.',
    async run(talk) {
      talk.needs('vmalloc', 'vfree');
      const { page, calls } = talk.manifest;
      const size = `0x${(2 * page + 1).toString(16)}`;
      const at = talk.bytes(2);
      const written = calls.has('write') ? [`@0 write a4+${at} 5 => a4:2`, `@0 read a4+${at} => a4:2:5`] : [];
      const zeroed = calls.has('vzalloc') ? [`@0 a5 = vzalloc ${size} => ${address}`, '@0 read a5 => a5:0'] : [];
      await talk.expect([
        `@0 a4 = vmalloc ${size} => ${address}`,
        '@0 read a4 => a4:0',
        `@0 read a4+${at} => a4:2`,
        ...written,
        ...zeroed,
        '@0 vfree a4 => ok',
      ]);
    },
  },
  ...SPARSE,
  {
    name: 'reallocated memory',
    sentence: 'Memory that vrealloc returns has the new name, and keeps the values of the words.',
    async run(talk) {
      talk.needs('vmalloc', 'vrealloc', 'write', 'vfree');
      const size = talk.bytes(1);
      await talk.expect([
        `@0 a0 = vmalloc ${size} => ${address}`,
        '@0 write a0+0x8 5 => a0:0',
        `@0 a1 = vrealloc a0 ${talk.bytes(2)} => ${address}`,
        '@0 read a1+0x8 => a1:0:5',
        `@0 read a1+${size} => a1:1`,
        '@0 a2 = vrealloc a1 0x0 => null',
        `@0 a3 = vrealloc null ${size} => ${address}`,
        '@0 read a3 => a3:0',
        '@0 vfree a3 => ok',
      ]);
    },
  },
  {
    name: 'permissions of areas',
    sentence: 'set_memory_ro makes writes fault, not reads, and set_memory_rw allows writes again.',
    async run(talk) {
      talk.needs('vmalloc', 'set_memory_ro', 'set_memory_rw', 'set_vm_flush_reset_perms', 'write', 'vfree');
      await talk.expect([
        `@0 a0 = vmalloc ${talk.bytes(1)} => ${address}`,
        '@0 write a0 7 => a0:0',
        '@0 set_memory_ro a0 => 0',
        '@0 write a0 8 => fault',
        '@0 read a0 => a0:0:7',
        '@0 set_memory_rw a0 => 0',
        '@0 write a0 8 => a0:0',
        '@0 read a0 => a0:0:8',
        '@0 set_vm_flush_reset_perms a0 => ok',
        '@0 set_memory_ro a0 => 0',
        '@0 vfree a0 => ok',
      ]);
    },
  },
  {
    name: 'windows',
    sentence: 'Addresses of areas and VMAs lie in the windows that are announced, and are page aligned.',
    async run(talk) {
      const { calls, page, windows } = talk.manifest;
      const makers = [
        'vmap',
        'vm_map_ram',
        'vmalloc',
        'vzalloc',
        'vmalloc_user',
        'vmalloc_huge',
        'get_vm_area',
        'mmap',
      ] as const;
      const steps = makers.filter((call) => calls.has(call)).flatMap((call) => exampleOf(talk, call));
      if (steps.length === 0 || windows.size === 0) throw new NotApplicable('it announces no window, or maps nothing');
      for (const step of steps) {
        const [at] = await talk.run([step]);
        const window = windows.get(step.includes(' = mmap ') ? 'user' : 'kernel');
        // Single pages may lie in a permanent map instead.
        if (!window || talk.manifest.traits.get('single_page') === 'permanent') continue;
        if (!/^0x[0-9a-f]+$/.test(at)) talk.fail('an address', `=> ${at}`);
        const place = BigInt(at) / BigInt(page);
        if (BigInt(at) % BigInt(page) !== 0n) talk.fail(`${step} => a page-aligned address`, `=> ${at}`);
        if (place < BigInt(window.start) || place >= BigInt(window.end))
          talk.fail(`${step} => an address in the window`, `=> ${at}`);
      }
    },
  },
  {
    name: 'VMAs',
    sentence: 'What is inserted into a VMA is read back, and each call on VMAs answers in its own way.',
    async run(talk) {
      talk.needs('mmap');
      const { calls, traits } = talk.manifest;
      const second = talk.bytes(1);
      const aligned = `/0x[0-9a-f]+${/0*$/.exec(second)![0]}/`;
      // A CPU that must flush first may not see a new mapping yet.
      const seen = (frame: string): string => (traits.get('user_tlb') === 'caller' ? `/${frame}|fault/` : frame);
      const programs: readonly (readonly [needed: readonly CallName[], ...lines: string[]])[] = [
        [
          ['remap_pfn_range'],
          `@0 v0 = mmap o0 2 pfnmap shared => ${address}`,
          `@0 remap_pfn_range v0 v0 f3 ${second} => 0`,
          `@0 read v0 => ${seen('f3')}`,
        ],
        [
          ['vmf_insert_pfn'],
          `@0 v0 = mmap o0 2 pfnmap shared => ${address}`,
          `@0 vmf_insert_pfn v0 v0+${second} f4 => NOPAGE`,
          `@0 read v0+${second} => ${seen('f4')}`,
        ],
        [
          ['vmf_insert_mixed'],
          `@0 v0 = mmap o0 2 mixedmap shared => ${address}`,
          `@0 vmf_insert_mixed v0 v0+${second} f2 => NOPAGE`,
          `@0 read v0+${second} => ${seen('f2')}`,
        ],
        [
          ['vm_insert_page'],
          `@0 v0 = mmap o0 1 mixedmap shared => ${address}`,
          '@0 vm_insert_page v0 v0 f5 => 0',
          `@0 read v0 => ${seen('f5')}`,
        ],
        [
          ['remap_vmalloc_range', 'vmalloc_user'],
          `@0 a0 = vmalloc_user ${talk.bytes(2)} => ${address}`,
          `@0 v0 = mmap o0 1 mixedmap shared => ${address}`,
          '@0 remap_vmalloc_range v0 a0 1 => 0',
          `@0 read v0 => ${seen('a0:1')}`,
        ],
        [
          ['zap_vma_ptes'],
          `@0 v0 = mmap o0 1 pfnmap shared => ${address}`,
          `@0 zap_vma_ptes v0 v0 ${second} => /ok|0/`,
        ],
        [
          ['mremap'],
          `@0 v0 = mmap o0 1 pfnmap shared remap=f3 => ${address}`,
          `@0 v1 = mremap v0 1 => ${aligned}`,
          `@0 read v1 => ${seen('f3')}`,
        ],
        [
          ['break_cow'],
          `@0 v0 = mmap o0 1 pfnmap private remap=f6 => ${address}`,
          '@0 break_cow v0 => ok',
          `@0 read v0 => ${seen('v0:0')}`,
        ],
      ];
      const possible = programs.filter(([needed]) => needed.every((call) => calls.has(call)));
      await runParts(possible, async ([_, ...lines]) => void (await talk.expect(lines)));
    },
  },
  {
    name: 'page-table boundaries',
    sentence:
      'Areas and VMAs cross from one page table to the next within short programs, so that faults there can show.',
    async run(talk) {
      const { calls, page, frames, sizes, windows } = talk.manifest;
      // A table has one entry of eight bytes for each page, unless the adapter says otherwise.
      const table = sizes?.table ?? page / 8;
      const sides: string[] = [];
      const crosses = (outcomes: readonly string[], pages: number): boolean =>
        outcomes.some((outcome) => {
          if (!outcome.startsWith('0x')) return false;
          const start = Number(BigInt(outcome) / BigInt(page));
          return Math.floor(start / table) !== Math.floor((start + pages - 1) / table);
        });
      if (windows.has('kernel') && (calls.has('vmap') || calls.has('vm_map_ram'))) {
        const pages = Math.min(frames, 16);
        const { map } = mapper(talk);
        const steps = Array.from({ length: 24 }, (_, i) => `@0 a${i} = ${map} f0..f${pages - 1}`);
        if (!crosses(await talk.run(steps), pages)) sides.push('area');
      }
      if (windows.has('user') && calls.has('mmap')) {
        const steps = Array.from({ length: 8 }, (_, i) => `@0 v${i} = mmap o0 16 plain shared`);
        if (!crosses(await talk.run(steps), 16)) sides.push('VMA');
      }
      if (sides.length > 0)
        throw new Note(
          `no ${sides.join(' and no ')} crossed a boundary of page tables (every ${table} pages), so faults there cannot show; ` +
            'let the first ones lie shortly before such a boundary',
        );
    },
  },
];
