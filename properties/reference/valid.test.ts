import { expect, test } from 'vitest';
import { whyInvalid } from '../../reference/calls/valid.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { Known } from '../../reference/model/known.ts';
import type { Argument } from '../../reference/notation/signature.ts';
import { DOCUMENTED } from '../../reference/profiles/traits.ts';

// The notation cannot write these frames, but a program that was made by code can name them.

const whyNot = (call: string, ...args: Argument[]): string | undefined =>
  whyInvalid(new Known(DOCUMENTED, 1, 64, 4096), { cpu: 0, call: VOCABULARY.get(call)!, binds: -1, args });

test.each([-1, 64, Number.NaN])('the pool of 64 frames has no frame %s', (frame) => {
  expect(whyNot('page_count', frame)).toContain('there is no frame');
  expect(whyNot('vmap', [0, frame])).toContain('there is no frame');
});

test.each([0, 63])('the pool of 64 frames has frame %s', (frame) => {
  expect(whyNot('page_count', frame)).toBeUndefined();
  expect(whyNot('vmap', [0, frame])).toBeUndefined();
});
