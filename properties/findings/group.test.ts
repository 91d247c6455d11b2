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

test('a run reports one fault once', async () => {
  const { findings } = await run({ target: 'mutant:zap-ignores-kind', budget: { steps: 60_000 } });
  expect(findings.length).toBe(1);
  expect(findings[0].symptoms?.length).toBeGreaterThan(0);
});
