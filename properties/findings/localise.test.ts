import { describe, expect, test } from 'vitest';
import type { Program } from '../../reference/calls/valid.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { judge } from '../../reference/judge/judge.ts';
import { parse } from '../../reference/notation/document.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { type Finding, quotedClause } from '../../src/findings/finding.ts';
import { culpritOf } from '../../src/findings/localise/culprit.ts';
import { withPoolPages } from '../../src/findings/localise/pool-pages.ts';
import { findingText } from '../../src/output/report/text/finding.ts';
import { run } from '../../src/run/run.ts';
import { shrink } from '../../src/run/shrink.ts';
import { agree } from '../../src/targets/agreement.ts';
import { embedded, mutant } from '../../src/targets/embedded/index.ts';
import { type OpenTarget, openDirect } from '../../src/targets/open.ts';

const programOf = (steps: string): Program =>
  parse(`mmspec program 1\ncpus 3\nframes 64\n${steps}\n`, VOCABULARY).entries[0].trace.program;

/** Shrinks a program that fails on a mutant. */
async function findingOf(
  name: string,
  steps: string,
  target: OpenTarget | string = `mutant:${name}`,
): Promise<Finding> {
  const finding = await shrink(programOf(steps), { target, milliseconds: 100_000 });
  return finding!;
}

const culpritCall = ({ culprit, trace }: Finding): string | undefined =>
  culprit && trace.program.steps[culprit.step].call.name;

