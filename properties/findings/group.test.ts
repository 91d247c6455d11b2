import { expect, test } from 'vitest';
import { Tally } from '../../reference/clauses/tally.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { judge } from '../../reference/judge/judge.ts';
import { parse } from '../../reference/notation/document.ts';
import { type Finding, plainFinding } from '../../src/findings/finding.ts';
import { Groups, sameFault } from '../../src/findings/group.ts';
import { culpritOf } from '../../src/findings/localise/culprit.ts';
import { run } from '../../src/run/run.ts';
import { agree } from '../../src/targets/agreement.ts';
import { testInTwoSizes } from '../support/sizes.ts';

/** The finding of a trace. */
function findingOf(steps: string, rate = { failed: 1, of: 1 }): Finding {
  const { header, entries } = parse(`mmspec trace 1\ncpus 2\nframes 64\n${steps}\n`, VOCABULARY);
  const [{ trace }] = entries;
  const violation = judge(trace, agree(header).terms, new Tally())!;
  return { ...plainFinding(trace, violation, rate), culprit: culpritOf(trace, violation) };
}

const zapLeavesPage = () =>
  findingOf(`@0 v0 = mmap o0 1 pfnmap shared remap=f0 => 0x1000000
    @0 zap_vma_ptes v0 v0 0x1000 => 0
    @0 read v0 => f0`);
const zapLeavesEntry = () =>
  findingOf(`@0 v0 = mmap o0 1 pfnmap shared remap=f0 => 0x1000000
    @0 zap_vma_ptes v0 v0 0x1000 => 0
    @0 follow_pfn v0 v0 => f0`);
const munmapLeavesPage = () =>
  findingOf(`@0 v0 = mmap o0 1 pfnmap shared remap=f0 => 0x1000000
    @0 munmap v0 => ok
    @0 read v0 => f0`);
const overlappingZap = () =>
  findingOf(`@0 v0 = mmap o0 1 pfnmap shared remap=f0 => 0x1000000
    par
    @0 zap_vma_ptes v0 v0 0x1000 => 0 [1 3]
    @1 follow_pfn v0 v0 => f0 [2 4]
    end
    @0 read v0 => f0`);

test('findings with the same clause and the same call to blame are one', () => {
  expect(sameFault(zapLeavesPage(), zapLeavesEntry())).toBe(true);
  expect(sameFault(zapLeavesPage(), munmapLeavesPage())).toBe(false);
});

const leavesEntry = (map: string, unmap: string): Finding =>
  findingOf(`@0 a0 = ${map} => 0xffffc90000400000
    @0 ${unmap} => ok
    @0 vmalloc_to_page a0 => ${map.startsWith('vmalloc') ? 'a0:0' : 'f0'}`);
const vunmapLeavesEntry = () => leavesEntry('vmap f0', 'vunmap a0');
const vfreeLeaks = () =>
  findingOf(`@0 a0 = vmalloc 0x1000 => 0xffffc90000400000
    @0 vfree a0 => ok
    leak "1 allocated pages"`);

test('sibling calls that break the same promise are one', () => {
  const others = [leavesEntry('vmalloc 0x1000', 'vfree a0'), leavesEntry('vm_map_ram f0', 'vm_unmap_ram a0 1')];
  expect([vunmapLeavesEntry(), ...others].map(({ key }) => key)).toEqual([
    'VUNMAP-2 vmalloc_to_page frame',
    'VM-6 vmalloc_to_page frame',
    'RAM-6 vmalloc_to_page frame',
  ]);
  for (const other of others) expect(sameFault(vunmapLeavesEntry(), other)).toBe(true);
  // Both say that page tables keep an entry, but the two sides share no code.
  expect(sameFault(vunmapLeavesEntry(), munmapLeavesPage())).toBe(false);
});

