import type { Program } from '../../reference/calls/valid.ts';
import type { Block } from '../../reference/notation/program.ts';

/** A place where a lane stopped before its end. */
export interface Stop {
  readonly cpu: number;
  /** Passages that the lane had made. */
  readonly passages: number;
  /** The function that the lane was about to execute; `step3` if it was about to begin step 3 of the program. */
  readonly place: string;
  /** Which of the lane's visits to the place this was, from 1. */
  readonly visit: number;
  /** True if the lane waited for a lane that was held; otherwise the schedule held it. */
  readonly stuck: boolean;
}

/** How the lanes of a block interleaved, as the target tells: where lanes stopped, and how far each one went. */
export interface Course {
  readonly stops: readonly Stop[];
  /** Passages of each lane, by CPU. */
  readonly passages: readonly number[];
}

const STOP = /^(stuck=)?(\d{1,4}):(\d{1,9})@([\w.$]+)(?:\/(\d{1,9}))?$/;

/** Parses the text behind `course`; undefined if it is malformed. */
export function parseCourse(text: string): Course | undefined {
  const [before, after, ...more] = text.split('|');
  if (after === undefined || more.length > 0 || !/^[\d ]+$/.test(after)) return undefined;
  const stops: Stop[] = [];
  for (const word of before.split(' ')) {
    if (word === '' || word === '...') continue;
    const match = STOP.exec(word);
    if (!match) return undefined;
    const [, stuck, cpu, passages, place, visit = '1'] = match;
    stops.push({
      cpu: Number(cpu),
      passages: Number(passages),
      place,
      visit: Number(visit),
      stuck: stuck !== undefined,
    });
  }
  const passages = after.trim().split(/ +/).map(Number);
  return { stops, passages };
}

/** The places of preemptions as the attribute `at`: `0:4@unmap_page_range`. */
export const printPlaces = ({ stops }: Course): string =>
  stops
    .filter(({ stuck }) => !stuck)
    .map(({ cpu, passages, place, visit }) => `${cpu}:${passages}@${place}${visit > 1 ? `/${visit}` : ''}`)
    .join(',');

/** Parses the attribute `at`. Words that are malformed are left out. */
const parsePlaces = (text: string): readonly Stop[] => parseCourse(`${text.replaceAll(',', ' ')} | 0`)?.stops ?? [];

/** The stops of all lanes of the program, in order. */
const stopsOf = ({ blocks }: Program): readonly Stop[] =>
  blocks.flatMap(({ attributes }) => parsePlaces(attributes.get('at') ?? ''));

/** Where lanes of the program stopped: functions, or `step3`. */
export const stopPlaces = (program: Program): readonly string[] => stopsOf(program).map(({ place }) => place);

/** Where lanes of the program stopped, in words: `lane 1 stopped at unmap_page_range`; empty if it is not known. */
export const stopsText = (program: Program): string =>
  stopsOf(program)
    .map(({ cpu, place, visit }) => {
      const step = /^step(\d+)$/.exec(place);
      const again = visit > 1 ? `, visit ${visit}` : '';
      return `lane ${cpu} stopped ${step ? `before step ${step[1]}` : `at ${place}${again}`}`;
    })
    .join('; then ');

/** The schedule that a block has in run `run` of its program, from 1: with `step=K`, turn K grows by one in each run. */
export function scheduleInRun(attributes: Block['attributes'], run: number): string | undefined {
  const swept = Number(attributes.get('step') ?? 0);
  return attributes
    .get('schedule')
    ?.split(',')
    .map((turn, at) => {
      const [cpu, count = '1'] = turn.split(':');
      const times = at + 1 === swept ? Number(count) + run - 1 : Number(count);
      return times > 1 ? `${cpu}:${times}` : cpu;
    })
    .join(',');
}

/** The delays that lanes have in run `run` of a program: the ones that are written, times the number of the run. */
const delaysInRun = (delays: string, run: number): string => delays.replace(/:(\d+)/g, (_, n) => `:${Number(n) * run}`);

/**
 * The program as it ran, so that it runs in the same way again: each block with a schedule has the one of this run, and
 * the places where lanes stopped; each other block has the delays of this run, and the number of its random ones.
 * @param chances the numbers of the random delays, of the blocks without schedules.
 * @param picked the schedule of the first block, if the target picked it.
 */
export function programAsRun(
  program: Program,
  run: number,
  courses: readonly Course[],
  chances: readonly number[] = [],
  picked?: string,
): Program {
  let next = 0;
  let nextChance = 0;
  const blocks = program.blocks.map((block, number) => {
    const schedule = (number === 0 ? picked : undefined) ?? scheduleInRun(block.attributes, run);
    if (schedule === undefined) {
      const chance = chances[nextChance++];
      if (chance === undefined) return block;
      const kept = new Map(block.attributes).set('chance', String(chance));
      kept.delete('repeat');
      const delays = kept.get('delay');
      if (delays !== undefined) kept.set('delay', delaysInRun(delays, run));
      return { ...block, attributes: kept };
    }
    const course = courses[next++];
    const attributes = new Map(block.attributes).set('schedule', schedule);
    for (const name of ['repeat', 'step', 'pick', 'at']) attributes.delete(name);
    const places = course ? printPlaces(course) : '';
    if (places !== '') attributes.set('at', places);
    return { ...block, attributes };
  });
  return { ...program, blocks };
}