/** Programs in which a call only notices what another one did. The judge alone charges the clause in `symptom`. */
const CASES = [
  {
    what: 'an unmap_mapping_range that leaves a page, noticed by vm_insert_page',
    mutant: 'unmap-range-first-vma-only',
    symptom: 'INS-1',
    clause: 'UMR-1',
    call: 'unmap_mapping_range',
    steps: `
      @0 v0 = mmap o0 1 plain shared
      @0 v1 = mmap o0 1 mixedmap shared
      @0 vm_insert_page v1 v1 f0
      @0 unmap_mapping_range o0 0x0 flags=even_cows
      @0 vm_insert_page v1 v1 f1`,
  },
  {
    what: 'a vm_insert_page without a reference, noticed after munmap',
    mutant: 'insert-takes-no-reference',
    symptom: 'MUN-4',
    clause: 'INS-1',
    call: 'vm_insert_page',
    steps: `
      @0 v0 = mmap o0 1 plain shared
      @0 vm_insert_page v0 v0 f0
      @0 munmap v0
      @0 page_count f0`,
  },
  {
    what: 'a vm_insert_page that refuses any page of an area, noticed where a page is mapped',
    mutant: 'insert-refuses-area-page',
    symptom: 'INS-3',
    clause: 'INS-1',
    call: 'vm_insert_page',
    steps: `
      @0 v0 = mmap o0 1 plain shared
      @0 a0 = vmalloc_user 0x2000
      @0 remap_vmalloc_range v0 a0 1
      @0 vm_insert_page v0 v0 a0:0`,
  },
  {
    what: 'a mapping without a flush, noticed after another area was unmapped',
    mutant: 'map-without-flush',
    symptom: 'UNMAP-1',
    clause: 'MAP-1',
    call: 'vmap',
    steps: `
      @0 a0 = vmap f0
      @0 vunmap a0
      @0 vm_unmap_aliases
      @1 read a0
      @0 a1 = vmap f0
      @0 a2 = vm_map_ram f1
      @0 vm_unmap_ram a2 1
      @1 read a1`,
  },
  {
    what: 'a stale walk cache, noticed after a zap of no bytes',
    mutant: 'munmap-keeps-walk-cache',
    symptom: 'MMAP-2',
    clause: 'MUN-2',
    call: 'munmap',
    steps: `
      @0 v0 = mmap o0 1 pfnmap shared remap=f0
      @1 read v0
      @0 munmap v0
      @0 v1 = mmap o0 1 pfnmap shared remap=f1
      @0 zap_vma_ptes v1 v1 0x0
      @1 read v0`,
  },
  {
    what: 'a failed vmap that leaves entries, noticed after the address was used again',
    mutant: 'failed-map-leaves-pages',
    symptom: 'VA-11',
    clause: 'VA-9',
    call: 'vmap',
    steps: `
      @0 fail_after 4
      @0 a0 = vmap f0x4
      @0 a1 = vmap f1
      @0 vunmap a1
      @0 vm_unmap_aliases
      @0 read a1+0x1000`,
  },
  {
    what: 'a lookup with a wrong answer, where the page tables are right',
    mutant: 'follow-remembers',
    symptom: 'ZAP-1',
    clause: 'FOL-2',
    call: 'follow_pfn',
    steps: `
      @0 v0 = mmap o0 1 pfnmap shared remap=f0
      @0 follow_pfn v0 v0
      @0 zap_vma_ptes v0 v0 0x1000
      @0 follow_pfn v0 v0`,
  },
  {
    what: 'a flush that finds nothing to do, since the unmapping call gave the address back too early',
    mutant: 'threshold-hit-exactly',
    symptom: 'ALIAS-1',
    clause: 'VA-4',
    call: 'vunmap',
    steps: `
      @0 a0 = vmap f0..f62
      @0 read a0
      @0 vunmap a0
      @0 vm_unmap_aliases
      @0 read a0`,
  },
  {
    what: 'a stale translation, noticed at the guard page of the next area after a failed mapping call',
    mutant: 'threshold-purge-forgets-flush',
    symptom: 'VA-4',
    clause: 'VA-4',
    call: 'vunmap',
    steps: `
      @0 fail_after 1
      @0 a0 = vm_map_ram f0..f31
      @0 a1 = vmap f0..f31
      @0 read a1
      @0 vunmap a1
      @0 a2 = vmap f0..f31
      @0 read a1`,
  },
  {
    what: 'a failed vmap that unmaps another area, after a vunmap that does nothing',
    mutant: 'vunmap-stays-in-table',
    symptom: 'VUNMAP-1',
    clause: 'MAP-1',
    call: 'vmap',
    steps: `
      @0 a0 = vmap f0
      @0 fail_after 1
      @0 vunmap hole
      @0 a1 = vmap f0..f63 f0..f63 f0..f63 f0..f63 f0..f63 f0..f63 f0..f63 f0..f63 f0..f62
      @0 write a0 1`,
  },
  {
    what: 'memory that two areas share, noticed by the clean-up',
    mutant: 'vmalloc-shares-page',
    symptom: 'SAFE-3',
    clause: 'VM-1',
    call: 'vmalloc',
    steps: `
      @0 a0 = vmalloc 0x1000
      @0 vfree a0
      @0 a1 = vmalloc 0x1000
      @0 read a0`,
  },
  {
    what: 'a vfree that keeps its pages, noticed by the clean-up, which calls it',
    mutant: 'vfree-keeps-memory',
    symptom: 'SAFE-3',
    clause: 'SAFE-3',
    call: 'vfree',
    steps: `
      @0 a0 = vmalloc 0x1000
      @0 read a0`,
  },
  {
    what: 'a munmap that keeps a reference, noticed by the clean-up, which calls it',
    mutant: 'munmap-keeps-references',
    symptom: 'SAFE-3',
    clause: 'MUN-4',
    call: 'munmap',
    steps: `
      @0 v0 = mmap o0 1 plain shared
      @0 vm_insert_page v0 v0 f0
      @0 read v0`,
  },
  {
    what: 'a munmap that keeps the last of many pages, noticed by the clean-up, which calls it',
    mutant: 'zap-stops-at-table',
    symptom: 'SAFE-3',
    clause: 'MUN-4',
    call: 'munmap',
    steps: `
      @0 v0 = mmap o0 512 plain shared
      @0 vm_insert_pages v0 v0+0x1e8000 f0..f23
      @0 read v0`,
  },
  {
    what: 'a vunmap whose addresses are never free again, noticed by the clean-up',
    mutant: 'addresses-never-free',
    symptom: 'SAFE-3',
    clause: 'SAFE-3',
    call: 'vunmap',
    steps: `
      @0 a0 = vmap f0
      @0 read a0`,
  },
  {
    what: 'a page that was inserted without a count before the call failed at the same page',
    mutant: 'insert-pages-counts-at-end',
    symptom: 'INS-8',
    clause: 'INS-8',
    call: 'vm_insert_pages',
    steps: `
      @0 v0 = mmap o0 2 plain shared
      @0 vm_insert_page v0 v0+0x1000 f0
      @0 vm_insert_pages v0 v0 f0 f1
      @0 page_count f0`,
  },
  {
    what: 'a failed vmalloc that keeps pages, beside a VMA and an area that the clean-up unmaps',
    mutant: 'failed-vmalloc-keeps-pages',
    symptom: 'SAFE-3',
    clause: 'VA-9',
    call: 'vmalloc',
    steps: `
      @0 v0 = mmap o0 1 plain shared
      @0 a0 = vmap f0
      @0 fail_after 1
      @0 a1 = vmalloc 0x2000
      @0 read a0`,
  },
  {
    what: 'a failed vmalloc that keeps pages, noticed after other calls',
    mutant: 'failed-vmalloc-keeps-pages',
    symptom: 'SAFE-3',
    clause: 'VA-9',
    call: 'vmalloc',
    steps: `
      @0 fail_after 1
      @0 a0 = vmalloc 0x2000
      @0 a1 = vmap f0
      @0 vunmap a1
      @0 vm_unmap_aliases`,
  },
  ...[
    ['a get_user_pages without a reference', 'gup-takes-no-reference', 'GUP-4', 'get_user_pages v0'],
    ['an mprotect that drops a reference', 'mprotect-drops-references', 'MPR-4', 'mprotect v0 none'],
    ['a fork without references', 'fork-takes-no-references', 'FRK-2', 'm0 = fork'],
  ].map(([what, name, clause, step]) => ({
    what: `${what}, noticed when the page of an area was not freed or freed too early`,
    mutant: name,
    symptom: 'SAFE-3',
    clause,
    call: step.replace('m0 = ', '').split(' ')[0],
    steps: `
      @0 a0 = vmalloc_user 0x1000
      @0 v0 = mmap o0 1 plain shared
      @0 remap_vmalloc_range v0 a0 0
      @0 ${step}
      ${step.endsWith('fork') ? '@0 exit m0' : '@0 munmap v0'}
      ${step.endsWith('fork') ? '@0 vfree a0' : ''}
      @0 allocated_pages`,
  })),
];

