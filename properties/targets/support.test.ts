import { expect, test } from 'vitest';
import { VOCABULARY } from '../../reference/calls/index.ts';
import { reportText } from '../../src/output/report/text/index.ts';
import { SequentialGenerator } from '../../src/programs/generate/index.ts';
import { optionsWith } from '../../src/programs/generate/options.ts';
import { run } from '../../src/run/run.ts';
import { nearest, parseSupport, supports } from '../../src/targets/support.ts';

const LIMITS: readonly (readonly [call: string, ...words: string[]])[] = [
  ['vmap', 'contiguous'],
  ['vmap', 'pages=2..'],
  ['vmap', 'contiguous', 'pages=3..5', 'no-put_pages'],
  ['vm_map_ram', 'pages=..4'],
  ['vmalloc', 'pages=2..8'],
  ['mmap', 'plain', 'mixedmap', 'shared', 'no-after'],
  ['mmap', 'pfnmap', 'private', 'no-remap'],
  ['unmap_mapping_range', 'no-even_cows'],
];

test('the nearest arguments are supported, and supported ones stay as they are', () => {
  const programs = new SequentialGenerator(optionsWith());
  const steps = Array.from({ length: 60 }, (_, i) => programs.program(3, i).steps).flat();
  for (const [name, ...words] of LIMITS) {
    const call = VOCABULARY.get(name)!;
    const support = parseSupport(call, words);
    let changed = 0;
    for (const step of steps.filter((one) => one.call === call)) {
      const args = nearest(support, call, step.args, 64, 4096);
      expect(supports(support, { call, args }, 4096), `${name} ${words}`).toBe(true);
      if (supports(support, step, 4096)) expect(args).toEqual(step.args);
      else changed++;
    }
    expect(changed, `${name} ${words}`).toBeGreaterThan(0);
  }
});

test('a report says what was left out by declaration, and does not call it missing', async () => {
  const report = await run({ target: 'embedded:contiguous-runs', budget: { programs: 400 } });
  const text = reportText(report, { width: 120 });
  expect(text).toContain('vmap beyond (contiguous, pages=2.., no-put_pages): left out');
  expect(text).not.toContain('not offered by the target');
});

test('a report lists each declared trait with the promises that it gives up', async () => {
  const report = await run({ target: 'embedded:caller-flushes', budget: { programs: 50 } });
  const text = reportText(report, { width: 120 });
  expect(text).toContain('declared tlb=caller (documented: lazy): on each CPU');
  expect(text).toMatch(/gives up MAP-1: Once a mapping call has returned/);
  expect(text).toMatch(/promises TLB-1: Once a CPU has executed flush_tlb/);
});
