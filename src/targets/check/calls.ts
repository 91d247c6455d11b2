import type { Call } from '../../../reference/calls/call.ts';
import { CALLS as ALL_CALLS, VOCABULARY } from '../../../reference/calls/index.ts';
import { parseOutcome, parseStep } from '../../../reference/notation/parse.ts';
import { Scanner } from '../../../reference/notation/scanner.ts';
import { type Check, exampleOf, runParts } from './check.ts';
import type { Conversation } from './conversation.ts';
import { NotApplicable } from './reasons.ts';

/** Runs the example of a call, if the adapter announces all calls in it. */
async function tryCall(talk: Conversation, { name, example, outcomes: kinds }: Call): Promise<void> {
  const called = example.steps.map((step) => parseStep(new Scanner(step, 1), VOCABULARY).call.name);
  if (called.some((name) => !talk.manifest.calls.has(name))) return;
  const limited = called.some((name) => talk.manifest.support?.has(name));
  const steps = exampleOf(talk, name);
  const only = limited ? undefined : example.outcome;
  const outcome = (await talk.run(steps)).at(-1)!;
  const expected = `${steps.at(-1)} => ${only ?? kinds.join(' or ')}`;
  if (only !== undefined && outcome !== only) talk.fail(expected, `=> ${outcome}`);
  let kind: string;
  try {
    kind = parseOutcome(new Scanner(outcome, 1), talk.manifest.page).kind;
  } catch {
    return talk.fail(expected, `=> ${outcome}`);
  }
  if (!kinds.includes(kind as never)) talk.fail(expected, `=> ${outcome}`);
}