test.each(CASES.map((one) => [one.what, one] as const))('the judge alone charges another clause: %s', (_, one) => {
  const target = mutant(one.mutant)!;
  const trace = target.executeTrace(programOf(one.steps));
  expect(judge(trace, agree(target.manifest).terms)?.clause.id).toBe(one.symptom);
});

test.each(['vm_insert_page v0 v0 a0:0', 'vm_insert_pages v0 v0 a0:0', 'vm_insert_pages v0 v0 a0:0 f0'])(
  'a call for the VMA is to blame for a page of an area that is left over, not the vfree that noticed: %s',
  (insert) => {
    const target = mutant('zap-keeps-copies')!;
    const trace = target.executeTrace(
      programOf(`
      @0 a0 = vmalloc 0x1000
      @0 v0 = mmap o0 2 plain shared
      @0 ${insert}
      @0 munmap v0
      @0 vfree a0
      @0 vm_unmap_aliases
      @0 allocated_pages`),
    );
    const { clause, step } = culpritOf(trace, judge(trace, agree(target.manifest).terms)!);
    expect([clause.id, trace.program.steps[step].call.name]).toEqual(['SAFE-3', 'munmap']);
  },
);

describe('frames of the pool in the place of pages of areas', () => {
  const { manifest } = embedded('lazy')!;
  const { traits, terms } = agree(manifest);
  const inPool = (frames: number, ...steps: readonly string[]): string[] | undefined => {
    const program = programOf(['@0 a0 = vmalloc 0x2000', '@0 v0 = mmap o0 3 mixedmap shared', ...steps].join('\n'));
    const changed = withPoolPages({ ...program, frames }, { manifest, traits, page: terms.page });
    return changed && printSteps(changed).trim().split('\n').slice(2);
  };

  test('are others than those that the program names, also in lists', () => {
    expect(inPool(8, '@0 vm_insert_page v0 v0 a0:1')).toEqual(['@0 vm_insert_page v0 v0 f0']);
    expect(inPool(8, '@0 vm_insert_pages v0 v0 a0:1 f0 a0:0')).toEqual(['@0 vm_insert_pages v0 v0 f1 f0 f2']);
  });

  test('are missing once the program names all frames', () => {
    expect(inPool(1, '@0 vm_insert_page v0 v0+0x2000 f0', '@0 vm_insert_page v0 v0 a0:1')).toBeUndefined();
    expect(inPool(2, '@0 vm_insert_pages v0 v0 a0:1 f0 a0:0')).toBeUndefined();
  });
});

