import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Tally } from '../../../reference/clauses/tally.ts';
import { judgeAnswer } from '../../../src/findings/execution.ts';
import { agree } from '../../../src/targets/agreement.ts';
import { starterFor } from '../../../src/targets/process/index.ts';
import { TargetFailure } from '../../../src/targets/target.ts';
import type { Incident } from '../../../src/targets/wire/incident.ts';
import type { Link } from '../../../src/targets/wire/link.ts';
import type { OpenOptions } from '../../../src/targets/wire/open.ts';
import { WireTarget } from '../../../src/targets/wire/target.ts';
import { bad, openingTargets } from '../../support/adapters.ts';
import { EVIL, GOOD, runAmongGood } from '../../support/bad-program.ts';
import { answersOf } from '../../support/programs.ts';

const { open, closeAfterTest } = openingTargets();
const folder = mkdtempSync(join(tmpdir(), 'mmspec-wire-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a crash or a hang becomes the outcome of the step in which it happens', () => {
  const becomes = async (deed: string, outcome: string): Promise<void> => {
    const before = process.memoryUsage().rss;
    const { result, target } = await runAmongGood(open, deed);
    const traces = result as string[][];
    expect(traces[2]).toEqual(['0xffffc9000000f000', outcome]);
    for (const i of [0, 1, 3, 4]) expect(traces[i]).toHaveLength(3);
    expect(target.starts).toBe(3);
    expect(target.log.length).toBeLessThan(400_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 << 20);
  };

  test('crash', () => becomes('crash', 'crash "killed by SIGSEGV"'));

  test.each([
    ['cut-line', 'crash "exited with code 0: => 0xffffc9000"'],
    ['exit', 'crash "exited with code 3"'],
    ['exit-quietly', 'crash "exited with code 0"'],
  ])('%s', { tags: ['long'] }, becomes);

  // `npm test` has no other target that is silent for longer than its deadline.
  test('hang', () => becomes('hang', 'timeout'));

  test.each(['flood', 'flood-without-lines', 'flood-errors'])('%s', { tags: ['long'] }, (deed) =>
    becomes(deed, 'timeout'),
  );
});

describe('a crash in the clean-up, after all outcomes', () => {
  test('leaves the outcomes, which are judged', async () => {
    const target = await open(bad('wrong-and-crash-in-clean-up'));
    const [before, evil, after] = await target.run([GOOD, EVIL, GOOD]);
    expect(answersOf(evil)).toEqual(['0xffffc9000000f000', 'other', 'ok']);
    expect(evil.failure?.message).toMatch(/failed after the last step of the program/);
    expect([before.failure, after.failure]).toEqual([undefined, undefined]);
    expect(judgeAnswer(evil, agree(target.manifest).terms, new Tally()).violation?.clause.id).toBe('READ-1');
  });

  test('is a failure of the target where the outcomes break no clause', async () => {
    const target = await open(bad('crash-in-clean-up'));
    const [evil] = await target.run([EVIL]);
    expect(() => judgeAnswer(evil, agree(target.manifest).terms, new Tally())).toThrow(TargetFailure);
  });
});

test('a crash that does not happen again is a failure of the target, not a verdict', async () => {
  const { result } = await runAmongGood(open, 'crash', '--once', join(folder, 'crashed'));
  expect(result).toBeInstanceOf(TargetFailure);
  expect((result as Error).message).toMatch(
    /killed by SIGSEGV.* while 3 programs were in flight, but not when each ran again alone/,
  );
});

test('repeated crashes cost one start each, and each step is still found', async () => {
  const target = await open(bad('crash'));
  const traces = await target.run([EVIL, EVIL, GOOD, EVIL]);
  expect(traces.map((trace) => answersOf(trace).at(-1))).toEqual([
    'crash "killed by SIGSEGV"',
    'crash "killed by SIGSEGV"',
    'ok',
    'crash "killed by SIGSEGV"',
  ]);
  expect(target.starts).toBe(4);
});

test('run may be called again before it has returned', async () => {
  const target = await open(bad('crash'));
  const runs = await Promise.all([target.run([GOOD, GOOD]), target.run([GOOD, EVIL]), target.run([EVIL, GOOD])]);
  expect(runs.map((traces) => traces.map((trace) => trace.outcomes.length))).toEqual([
    [3, 3],
    [3, 2],
    [2, 3],
  ]);
});

describe('what a link knows about its target counts', () => {
  const openWith = async (deed: string, more: string[], knowledge: Partial<Link>, options: OpenOptions) => {
    const { start } = starterFor(bad(deed, ...more));
    return closeAfterTest(await WireTarget.open(async () => ({ ...(await start()), ...knowledge }), options));
  };

  test('a target that ended itself because a step hung: the outcome is timeout', async () => {
    const target = await openWith('exit', [], { hung: () => true }, {});
    const traces = await target.run([GOOD, EVIL, GOOD]);
    expect(traces.map((trace) => answersOf(trace).at(-1))).toEqual(['ok', 'timeout', 'ok']);
  });

  test('a target that was killed from outside: the run goes on', async () => {
    const incidents: string[] = [];
    const causedOutside = ({ message }: Incident) => incidents.push(message) > 0;
    const target = await openWith('crash', ['--once', join(folder, 'outside')], {}, { causedOutside });
    const traces = await target.run([GOOD, EVIL, GOOD]);
    expect(traces.map((trace) => trace.outcomes.length)).toEqual([3, 3, 3]);
    expect(incidents).toEqual(['killed by SIGSEGV']);
  });
});
