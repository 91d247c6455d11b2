import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from '../../src/targets/wire/lines.ts';
import { BoundedLog } from '../../src/targets/wire/log.ts';

/** Bytes in pieces of the given lengths; what is left over is one more piece. */
function pieces(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const cut: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    cut.push(bytes.subarray(at, at + length));
    at += length;
  }
  return [...cut, bytes.subarray(at)];
}

function split(chunks: readonly Buffer[], longest?: number) {
  const lines: string[] = [];
  const long: number[] = [];
  const splitter = new LineSplitter(
    (line) => lines.push(line),
    (_start, bytes) => long.push(bytes),
    longest,
  );
  for (const chunk of chunks) splitter.push(chunk);
  return { lines, long, rest: splitter.rest };
}

test('the lines of a stream do not depend on where it is cut', () => {
  const text = fc.array(fc.constantFrom('=> ok', '', 'end 1', '\u00ff\u00fe', 'x'.repeat(30), 'a\r'), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(text, fc.array(fc.nat(40)), fc.boolean(), (lines, lengths, carriage) => {
      const bytes = Buffer.from(lines.map((line) => `${line}${carriage ? '\r\n' : '\n'}`).join(''), 'latin1');
      const seen = split(pieces(bytes, lengths));
      const right = lines.map((line) => (carriage ? line : line.replace(/\r$/, '')));
      expect(seen).toEqual({ lines: right, long: [], rest: '' });
    }),
  );
});

test('a line that is too long is passed over, wherever it is cut, and the next one is read', () => {
  fc.assert(
    fc.property(fc.integer({ min: 101, max: 400 }), fc.array(fc.nat(90)), (length, lengths) => {
      const bytes = Buffer.from(`before\n${'x'.repeat(length)}\nafter\nrest`);
      expect(split(pieces(bytes, lengths), 100)).toEqual({ lines: ['before', 'after'], long: [length], rest: 'rest' });
    }),
  );
});

test('a log keeps its first and its last lines', () => {
  const log = new BoundedLog(2);
  for (let i = 0; i < 10; i++) log.add(`line ${i}`);
  expect(log.text).toBe('line 0\nline 1\n... 6 lines dropped ...\nline 8\nline 9\n');
  expect(log.lastLine).toBe('line 9');
});
