import { expect, test } from 'vitest';
import { runParts } from '../../../src/targets/check/check.ts';
import { CheckFailed, NotApplicable } from '../../../src/targets/check/reasons.ts';

test('all parts of a check run, and each unsupported call is named once', async () => {
  const run: string[] = [];
  const parts = ['vmap f0', 'vmap f0 f1', 'read null', 'mmap o0 1'];
  const checking = runParts(parts, async (part) => {
    run.push(part);
    const [call] = part.split(' ');
    if (call !== 'read') throw new NotApplicable(`unsupported: ${part}`, call);
  });
  await expect(checking).rejects.toThrow(/^unsupported: vmap f0; unsupported: mmap o0 1$/);
  expect(run).toEqual(parts);
});

test('a part that fails ends the check', async () => {
  const checking = runParts([1, 2], async () => {
    throw new CheckFailed('@0 read null', '=> fault', '=> ok');
  });
  await expect(checking).rejects.toThrow(CheckFailed);
});

test('a check whose parts all apply passes', async () => {
  await expect(runParts([1, 2], async () => {})).resolves.toBeUndefined();
});
