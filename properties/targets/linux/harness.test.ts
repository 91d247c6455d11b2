import { expect, test } from 'vitest';
import { CALLS } from '../../../reference/contract.ts';
import { harnessFolder } from '../../../src/targets/linux/harness.ts';
import { harnessCalls, lettersOf, unhandledCalls } from '../../support/harness.ts';

/** The kernel harness knows the calls of the contract. It builds only where a kernel is prepared; this needs none. */

/** Linux flushes TLBs itself. */
const MISSING = ['flush_tlb'];

test('the table of the harness has every call with its arguments, in the order of the contract', () => {
  const table = harnessCalls(harnessFolder()).map(({ name, takes, binds }) => ({ name, takes, binds }));
  const calls = CALLS.filter(({ name }) => !MISSING.includes(name));
  expect(table).toEqual(calls.map((call) => ({ name: call.name, takes: lettersOf(call), binds: call.binds })));
});

test('the module executes every call of the table', () => {
  expect(unhandledCalls(harnessFolder())).toEqual([]);
});
