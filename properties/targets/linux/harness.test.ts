import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CALL_NAMES } from '../../../reference/notation/names.ts';

/** Calls that the kernel harness cannot make: a stock kernel cannot be asked to let one allocation fail. */
const LEFT_OUT = ['fail_after'];

test('the kernel harness parses every call', () => {
  const source = readFileSync(new URL('../../../fixtures/linux/init/parse.c', import.meta.url), 'utf8');
  const parsed = [...source.matchAll(/^\t\[OP_\w+\] = \{ "(\w+)"/gm)].map(([, name]) => name);
  expect(CALL_NAMES.filter((name) => !parsed.includes(name))).toEqual(LEFT_OUT);
});
