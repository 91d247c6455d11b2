import { expect, test } from 'vitest';
import { functionCoverage, mergeFunctions } from '../../src/run/report/functions.ts';
import { openTarget } from '../../src/targets/open.ts';

test('a target that watches no functions says nothing about them', async () => {
  const target = await openTarget('embedded');
  expect(functionCoverage(target)).toEqual({});
  await target.close();
});

test('a function was never entered if no program entered it', async () => {
  const { manifest } = await openTarget('embedded');
  const target = {
    manifest: { ...manifest, functions: ['vunmap', 'purge', 'vmap'] },
    entered: () => new Set(['vunmap']),
  };
  expect(functionCoverage(target)).toEqual({ functions: { watched: 3, never: ['purge', 'vmap'] } });
});

test('a function was never entered in a run of several shards if no shard entered it', () => {
  const one = { functions: { watched: 4, never: ['a', 'b', 'c'] } };
  const other = { functions: { watched: 4, never: ['b', 'c', 'd'] } };
  const third = { functions: { watched: 4, never: ['a', 'b'] } };
  expect(mergeFunctions([one, other])).toEqual({ functions: { watched: 4, never: ['b', 'c'] } });
  expect(mergeFunctions([one, other, third])).toEqual({ functions: { watched: 4, never: ['b'] } });
  expect(mergeFunctions([one, {}])).toEqual({});
});
