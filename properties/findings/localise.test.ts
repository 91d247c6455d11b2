import { expect, test } from 'vitest';
import { judge } from '../../reference/judge/judge.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { quotedClause } from '../../src/findings/finding.ts';
import { culpritOf } from '../../src/findings/localise/culprit.ts';
import { run } from '../../src/run/run.ts';
import { agree } from '../../src/targets/agreement.ts';
import { embedded, mutant } from '../../src/targets/embedded/index.ts';
import { type OpenTarget, openDirect } from '../../src/targets/open.ts';
import { CASES } from '../support/culprits.ts';
import { CERTIFICATES, culpritCall, findingOf, programOn3Cpus } from '../support/finding-of.ts';
import { testInTwoSizes } from '../support/sizes.ts';

test.each(['vm_insert_page v0 v0 a0:0', 'vm_insert_pages v0 v0 a0:0', 'vm_insert_pages v0 v0 a0:0 f0'])(
  'a call for the VMA is to blame for a page of an area that is left over, not the vfree that noticed: %s',
  (insert) => {
    const target = mutant('zap-keeps-copies')!;
    const trace = target.executeTrace(
      programOn3Cpus(`
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

testInTwoSizes(
  'a program that ends in a call that noticed is replaced by one that ends in an observation',
  CERTIFICATES,
  async (certify) => {
    const [{ mutant, steps }] = CASES;
    const finding = await findingOf(mutant, steps, { certify });
    expect(finding.trace.program.steps.at(-1)!.call.side).toBe('observe');
    expect(finding.symptoms?.map(({ key }) => key)).toEqual(['INS-1 vm_insert_page errno']);
  },
);

testInTwoSizes('a failure that needs no overlap is shrunk to a program without', CERTIFICATES, async (certify) => {
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
    { certify },
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

testInTwoSizes('also outside this process', CERTIFICATES, async (certify) => {
  const name = 'munmap-without-flush';
  const { direct: _none, ...target } = openDirect(name, mutant(name)!);
  const finding = await findingOf(name, NEEDS_NO_OVERLAP, { target, certify });
  expect(finding.trace.program.blocks, printSteps(finding.trace.program)).toEqual([]);
  expect(culpritCall(finding)).toBe('munmap');
});

testInTwoSizes('also where the overlapping calls fail only now and then', CERTIFICATES, async (certify) => {
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
  const finding = await findingOf('', NEEDS_NO_OVERLAP, { target, certify });
  expect(finding.trace.program.blocks, printSteps(finding.trace.program)).toEqual([]);
  expect(culpritCall(finding)).toBe('munmap');
  expect(finding.rate).toEqual({ failed: 10, of: 10 });
});

const lookedAtAgain =
  (name: string, diagnosis: string) =>
  async (steps: number): Promise<void> => {
    const { findings } = await run({ target: `mutant:${name}`, budget: { steps }, seed: 1 });
    const faults = findings.filter(
      ({ violation, trace }) =>
        violation.seen.kind === 'fault' && trace.program.steps[violation.step].call.name === 'read',
    );
    expect(faults.length).toBeGreaterThan(0);
    for (const fault of faults) expect(fault.diagnosis).toBe(diagnosis);
  };

testInTwoSizes(
  'a read that faults unexpectedly on unmap-overruns-area is looked at again: unmapped',
  { small: 10_000, full: 40_000 },
  lookedAtAgain('unmap-overruns-area', 'unmapped'),
);

test('a read that faults unexpectedly on map-without-flush is looked at again: stale', { tags: ['long'] }, () =>
  lookedAtAgain('map-without-flush', 'stale')(40_000),
);

const LEFT_MAPPED = [
  [
    'zap-stops-at-table',
    'vm_insert_page v0 v0+0x1ff000 f0',
    'madvise v0 v0 0x200000 dontneed',
    'zap_vma_ptes',
    'ZAP-1',
  ],
  ['zap-stops-at-table', 'fault v0+0x1ff000 f0', 'madvise v0 v0 0x200000 dontneed', 'zap_vma_ptes', 'ZAP-1'],
  [
    'zap-stops-at-table',
    'vm_insert_page v0 v0+0x1ff000 f0',
    'unmap_mapping_range o0 0x200000',
    'zap_vma_ptes',
    'ZAP-1',
  ],
  ['madvise-without-flush', 'vm_insert_page v0 v0+0x1ff000 f0', 'madvise v0 v0 0x200000 dontneed', 'madvise', 'MAD-3'],
] as const;

for (const [name, fills, unmaps, call, clause] of LEFT_MAPPED)
  testInTwoSizes(
    `a page of ${fills} that ${unmaps} leaves on ${name} is blamed on ${call}`,
    CERTIFICATES,
    async (certify) => {
      const finding = await findingOf(
        name,
        `@0 v0 = mmap o0 512 mixedmap shared
       @0 ${fills}
       @1 read v0+0x1ff000
       @0 ${unmaps}
       @1 read v0+0x1ff000`,
        { certify },
      );
      expect([culpritCall(finding), quotedClause(finding).id]).toEqual([call, clause]);
    },
  );

testInTwoSizes('a failure that needs the overlap stays one', CERTIFICATES, async (certify) => {
  const finding = await findingOf(
    'insert-without-lock',
    `@0 v0 = mmap o0 1 mixedmap shared
     par schedule=0,1
     @0 vm_insert_page v0 v0 f0
     @1 vm_insert_page v0 v0 f1
     end`,
    { certify },
  );
  expect(finding.trace.program.blocks.length).toBe(1);
  expect(culpritCall(finding)).toBe('vm_insert_page');
});

testInTwoSizes(
  'a call of a block that merely noticed is replaced by an observation after the block',
  CERTIFICATES,
  async (certify) => {
    const finding = await findingOf(
      'copy-without-lock',
      `@0 v0 = mmap o0 1 plain private
     @0 vm_insert_page v0 v0 f0
     par
     @0 break_cow v0
     @0 vm_insert_pages v0 v0 f0
     @1 unmap_mapping_range o0 0x1000 flags=even_cows
     end`,
      { certify },
    );
    expect(finding.symptoms?.map(({ key }) => key)).toEqual(['INS-13 vm_insert_pages errno']);
    expect(finding.trace.program.steps.at(-1)!.call.side).toBe('observe');
    expect(quotedClause(finding).id).toBe('UMR-1');
  },
);

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

testInTwoSizes(
  'a stale translation in a block breaks the clause about translations, not the one about page tables',
  CERTIFICATES,
  async (certify) => {
    const finding = await findingOf(
      'zap-trusts-other-zap',
      `@0 v0 = mmap o0 1 pfnmap shared remap=f0
     @0 read v0
     par schedule=1,0
     @0 unmap_mapping_range o0 0x1000
     @0 read v0
     @1 unmap_mapping_range o0 0x1000
     end`,
      { certify },
    );
    expect(finding.violation.clause.id).toBe('UMR-1');
    expect(finding.diagnosis).toBe('stale');
    expect(quotedClause(finding).id).toBe('UMR-4');
  },
);

testInTwoSizes(
  'a fault that has nothing to do with rounding is not called one, and one of rounding is',
  CERTIFICATES,
  async (certify) => {
    const inverted = await findingOf(
      'unmap-range-drops-copies',
      `@0 v0 = mmap o0 1 plain private
     @0 vm_insert_page v0 v0 f0
     @0 unmap_mapping_range o0 0x801
     @0 vm_insert_page v0 v0 f1
     @0 break_cow v0
     @0 unmap_mapping_range o0 0x801 flags=even_cows
     @0 read v0`,
      { certify },
    );
    expect(quotedClause(inverted).id).toBe('UMR-1');
    expect(printSteps(inverted.trace.program)).not.toContain('0x801');
    const rounding = await findingOf(
      'unmap-range-rounds-down',
      `@0 v0 = mmap o0 2 pfnmap shared remap=f0
     @0 unmap_mapping_range o0 0x1800
     @0 read v0+0x1000`,
      { certify },
    );
    expect(quotedClause(rounding).id).toBe('UMR-6');
  },
);

testInTwoSizes('an embedded crash blames the step that crashed', CERTIFICATES, async (certify) => {
  const finding = await findingOf('unknown-address-crashes', '@0 a0 = vmap f0\n@0 vunmap hole', { certify });
  expect(quotedClause(finding).id).toBe('SAFE-1');
  expect(culpritCall(finding)).toBe('vunmap');
});
