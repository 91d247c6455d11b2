import { expect } from 'vitest';
import type { OpenOptions } from '../../src/targets/wire/open.ts';
import type { WireTarget } from '../../src/targets/wire/target.ts';
import { bad } from './adapters.ts';
import { answersOf, programOf } from './programs.ts';

/** A program that the bad adapter answers as it should. */
export const GOOD = programOf('@0 a0 = vmap f0', '@1 read a0', '@0 vunmap a0');

/** A program in whose second step the bad adapter misbehaves. */
export const EVIL = programOf('@0 a0 = vmap f0', '@0 write null 666', '@0 vunmap a0');

/** How the bad adapter answers the steps of GOOD. */
export const GOOD_ANSWERS = ['0xffffc9000000f000', 'fault', 'ok'];

type Open = (spec: string, options?: OpenOptions) => Promise<WireTarget>;

/**
 * Runs the evil program among good ones on the bad adapter, and then another good one, which must succeed.
 * @returns the answers, or the error of the first run.
 */
export async function runAmongGood(open: Open, deed: string, ...more: string[]) {
  // The deadline is short only where the adapter is silent. It is long enough for a good program on a busy machine.
  const silent = /hang|flood-?(?!outcomes)/.test(deed);
  const target = await open(bad(deed, ...more), silent ? { deadline: 1000 } : {});
  const result = await target.run([GOOD, GOOD, EVIL, GOOD, GOOD]).then(
    (traces) => traces.map(answersOf),
    (error: unknown) => error,
  );
  const [after] = await target.run([GOOD]);
  expect(answersOf(after)).toEqual(GOOD_ANSWERS);
  return { target, result };
}
