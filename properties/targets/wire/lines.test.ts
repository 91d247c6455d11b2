import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from '../../../src/targets/wire/lines.ts';

/** Cuts bytes into pieces of these lengths, and one more with the rest. */
function pieces(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const cut: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    cut.push(bytes.subarray(at, at + length));
    at += length;
  }
  return [...cut, bytes.subarray(at)];
}

function split(chunks: readonly Buffer[], maxLength?: number) {
  const lines: string[] = [];
  const overlong: number[] = [];
  const splitter = new LineSplitter(
    (line) => lines.push(line),
    (_start, bytes) => overlong.push(bytes),
    maxLength,
  );
  for (const chunk of chunks) splitter.push(chunk);
  return { lines, overlong, rest: splitter.rest };
}

test('the lines of a stream do not depend on where its chunks begin and end', () => {
  const text = fc.array(fc.constantFrom('=> ok', '', 'end 1', '\u00ff\u00fe', 'x'.repeat(30), 'a\r'), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(text, fc.array(fc.nat(40)), fc.boolean(), (lines, lengths, carriage) => {
      const bytes = Buffer.from(lines.map((line) => `${line}${carriage ? '\r\n' : '\n'}`).join(''), 'latin1');
      const expected = lines.map((line) => (carriage ? line : line.replace(/\r$/, '')));
      expect(split(pieces(bytes, lengths))).toEqual({ lines: expected, overlong: [], rest: '' });
    }),
  );
});

test('an overlong line is dropped, wherever it is cut, and the next line is read', () => {
  fc.assert(
    fc.property(fc.integer({ min: 101, max: 400 }), fc.array(fc.nat(90)), (length, lengths) => {
      const bytes = Buffer.from(`before\n${'x'.repeat(length)}\nafter\nrest`);
      const expected = { lines: ['before', 'after'], overlong: [length], rest: 'rest' };
      expect(split(pieces(bytes, lengths), 100)).toEqual(expected);
    }),
  );
});