test('what the clean-up finds belongs to another finding that blames the same call', () => {
  expect(vfreeLeaks().key).toBe('SAFE-3 vfree left');
  expect(sameFault(vfreeLeaks(), leavesEntry('vmalloc 0x1000', 'vfree a0'))).toBe(true);
  expect(sameFault(vfreeLeaks(), vunmapLeavesEntry())).toBe(false);
});

test('an overlap that contains another one is the same', () => {
  const overlap = (...more: string[]): Finding =>
    findingOf(`@0 a0 = vmap f0 => 0xffffc90000400000
    @0 read a0 => f0
    par
    @0 vm_unmap_aliases => ok [1 4]
    @1 vunmap a0 => ok [2 3]
    ${more.join('\n')}
    end
    @0 vm_unmap_aliases => ok
    @0 read a0 => f0`);
  const other = findingOf(`@0 a0 = vmap f0 => 0xffffc90000400000
    @0 a1 = vmap f1 => 0xffffc90000500000
    par
    @0 vunmap a0 => ok [1 4]
    @1 a2 = vm_map_ram f2 => 0xffffc90000600000 [2 3]
    end
    @0 read a1 => fault`);
  expect(sameFault(overlap(), overlap('@1 a1 = vmap f1 => 0xffffc90000500000 [5 6]'))).toBe(true);
  expect(sameFault(overlap(), other)).toBe(false);
});

test('what is not confirmed is the same as nothing', () => {
  const unconfirmed = { ...zapLeavesEntry(), rate: { failed: 0, of: 10 } };
  expect(sameFault(zapLeavesPage(), unconfirmed)).toBe(false);
});

test('a group is reported once, with its other keys as symptoms', () => {
  const groups = new Groups();
  const first = zapLeavesPage();
  expect(groups.add(first)).toBe(first);
  expect(groups.add(zapLeavesEntry())).toBe(first);
  expect(groups.add(munmapLeavesPage())).not.toBe(first);
  expect(groups.leaders.map(({ key }) => key)).toEqual(['ZAP-1 read frame', 'MUN-1 read frame']);
  expect(first.symptoms?.map(({ key }) => key)).toEqual(['ZAP-1 follow_pfn frame']);
  expect(first.again).toBe(1);
});

test('a finding without overlap takes the place of an overlap with the same call', () => {
  const groups = new Groups();
  const overlap = overlappingZap();
  const apart = zapLeavesPage();
  groups.add(overlap);
  expect(groups.add(apart)).toBe(apart);
  expect(groups.leaders).toEqual([apart]);
  const again = new Groups();
  again.add(zapLeavesPage());
  again.add(overlappingZap());
  expect(again.leaders.map(({ trace }) => trace.program.blocks.length)).toEqual([0]);
});

test('a clause about counts takes the place of what is left over, if both blame the same call', () => {
  const discard = (last: string): Finding =>
    findingOf(`@0 v0 = mmap o0 1 plain shared => 0x1000000
      @0 vm_insert_page v0 v0 f0 => 0
      @0 madvise v0 v0 0x1000 dontneed => 0
      ${last}`);
  const [leftOver, miscounted] = [discard('leak "f0 has 1 reference more"'), discard('@0 page_count f0 => 1')];
  expect([leftOver, miscounted].map(({ key }) => key)).toEqual(['SAFE-3 madvise left', 'MAD-5 page_count number']);
  for (const order of [
    [leftOver, miscounted],
    [miscounted, leftOver],
  ]) {
    const groups = new Groups();
    for (const finding of order) groups.add({ ...finding });
    expect(groups.leaders.map(({ key }) => key)).toEqual(['MAD-5 page_count number']);
  }
});

testInTwoSizes('a run reports one fault once', { small: 5000, full: 60_000 }, async (steps) => {
  const { findings } = await run({ target: 'mutant:zap-ignores-kind', budget: { steps } });
  expect(findings.length).toBe(1);
  expect(findings[0].symptoms?.length).toBeGreaterThan(0);
});
