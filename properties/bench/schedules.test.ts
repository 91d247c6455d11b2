import { describe, expect, test } from 'vitest';
import { RUNS, samenessOf, scheduledPrograms } from '../../bench/schedules/repeats.ts';
import { VOCABULARY } from '../../reference/calls/index.ts';
import { parse } from '../../reference/notation/document.ts';
import { agree } from '../../src/targets/agreement.ts';
import { parseCourse } from '../../src/targets/course.ts';
import { mutant } from '../../src/targets/embedded/index.ts';
import type { Answer } from '../../src/targets/target.ts';

const { terms } = agree({ traits: new Map(), page: 4096, windows: new Map() });

const run = (
  outcome: string,
  { times = '[1 2]', course = '0:1@vunmap | 3 1', between = '', seen = 'f0' } = {},
): Answer => ({
  ...parse(
    `mmspec trace 1\ncpus 2\nframes 64\n@0 a0 = vmap f0 => ${outcome}\n${between}par\n@1 read a0 => ${seen} ${times}\nend\n`,
    VOCABULARY,
  ).entries[0].trace,
  courses: [parseCourse(course)!],
});
const A = '0xffffc90000001000';
const five = (last: Answer, runs = RUNS, others = run(A)): Answer => ({
  ...last,
  earlier: new Array<Answer>(runs - 1).fill(others),
});

describe('of the runs of a program', () => {
  test.each([
    ['all the same', five(run(A)), [true, true]],
    ['another address', five(run('0xffffc90000002000')), [true, true]],
    ['another outcome', five(run('null')), [true, false]],
    ['another time', five(run(A, { times: '[1 3]' })), [true, false]],
    ['another place', five(run(A, { course: '0:1@vfree | 3 1' })), [false, true]],
    ['one run less', five(run(A), RUNS - 1), [false, false]],
  ])('%s', (_, answer, [interleaving, trace]) => {
    expect(samenessOf(answer, terms)).toEqual({ interleaving, trace, decided: trace, stuck: 0 });
  });

  test.each([
    ['is left open after a lazy unmapping', '@0 vunmap a0 => ok\n', true],
    ['is decided while the area is live', '', false],
  ])('whether a read faults %s', (_, between, decided) => {
    const answer = five(run(A, { between, seen: 'fault' }), RUNS, run(A, { between }));
    expect(samenessOf(answer, terms)).toEqual({ interleaving: true, trace: false, decided, stuck: 0 });
  });

  test('lanes that waited for a held one are counted', () => {
    expect(samenessOf(five(run(A, { course: 'stuck=0:1@vunmap | 3 1' })), terms).stuck).toBe(1);
  });
});

test('all programs have a block, and a schedule for each; the first one says how often to run', () => {
  const draw = scheduledPrograms(mutant('zap-returns-zero')!.manifest, 1);
  for (let i = 0; i < 20; i++) {
    const { blocks } = draw();
    expect(blocks.map(({ attributes }) => attributes.has('schedule'))).toEqual(blocks.map(() => true));
    expect(blocks.map(({ attributes }) => attributes.get('repeat'))).toEqual(
      blocks.map((_, n) => (n === 0 ? String(RUNS) : undefined)),
    );
    expect(blocks.length).toBeGreaterThan(0);
  }
});