/** `npm test` leaves out what takes tens of seconds to shrink. */
const tagsOf = ({ mutant }: (typeof CASES)[number]): string[] =>
  mutant === 'threshold-purge-forgets-flush' ? ['long'] : [];

describe('a finding names the culprit', () => {
  for (const one of CASES)
    test(one.what, { tags: tagsOf(one) }, async () => {
      const { mutant, clause, call, steps } = one;
      const finding = await findingOf(mutant, steps);
      expect(quotedClause(finding).id).toBe(clause);
      expect(culpritCall(finding)).toBe(call);
      expect(findingText(finding, 'replay').split('\n')[0]).toContain(clause);
    });
});

test('a program that ends in a call that noticed is replaced by one that ends in an observation', async () => {
  const [{ mutant, steps }] = CASES;
  const finding = await findingOf(mutant, steps);
  expect(finding.trace.program.steps.at(-1)!.call.side).toBe('observe');
  expect(finding.symptoms?.map(({ key }) => key)).toEqual(['INS-1 vm_insert_page errno']);
});

test('a failure that needs no overlap is shrunk to a program without', async () => {
  const finding = await findingOf(
    'munmap-without-flush',
    `@0 v0 = mmap o0 1 pfnmap shared remap=f0
     @1 read v0
     par schedule=0,1
     @0 munmap v0
     @1 unmap_mapping_range o0 0x1000
     @1 read v0
     end
     @1 read v0`,
  );
  expect(finding.trace.program.blocks, printSteps(finding.trace.program)).toEqual([]);
  expect(culpritCall(finding)).toBe('munmap');
});

const NEEDS_NO_OVERLAP = `
  @0 v0 = mmap o0 1 pfnmap shared remap=f0
  @1 read v0
  par
  @0 munmap v0
  @1 unmap_mapping_range o0 0x1000
  end
  @1 read v0`;

test('also outside this process', async () => {
  const name = 'munmap-without-flush';
  const { direct: _none, ...target } = openDirect(name, mutant(name)!);
  const finding = await findingOf(name, NEEDS_NO_OVERLAP, target);
  expect(finding.trace.program.blocks, printSteps(finding.trace.program)).toEqual([]);
  expect(culpritCall(finding)).toBe('munmap');
});

test('also where the overlapping calls fail only now and then', async () => {
  const { direct: _none, ...faulty } = openDirect('munmap-without-flush', mutant('munmap-without-flush')!);
  const sound = openDirect('embedded', embedded('lazy')!);
  let runs = 0;
  const target: OpenTarget = {
    ...faulty,
    run: async (programs, onAnswer) => {
      const answers = [];
      for (const program of programs) {
        const luck = program.blocks.length > 0 && runs++ % 3 > 0 ? sound : faulty;
        answers.push(...(await luck.run([program], onAnswer)));
      }
      return answers;
    },
  };
  const finding = await findingOf('', NEEDS_NO_OVERLAP, target);
  expect(finding.trace.program.blocks, printSteps(finding.trace.program)).toEqual([]);
  expect(culpritCall(finding)).toBe('munmap');
  expect(finding.rate).toEqual({ failed: 10, of: 10 });
});

test.each([
  ['map-without-flush', 'stale'],
  ['unmap-overruns-area', 'unmapped'],
])('a read that faults unexpectedly on %s is looked at again: %s', async (name, diagnosis) => {
  const { findings } = await run({ target: `mutant:${name}`, budget: { steps: 40_000 }, seed: 1 });
  const faults = findings.filter(
    ({ violation, trace }) =>
      violation.seen.kind === 'fault' && trace.program.steps[violation.step].call.name === 'read',
  );
  expect(faults.length).toBeGreaterThan(0);
  for (const fault of faults) expect(fault.diagnosis).toBe(diagnosis);
});

test('a failure that needs the overlap stays one', async () => {
  const finding = await findingOf(
    'insert-without-lock',
    `@0 v0 = mmap o0 1 mixedmap shared
     par schedule=0,1
     @0 vm_insert_page v0 v0 f0
     @1 vm_insert_page v0 v0 f1
     end`,
  );
  expect(finding.trace.program.blocks.length).toBe(1);
  expect(culpritCall(finding)).toBe('vm_insert_page');
});

