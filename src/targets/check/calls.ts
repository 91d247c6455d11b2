import { VOCABULARY } from '../../../reference/contract.ts';
import { parseOutcome } from '../../../reference/notation/parse.ts';
import { Scanner } from '../../../reference/notation/scanner.ts';
import type { Check } from './check.ts';
import type { Conversation } from './conversation.ts';

const user = (kind: string, ...steps: string[]): string[] => [`@0 v0 = mmap o0 2 ${kind} shared`, ...steps];
const inserted = user('mixedmap', '@0 vm_insert_page v0 v0 f1');

/** For each call the shortest program that has it; its last step is the call. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  vmap: ['@0 a0 = vmap f0 f1'],
  vunmap: ['@0 a0 = vmap f0', '@0 vunmap a0'],
  vm_map_ram: ['@0 a0 = vm_map_ram f0 f1'],
  vm_unmap_ram: ['@0 a0 = vm_map_ram f0 f1', '@0 vm_unmap_ram a0 2'],
  vm_unmap_aliases: ['@0 vm_unmap_aliases'],
  vmalloc: ['@0 a0 = vmalloc 0x1001'],
  vzalloc: ['@0 a0 = vzalloc 0x1001'],
  vfree: ['@0 a0 = vmalloc 0x1000', '@0 vfree a0'],
  vmalloc_to_page: ['@0 a0 = vmap f5', '@0 vmalloc_to_page a0'],
  is_vmalloc_addr: ['@0 is_vmalloc_addr null'],
  mmap: user('pfnmap'),
  munmap: user('plain', '@0 munmap v0'),
  remap_pfn_range: user('pfnmap', '@0 remap_pfn_range v0 v0 f2 0x1000'),
  vm_insert_page: inserted,
  vmf_insert_pfn: user('pfnmap', '@0 vmf_insert_pfn v0 v0 f2'),
  zap_vma_ptes: user('pfnmap', '@0 zap_vma_ptes v0 v0 0x1000'),
  follow_pfn: user('pfnmap', '@0 remap_pfn_range v0 v0 f2 0x1000', '@0 follow_pfn v0 v0'),
  unmap_mapping_range: [...inserted, '@0 unmap_mapping_range o0 0x1000'],
  break_cow: ['@0 v0 = mmap o0 1 pfnmap private remap=f3', '@0 break_cow v0'],
  read: ['@0 read null'],
  write: ['@0 write null 7'],
  reread: ['@0 reread null'],
  page_count: ['@0 page_count f0'],
  page_mapcount: ['@0 page_mapcount f0'],
  fail_after: ['@0 fail_after 1000'],
};

/** Outcomes that the last step must have, where there is just one. */
const EXACT: Readonly<Record<string, string>> = {
  vmalloc_to_page: 'f5',
  is_vmalloc_addr: '0',
  follow_pfn: 'f2',
  read: 'fault',
  write: 'fault',
  reread: 'fault',
  page_count: '0',
  page_mapcount: '0',
  fail_after: 'ok',
};

async function tryCall(talk: Conversation, name: string): Promise<void> {
  const steps = EXAMPLES[name];
  const others = steps.map((step) => /(?:= )?([a-z_]+)/.exec(step.replace(/^@0 (?:[av]0 = )?/, ''))![1]);
  if (others.some((call) => !talk.manifest.calls.has(call))) return;
  const outcome = (await talk.run(steps)).at(-1)!;
  const step = steps.at(-1)!;
  const kinds = VOCABULARY.get(name)?.outcomes ?? ['ok'];
  const expected = `${step} => ${EXACT[name] ?? kinds.join(' or ')}`;
  if (name in EXACT && outcome !== EXACT[name]) talk.wrong(expected, `=> ${outcome}`);
  let kind: string;
  try {
    kind = parseOutcome(new Scanner(outcome, 1), talk.manifest.page).kind;
  } catch {
    return talk.wrong(expected, `=> ${outcome}`);
  }
  if (!kinds.includes(kind as never)) talk.wrong(expected, `=> ${outcome}`);
}

/** Checks of the calls themselves. */
export const CALLS: readonly Check[] = [
  {
    name: 'announced calls',
    sentence: 'Every call that was announced is executed, and answers with an outcome of its own kinds.',
    async run(talk) {
      for (const name of talk.manifest.calls) if (name in EXAMPLES) await tryCall(talk, name);
    },
  },
  {
    name: 'unknown calls',
    sentence: 'A call that it does not have is answered unsupported, whatever its arguments.',
    async run(talk) {
      const lines = ['@0 no_such_call => unsupported', '@0 no_such_call null 0x1000 f0 plain 7 => unsupported'];
      for (const [name, steps] of Object.entries(EXAMPLES)) {
        if (talk.manifest.calls.has(name) || steps.length > 1) continue;
        lines.push(`${steps[0]} => unsupported`);
      }
      await talk.expect([...lines, '@0 read null => fault']);
    },
  },
  {
    name: 'reread',
    sentence: 'reread tells the same as read where the page tables are right.',
    async run(talk) {
      talk.needsAbility('reread');
      talk.needs('vmap');
      await talk.expect(['@0 a0 = vmap f2 => /0x[0-9a-f]+/', '@0 reread a0 => f2', '@0 reread null => fault']);
    },
  },
  {
    name: 'counts',
    sentence: 'page_count and page_mapcount are differences from the start of the program.',
    async run(talk) {
      talk.needsAbility('counts');
      const lines = ['@0 page_count f0 => 0', '@0 page_mapcount f0 => 0'];
      if (talk.manifest.calls.has('vmap') && talk.manifest.calls.has('vfree'))
        lines.push(
          '@0 a0 = vmap f0 f1 f0 flags=put_pages => /0x[0-9a-f]+/',
          '@0 page_count f0 => 2',
          '@0 page_count f1 => 1',
          '@0 vfree a0 => ok',
          '@0 page_count f0 => 0',
        );
      await talk.expect(lines);
      await talk.expect(lines);
    },
  },
  {
    name: 'fail_after',
    sentence: 'fail_after K lets the (K+1)-th allocation from there on fail, once; a program starts without.',
    async run(talk) {
      talk.needsAbility('fail_after');
      talk.needs('vmap');
      await talk.expect([
        '@0 fail_after 0 => ok',
        '@0 a0 = vmap f0 => null',
        '@0 a1 = vmap f0 => /0x[0-9a-f]+/',
        '@0 read a1 => f0',
        '@0 fail_after 0 => ok',
      ]);
      await talk.expect(['@0 a0 = vmap f0 => /0x[0-9a-f]+/']);
    },
  },
];
