import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { AnswerReader } from '../../../src/targets/wire/answers.ts';
import { newJob } from '../../../src/targets/wire/job.ts';
import { addLeak, addOutcome, beginNextRun } from '../../../src/targets/wire/trace.ts';
import { programOf } from '../../support/programs.ts';

/** The kit keeps long answers only up to a limit, and says that it cut them. */

test.each(['crash', 'warn'])('the text of %s is cut', (kind) => {
  const outcome = new AnswerReader(4096).outcome(`${kind} "${'x'.repeat(500_000)}"`);
  expect(outcome.text.length).toBeLessThan(2100);
  expect(outcome.text).toContain('... (498000 more characters were cut off)');
});

/** Bytes of the heap that something refers to: garbage that was not collected yet does not count. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

test('the memory for outcomes does not grow with what was answered before', { tags: ['long'] }, () => {
  const reader = new AnswerReader(4096);
  const before = heapInUse();
  for (let i = 0; i < 5000; i++) reader.outcome(`warn "${'x'.repeat(50_000)}${i}"`);
  expect(heapInUse() - before).toBeLessThan(150 * 2 ** 20);
  expect(reader.outcome('fault').kind).toBe('fault');
});

const blockOf = (attributes: string) =>
  newJob(
    programOf(`par ${attributes}`, '@0 read null', '@1 read null', 'end'),
    false,
    () => {},
    () => {},
  );

test('leaks are cut', () => {
  const job = blockOf('repeat=1');
  for (let i = 0; i < 10_000; i++) addLeak(job, 'L'.repeat(5000));
  expect(job.leaks).toHaveLength(101);
  expect(job.leaks?.[0]).toHaveLength(1000);
  expect(job.leaks?.at(-1)).toBe('further leaks were cut off');
});

test('runs of a program end, whatever repeat= says', () => {
  const job = blockOf('repeat=1000000000');
  const reader = new AnswerReader(4096);
  const runs = (count: number): void => {
    for (let i = 0; i < count; i++) {
      addOutcome(job, 'fault [1 2]', reader);
      addOutcome(job, 'fault [1 3]', reader);
      beginNextRun(job, '');
    }
  };
  runs(9999);
  expect(() => runs(1)).toThrow('it said again after 10000 runs');
});