/** Checks of the calls. */
export const CALLS: readonly Check[] = [
  {
    name: 'announced calls',
    sentence: 'Every announced call is executed, and answers an outcome that the call can have.',
    async run(talk) {
      const announced = ALL_CALLS.filter(({ name }) => talk.manifest.calls.has(name));
      await runParts(announced, (call) => tryCall(talk, call));
    },
  },
  {
    name: 'unknown calls',
    sentence: 'An unknown call is answered unsupported, whatever its arguments are.',
    async run(talk) {
      const lines = ['@0 no_such_call => unsupported', '@0 no_such_call null 0x1000 f0 plain 7 => unsupported'];
      for (const { name, example } of ALL_CALLS) {
        if (talk.manifest.calls.has(name) || example.steps.length > 1) continue;
        lines.push(`${example.steps[0]} => unsupported`);
      }
      await talk.expect([...lines, '@0 read null => fault']);
    },
  },
  {
    name: 'reread',
    sentence: 'reread answers the same as read where no stale translation is left.',
    async run(talk) {
      talk.needsAbility('reread');
      talk.needs('vmap');
      await talk.expect(['@0 a0 = vmap f2 => /0x[0-9a-f]+/', '@0 reread a0 => f2', '@0 reread null => fault']);
    },
  },
  {
    name: 'counts',
    sentence: 'page_count and page_mapcount answer the difference from the start of the program.',
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
    name: 'allocated_pages',
    sentence: 'allocated_pages answers the pages that calls of the program have allocated and not freed yet.',
    async run(talk) {
      talk.needsAbility('allocated_pages');
      talk.needs('vmalloc', 'vfree');
      const lines = [
        '@0 allocated_pages => 0',
        '@0 a0 = vmalloc 0x3000 => /0x[0-9a-f]+/',
        '@0 allocated_pages => 3',
        '@0 vfree a0 => ok',
      ];
      // Without a flush, the memory may be kept.
      if (talk.manifest.calls.has('vm_unmap_aliases') && !/never|caller/.test(talk.manifest.traits.get('tlb') ?? ''))
        lines.push('@0 vm_unmap_aliases => ok', '@0 allocated_pages => 0');
      await talk.expect(lines);
      await talk.expect(lines);
    },
  },
  {
    name: 'vmap_flags',
    sentence: 'With flags=read_only, vmap maps pages that can only be read; with flags=null, it returns NULL.',
    async run(talk) {
      talk.needsAbility('vmap_flags');
      talk.needs('vmap');
      await talk.expect([
        '@0 a0 = vmap f0 flags=read_only => /0x[0-9a-f]+/',
        '@0 read a0 => f0',
        '@0 write a0 7 => fault',
        '@0 a1 = vmap f1 flags=null => /null|warn ".*"/',
      ]);
    },
  },
  {
    name: 'area_pages',
    sentence: 'vm_insert_page inserts pages of areas, and is skipped if the area was never bound.',
    async run(talk) {
      talk.needsAbility('area_pages');
      talk.needs('vmalloc', 'mmap', 'vm_insert_page');
      await talk.expect([
        `@0 a0 = vmalloc ${talk.bytes(2)} => /0x[0-9a-f]+/`,
        '@0 v0 = mmap o0 1 mixedmap shared => /0x[0-9a-f]+/',
        '@0 vm_insert_page v0 v0 a1:0 => skipped',
        '@0 vm_insert_page v0 v0 a0:1 => 0',
        '@0 read v0 => a0:1',
      ]);
    },
  },
  {
    name: 'area_page_lists',
    sentence: 'vm_insert_pages inserts pages of areas, and is skipped if one of the areas was never bound.',
    async run(talk) {
      talk.needsAbility('area_page_lists');
      talk.needs('vmalloc', 'mmap', 'vm_insert_pages');
      await talk.expect([
        `@0 a0 = vmalloc ${talk.bytes(2)} => /0x[0-9a-f]+/`,
        '@0 v0 = mmap o0 4 mixedmap shared => /0x[0-9a-f]+/',
        '@0 vm_insert_pages v0 v0 a0:0 a1:0 => skipped',
        '@0 vm_insert_pages v0 v0 f1 a0:1 a0:0x2 => 0',
        `@0 read v0+${talk.bytes(1)} => a0:1`,
        `@0 read v0+${talk.bytes(3)} => a0:0`,
      ]);
    },
  },
  {
    name: 'area_page_lists of whole VMAs',
    sentence:
      'vm_map_pages and vm_map_pages_zero map pages of areas, and are skipped if one of the areas was never bound.',
    async run(talk) {
      talk.needsAbility('area_page_lists');
      talk.needs('vmalloc', 'mmap', 'vm_map_pages', 'vm_map_pages_zero');
      for (const call of ['vm_map_pages', 'vm_map_pages_zero'])
        await talk.expect([
          `@0 a0 = vmalloc ${talk.bytes(2)} => /0x[0-9a-f]+/`,
          '@0 v0 = mmap o0 3 mixedmap shared => /0x[0-9a-f]+/',
          `@0 ${call} v0 a0:0 a1:0 f1 => skipped`,
          `@0 ${call} v0 f1 a0:1 a0:0 => 0`,
          `@0 read v0+${talk.bytes(1)} => a0:1`,
        ]);
    },
  },
  {
    name: 'fork',
    sentence:
      'A child reaches what its parent had mapped, at the same addresses, and unmaps only its own pages. exit drops its counts.',
    async run(talk) {
      talk.needsAbility('fork');
      talk.needs('mmap', 'vm_insert_page');
      const counts = (expected: number): string[] =>
        talk.manifest.can.has('counts')
          ? [`@0 page_count f1 => ${expected}`, `@0 page_mapcount f1 => ${expected}`]
          : [];
      const last = `v0+${talk.bytes(1)}`;
      const forks = [
        '@0 v0 = mmap o0 2 mixedmap shared => /0x[0-9a-f]+/',
        `@0 vm_insert_page v0 ${last} f1 => 0`,
        `@0 read ${last} in=m0 => skipped`,
        '@0 m0 = fork => ok',
        ...counts(2),
        `@0 read ${last} in=m0 => f1`,
        `@0 write ${last} 7 in=m0 => f1`,
        `@0 read ${last} => f1:7`,
      ];
      await talk.expect([
        ...forks,
        '@0 exit m0 => ok',
        ...counts(1),
        `@0 read ${last} => f1:7`,
        '@0 m1 = fork => ok',
        '@0 v1 = mmap o0 1 mixedmap shared => /0x[0-9a-f]+/',
        '@0 read v1 in=m1 => skipped',
        '@0 munmap v0 in=m1 => ok',
        ...counts(1),
        `@0 read ${last} in=m1 => fault`,
        `@0 read ${last} => f1:7`,
        '@0 exit m1 => ok',
        '@0 m2 = fork => ok',
        '@0 munmap v0 => ok',
        ...counts(1),
        `@0 read ${last} => fault`,
        `@0 read ${last} in=m2 => f1:7`,
        '@0 exit m2 => ok',
        ...counts(0),
      ]);
      await talk.expect([
        '@0 v0 = mmap o0 1 mixedmap shared flags=dontcopy => /0x[0-9a-f]+/',
        '@0 vm_insert_page v0 v0 f1 => 0',
        '@0 m0 = fork => ok',
        ...counts(1),
        '@0 read v0 in=m0 => fault',
      ]);
      // The child that the program left has ended.
      await talk.expect(['@0 exit m0 => skipped', ...counts(0), ...forks]);
    },
  },
  {
    name: 'fail_after',
    sentence: 'fail_after K makes the (K+1)-th allocation after it fail, once. A new program starts without failures.',
    async run(talk) {
      talk.needsAbility('fail_after');
      if (talk.manifest.can.has('fail_forks')) throw new NotApplicable('fail_after makes only forks fail there');
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
