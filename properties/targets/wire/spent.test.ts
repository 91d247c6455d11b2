import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import type { Link } from '../../../src/targets/wire/link.ts';
import { parseSpent, sumOfSpent } from '../../../src/targets/wire/spent.ts';
import { WireTarget } from '../../../src/targets/wire/target.ts';

const LINE = 'log spent programs 3 steps 70 read 5 parse 40 run 900';
const HANDSHAKE =
  'mmspec target 1\nname fake\nprofile documented\ncpus 2\nframes 64\npage 4096\nwindow kernel 0xffffc90000000000 0xffffc90000100000\ncalls vmap\nready\n';

/** A target in this process that completes the handshake, and answers `spent`. Notes what it was asked. */
function fakeLink(asked: string[]): Link {
  const from = new PassThrough();
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const line = chunk.toString('latin1').trim();
      asked.push(line);
      if (line === 'hello mmspec 1') from.write(HANDSHAKE);
      if (line === 'spent') from.write(`${LINE}\n`);
      done();
    },
  });
  return { from, to, ended: Promise.resolve().then(() => new Promise(() => {})), log: () => '', kill: async () => {} };
}

test('a target that knows the line says where its time went', async () => {
  const asked: string[] = [];
  const target = await WireTarget.open(async () => fakeLink(asked), { tellsSpent: true });
  const spent = await target.spent();
  expect(spent).toMatchObject({ programs: 3, steps: 70 });
  expect(Object.fromEntries(spent!.microseconds)).toEqual({ read: 5, parse: 40, run: 900 });
});

test('other targets are not asked', async () => {
  const asked: string[] = [];
  const target = await WireTarget.open(async () => fakeLink(asked));
  expect(await target.spent()).toBeUndefined();
  expect(asked).not.toContain('spent');
});

test('what several machines spent is added up', () => {
  const one = parseSpent(LINE)!;
  expect(sumOfSpent([])).toBeUndefined();
  const sum = sumOfSpent([one, one])!;
  expect([sum.programs, sum.steps, sum.microseconds.get('run')]).toEqual([6, 140, 1800]);
  expect(parseSpent('log the spent programs')).toBeUndefined();
});
