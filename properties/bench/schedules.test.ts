import { describe, expect, test } from 'vitest';
import { RUNS, samenessOf, scheduledPrograms } from '../../bench/schedules/repeats.ts';
import { VOCABULARY } from '../../reference/calls/index.ts';
import { parse } from '../../reference/notation/document.ts';
import { parseCourse } from '../../src/targets/course.ts';
import { mutant } from '../../src/targets/embedded/index.ts';
import type { Answer } from '../../src/targets/target.ts';

const run = (outcome: string, { times = '[1 2]', course = '0:1@vunmap | 3 1' } = {}): Answer => ({
  ...parse(
    `mmspec trace 1\ncpus 2\nframes 64\n@0 a0 = vmap f0 => ${outcome}\npar\n@1 read a0 => f0 ${times}\nend\n`,
    VOCABULARY,
  ).entries[0].trace,
  courses: [parseCourse(course)!],
});
const A = '0x1000';
const five = (last: Answer, runs = RUNS): Answer => ({
  ...last,
  earlier: Array.from({ length: runs - 1 }, () => run(A)),
});

describe('of the runs of a program', () => {
  test.each([
    ['all the same', five(run(A)), [true, true]],
    ['another address', five(run('0x2000')), [true, true]],
    ['another outcome', five(run('null')), [true, false]],
    ['another time', five(run(A, { times: '[1 3]' })), [true, false]],
    ['another place', five(run(A, { course: '0:1@vfree | 3 1' })), [false, true]],
    ['one run less', five(run(A), RUNS - 1), [false, false]],
  ])('%s', (_, answer, [interleaving, trace]) => {
    expect(samenessOf(answer)).toEqual({ interleaving, trace, stuck: 0 });
  });

  test('lanes that waited for a held one are counted', () => {
    expect(samenessOf(five(run(A, { course: 'stuck=0:1@vunmap | 3 1' }))).stuck).toBe(1);
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
