import { expect, test } from 'vitest';
import { printSteps } from '../../reference/notation/print.ts';
import { parseCourse, printPlaces, programAsRun, scheduleInRun, stopsText } from '../../src/targets/course.ts';
import { programOf } from '../support/programs.ts';

const TEXT = '0:4@unmap_page_range stuck=1:3@step2 1:5@flush_tlb_mm_range/2 | 8 6';

test('a course is parsed, and printed without the lanes that were stuck', () => {
  const course = parseCourse(TEXT)!;
  expect(course.passages).toEqual([8, 6]);
  expect(course.stops.map(({ stuck }) => stuck)).toEqual([false, true, false]);
  expect(printPlaces(course)).toBe('0:4@unmap_page_range,1:5@flush_tlb_mm_range/2');
});

test('a course may leave out stops', () => {
  expect(parseCourse('| 1 0')).toEqual({ stops: [], passages: [1, 0] });
  expect(parseCourse('0:1@a ... | 1 0')?.stops).toHaveLength(1);
});

test.each(['', '0:4@unmap_page_range', 'x:4@a | 1', '0:4 | 1', '0:4@a | one', '0:4@a | 1 | 2'])(
  'malformed: %j',
  (text) => expect(parseCourse(text)).toBeUndefined(),
);

test('a sweep makes one turn of the schedule larger in each run', () => {
  const attributes = new Map([
    ['schedule', '0:2,1,0'],
    ['step', '2'],
  ]);
  expect([1, 2, 5].map((run) => scheduleInRun(attributes, run))).toEqual(['0:2,1,0', '0:2,1:2,0', '0:2,1:5,0']);
  attributes.delete('step');
  expect(scheduleInRun(attributes, 5)).toBe('0:2,1,0');
  expect(scheduleInRun(new Map([['schedule', '-']]), 5)).toBe('-');
  expect(scheduleInRun(new Map(), 5)).toBeUndefined();
});

test('reports name the place where a lane stopped', () => {
  const program = programOf('par schedule=0:4,1', '@0 vm_unmap_aliases', '@1 vm_unmap_aliases', 'end');
  const asRun = programAsRun(program, 1, [parseCourse(TEXT)!]);
  expect(stopsText(asRun)).toBe(
    'lane 0 stopped at unmap_page_range; then lane 1 stopped at flush_tlb_mm_range, visit 2',
  );
  expect(stopsText(programAsRun(program, 1, [parseCourse('1:1@step3 | 1 1')!]))).toBe('lane 1 stopped before step 3');
  expect(stopsText(program)).toBe('');
});

test('a trace with places is saved and parsed again', () => {
  const program = programOf('par schedule=0:4,1', '@0 vm_unmap_aliases', '@1 vm_unmap_aliases', 'end');
  const text = printSteps(programAsRun(program, 1, [parseCourse(TEXT)!]));
  expect(text).toContain('at=0:4@unmap_page_range,1:5@flush_tlb_mm_range/2');
  expect(printSteps(programOf(text.trimEnd()))).toBe(text);
});