test('a call of a block that merely noticed is replaced by an observation after the block', async () => {
  const finding = await findingOf(
    'copy-without-lock',
    `@0 v0 = mmap o0 1 plain private
     @0 vm_insert_page v0 v0 f0
     par
     @0 break_cow v0
     @0 vm_insert_pages v0 v0 f0
     @1 unmap_mapping_range o0 0x1000 flags=even_cows
     end`,
  );
  expect(finding.symptoms?.map(({ key }) => key)).toEqual(['INS-13 vm_insert_pages errno']);
  expect(finding.trace.program.steps.at(-1)!.call.side).toBe('observe');
  expect(quotedClause(finding).id).toBe('UMR-1');
});

test('addresses that overlapping calls gave back twice are found by mapping two more areas', {
  tags: 'long',
}, async () => {
  const finding = await findingOf(
    'emptied-block-retired-twice',
    `@0 a0 = vm_map_ram f0x4
     @0 a1 = vm_map_ram f0x4
     @0 a2 = vm_map_ram f0x4
     @0 a3 = vm_map_ram f0x4
     @0 vm_unmap_ram a0 4
     @0 vm_unmap_ram a1 4
     @0 vm_unmap_ram a2 4
     par schedule=0:5,1:2
     @0 vm_unmap_ram a3 4
     @1 vm_unmap_aliases
     end
     @0 read a3`,
  );
  expect(finding.symptoms?.map(({ key }) => key)).toEqual(['SAFE-3 read left']);
  expect(quotedClause(finding).id).toBe('VA-3');
  const { blocks } = finding.trace.program;
  expect(finding.culprit!.step).toBeGreaterThanOrEqual(blocks[0].start);
  expect(finding.culprit!.step).toBeLessThan(blocks[0].end);
});

test('a stale translation in a block breaks the clause about translations, not the one about page tables', async () => {
  const finding = await findingOf(
    'zap-trusts-other-zap',
    `@0 v0 = mmap o0 1 pfnmap shared remap=f0
     @0 read v0
     par schedule=1,0
     @0 unmap_mapping_range o0 0x1000
     @0 read v0
     @1 unmap_mapping_range o0 0x1000
     end`,
  );
  expect(finding.violation.clause.id).toBe('UMR-1');
  expect(finding.diagnosis).toBe('stale');
  expect(quotedClause(finding).id).toBe('UMR-4');
});

test('a fault that has nothing to do with rounding is not called one, and one of rounding is', async () => {
  const inverted = await findingOf(
    'unmap-range-drops-copies',
    `@0 v0 = mmap o0 1 plain private
     @0 vm_insert_page v0 v0 f0
     @0 unmap_mapping_range o0 0x801
     @0 vm_insert_page v0 v0 f1
     @0 break_cow v0
     @0 unmap_mapping_range o0 0x801 flags=even_cows
     @0 read v0`,
  );
  expect(quotedClause(inverted).id).toBe('UMR-1');
  expect(printSteps(inverted.trace.program)).not.toContain('0x801');
  const rounding = await findingOf(
    'unmap-range-rounds-down',
    `@0 v0 = mmap o0 2 pfnmap shared remap=f0
     @0 unmap_mapping_range o0 0x1800
     @0 read v0+0x1000`,
  );
  expect(quotedClause(rounding).id).toBe('UMR-6');
});

for (const one of CASES)
  test(`also on a target outside this process: ${one.what}`, { tags: tagsOf(one) }, async () => {
    const { mutant: name, clause, call, steps } = one;
    const { direct: _none, ...target } = openDirect(name, mutant(name)!);
    const finding = await findingOf(name, steps, target);
    expect(finding.rate).toEqual({ failed: 10, of: 10 });
    expect(quotedClause(finding).id).toBe(clause);
    expect(culpritCall(finding)).toBe(call);
  });

test('an embedded crash blames the step that crashed', async () => {
  const finding = await findingOf('unknown-address-crashes', '@0 a0 = vmap f0\n@0 vunmap hole');
  expect(quotedClause(finding).id).toBe('SAFE-1');
  expect(culpritCall(finding)).toBe('vunmap');
});
