import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { Tally } from '../../../reference/clauses/tally.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import { judge } from '../../../reference/judge/judge.ts';
import { linearize, type Operation } from '../../../reference/model/linearize.ts';
import { parse } from '../../../reference/notation/document.ts';
import { casesOf } from '../../../src/output/report/cases.ts';
import { summaryText } from '../../../src/output/report/text/summary.ts';
import { reportJson } from '../../../src/run/report/json.ts';
import { agree } from '../../../src/targets/agreement.ts';
import { folder, mmspec } from '../../support/cli.ts';
import { reportOf } from '../../support/report.ts';
import { OPEN } from '../../support/traces.ts';

/** A register that is filled where it is empty (0), or emptied. */
const fill = (called: number, returned: number, value: number): Operation => ({
  called,
  returned,
  apply: (state) => (state === 0 ? value : undefined),
});
const empty = (called: number, returned: number): Operation => ({ called, returned, apply: () => 0 });

describe('the search for an order', () => {
  test('gives the states that some order ends in', () => {
    const order = linearize([[fill(1, 4, 7)], [empty(2, 3)]], [0]);
    expect(order).toEqual({ kind: 'orders', final: new Set([0, 7]) });
  });

  test('keeps to real time', () => {
    const order = linearize([[fill(1, 2, 7)], [empty(3, 4)]], [0]);
    expect(order).toEqual({ kind: 'orders', final: new Set([0]) });
  });

  test('gives the longest order that can be followed, and what fits nowhere behind it', () => {
    const [one, gone, two, three] = [fill(1, 2, 5), empty(3, 4), fill(5, 8, 6), fill(6, 7, 7)];
    const order = linearize([[one, gone, two], [three]], [0]);
    expect(order.kind).toBe('none');
    if (order.kind !== 'none') return;
    expect(order.followed.initial).toBe(0);
    const steps = order.followed.operations.map(({ operation, state }) => [operation, state]);
    expect(steps.slice(0, 2)).toEqual([
      [one, 5],
      [gone, 0],
    ]);
    expect(steps).toHaveLength(3);
    expect(new Set([steps[2][0], order.stuck])).toEqual(new Set([two, three]));
  });

  test('gives up where there is too much to look at', () => {
    const lanes = Array.from({ length: 8 }, () => Array.from({ length: 8 }, (_, i) => empty(2 * i + 1, 100)));
    expect(linearize(lanes, [0], 100).kind).toBe('unknown');
  });

  /** Lanes that only look at the end. They are too many for a number to hold each position of a search. */
  const later = Array.from({ length: 40 }, (_, i): Operation[] => [
    { called: 1000 + 2 * i, returned: 1001 + 2 * i, apply: (state) => state },
  ]);

  test('looks at each position once', () => {
    const apply = vi.fn(() => 0);
    const lanes = Array.from({ length: 3 }, () => [1, 2].map((called) => ({ called, returned: 100, apply })));
    // Of each lane 0, 1 or 2 operations are done. Each operation can come next at 9 of these positions.
    expect(linearize(lanes, [0], 27).kind).toBe('orders');
    expect(apply).toHaveBeenCalledTimes(6 * 9);
    expect(linearize(lanes, [0], 26).kind).toBe('unknown');
    expect(linearize([...lanes, ...later], [0], 67).kind).toBe('orders');
    expect(linearize([...lanes, ...later], [0], 66).kind).toBe('unknown');
  });

  const lane = fc.array(fc.record({ value: fc.integer({ min: 0, max: 3 }), gap: fc.integer({ min: 1, max: 9 }) }), {
    maxLength: 4,
  });
  const overlapping: fc.Arbitrary<Operation[][]> = fc.array(lane, { minLength: 2, maxLength: 3 }).map((drawn) =>
    drawn.map((steps, which) => {
      let at = which + 1;
      return steps.map(({ value, gap }) => {
        const called = at;
        at += 4 * gap;
        return value === 0 ? empty(called, at - 3) : fill(called, at - 3, value);
      });
    }),
  );

  test('finds the same, however many lanes there are', () => {
    fc.assert(
      fc.property(overlapping, (lanes) => {
        const [few, many] = [linearize(lanes, [0]), linearize([...lanes, ...later], [0])];
        expect({ ...many, followed: undefined }).toEqual({ ...few, followed: undefined });
      }),
    );
  });

  test('an order that was followed is one, and nothing can come next', () => {
    fc.assert(
      fc.property(overlapping, (lanes) => {
        const order = linearize(lanes, [0]);
        if (order.kind !== 'none') return;
        const { initial, operations } = order.followed;
        let state: number | undefined = initial;
        for (const [n, { operation, state: after }] of operations.entries()) {
          state = operation.apply(state!);
          expect(state).toBe(after);
          for (const { operation: later } of operations.slice(n))
            expect(later.returned).toBeGreaterThan(operation.called);
        }
        expect(order.stuck.apply(state!)).toBeUndefined();
        const left = lanes.flat().filter((one) => !operations.some(({ operation }) => operation === one));
        const first = Math.min(...left.map(({ returned }) => returned));
        for (const one of left) if (one.called < first) expect(one.apply(state!)).toBeUndefined();
      }),
    );
  });
});

describe('a verdict that is left open', () => {
  const judged = (text: string) => {
    const { header, entries } = parse(text, VOCABULARY);
    const tally = new Tally();
    const { terms } = agree({ ...header, profile: 'documented' });
    return { violation: judge(entries[0].trace, terms, tally), unknown: tally.unknown };
  };

  test('says nothing of what comes after, but of a crash', () => {
    expect(judged(OPEN)).toEqual({ violation: undefined, unknown: 1 });
    const crashed = judged(OPEN.replace('=> f5', '=> crash "oops"'));
    expect(crashed.violation?.clause.id).toBe('SAFE-1');
  });

  test('is never shown as passed', async () => {
    const report = reportOf(OPEN);
    expect(reportJson(report).unknown).toBe(1);
    expect(summaryText(report, { width: 100 })).toContain('1 program left open');
    expect(casesOf(report).find(({ id }) => id === 'run.judged')?.ending).toBe('skipped');
    expect(casesOf({ ...report, unknown: 0 }).some(({ id }) => id === 'run.judged')).toBe(false);
    const file = join(folder(), 'open.mm');
    writeFileSync(file, OPEN);
    const { code, stdout } = await mmspec(['judge', file]);
    expect(code).toBe(4);
    expect(stdout).toContain('1 program left open');
    expect(stdout).not.toMatch(/^held/m);
  });
});
