import { expect, test } from 'vitest';
import { CALLS } from '../../../src/targets/check/calls.ts';
import { embedded, mutant } from '../../../src/targets/embedded/index.ts';
import { failureOf } from '../../support/embedded-check.ts';

test.each(['lazy', 'eager'])('a conforming implementation passes the check of forks: %s', async (name) => {
  expect(await failureOf(CALLS, 'fork', embedded(name))).toBeUndefined();
});

test.each([
  ['fork-takes-no-references', '@0 page_count f1 => 2', '=> 1'],
  ['fork-misses-last-page', '@0 page_count f1 => 2', '=> 1'],
  ['exit-unmaps-parent', '@0 page_count f1 => 1', '=> 0'],
  ['exit-keeps-references', '@0 page_count f1 => 1', '=> 2'],
  ['fork-copies-dontcopy', '@0 page_count f1 => 1', '=> 2'],
])('an implementation whose fork or exit is wrong fails it: %s', async (name, expected, got) => {
  expect(await failureOf(CALLS, 'fork', mutant(name))).toEqual([expected, got]);
});
