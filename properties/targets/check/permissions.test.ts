import { expect, test } from 'vitest';
import { MEMORY } from '../../../src/targets/check/memory.ts';
import { embedded, mutant } from '../../../src/targets/embedded/index.ts';
import { failureOf } from '../../support/embedded-check.ts';

test.each(['lazy', 'eager'])('a conforming implementation passes the check of permissions: %s', async (name) => {
  expect(await failureOf(MEMORY, 'permissions of areas', embedded(name))).toBeUndefined();
});

test.each([
  ['set-memory-ro-forgets-flush', '@0 write a0 8 => fault', '=> a0:0'],
  ['set-memory-ro-misses-last-page', '@0 write a0 8 => fault', '=> a0:0'],
  ['set-memory-rw-changes-direct-map-only', '@0 write a0 8 => a0:0', '=> fault'],
  ['reset-perms-misses-last-page', '@0 vfree a0 => ok', '=> ok readonly 0'],
])('an implementation that changes permissions wrongly fails it: %s', async (name, expected, got) => {
  expect(await failureOf(MEMORY, 'permissions of areas', mutant(name))).toEqual([expected, got]);
});
