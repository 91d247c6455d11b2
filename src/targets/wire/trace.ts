import type { Program } from '../../../reference/calls/valid.ts';
import { NotationError } from '../../../reference/notation/scanner.ts';
import { parseCourse, programAsRun } from '../course.ts';
import type { Answer } from '../target.ts';
import type { AnswerReader } from './answers.ts';
import { ForbiddenAnswer } from './incident.ts';
import type { Job } from './job.ts';
import { utf8 } from './lines.ts';

/**
 * Builds the trace of a job from what the target answers.
 *
 * Every function that takes an answer throws ForbiddenAnswer if the protocol forbids it.
 */

/** Maximum number of runs of one program that are kept. */
const MAX_RUNS = 10_000;

/** How often a program may run: the attribute `repeat` of its first block. */
const repeatsOf = ({ blocks }: Program): number =>
  Math.min(MAX_RUNS, Number(blocks[0]?.attributes.get('repeat') ?? 1) || 1);

/** Takes the next outcome: the text behind `=>`. */
export function addOutcome(job: Job, text: string, answers: AnswerReader): void {
  const index = job.outcomes.length;
  if (index >= job.program.steps.length)
    throw new ForbiddenAnswer(
      `it answered more outcomes than the program has steps (${index}): => ${text.slice(0, 80)}`,
    );
  try {
    const timed = answers.timed(text);
    if (timed) job.times ??= new Array<undefined>(index).fill(undefined);
    job.times?.push(timed?.times);
    job.outcomes.push(answers.outcome(timed ? timed.outcome : text));
  } catch (error) {
    if (!(error instanceof NotationError)) throw error;
    const answer = utf8(text.slice(0, 80));
    throw new ForbiddenAnswer(`it answered step ${index + 1} => ${answer}; expected ${error.expected}`);
  }
}

/** Maximum number of leaks that are kept of one run of a program, and of characters that are kept of each. */
const MAX_LEAKS = 100;
const MAX_LEAK_LENGTH = 1000;

/** Takes a leak. Only the first ones are kept, and the last one then says that more came. */
export function addLeak(job: Job, text: string): void {
  job.leaks ??= [];
  if (job.leaks.length > MAX_LEAKS) return;
  const more = job.leaks.length === MAX_LEAKS;
  job.leaks.push(more ? 'further leaks were cut off' : text.slice(0, MAX_LEAK_LENGTH));
}

/** Takes the course of the next block with a schedule: the text behind `course`. */
export function addCourse(job: Job, text: string): void {
  const course = parseCourse(text);
  if (!course)
    throw new ForbiddenAnswer(
      `it said course ${utf8(text.slice(0, 80))}; expected course CPU:PASSAGES@PLACE ... | PASSAGES ...`,
    );
  job.courses ??= [];
  job.courses.push(course);
}

/** Takes the number of the random delays of the next block without a schedule: the text behind `chance`. */
export function addChance(job: Job, text: string): void {
  if (!/^[1-9][0-9]{0,9}$/.test(text))
    throw new ForbiddenAnswer(`it said chance ${utf8(text.slice(0, 80))}; expected chance NUMBER`);
  job.chances ??= [];
  job.chances.push(Number(text));
}

const SCHEDULE = /^\d{1,4}(?::\d{1,9})?(?:,\d{1,4}(?::\d{1,9})?)*$/;

/**
 * Takes `again`: the current run is complete, and the program runs once more.
 * @param schedule the one that the first block has in the next run, if the target picked it; else ''.
 */
export function beginNextRun(job: Job, schedule: string): void {
  if (schedule !== '' && !SCHEDULE.test(schedule))
    throw new ForbiddenAnswer(
      `it said again ${utf8(schedule.slice(0, 80))}; expected again, or again CPU:PASSAGES,...`,
    );
  requireComplete(job);
  job.earlier ??= [];
  job.earlier.push(runOf(job));
  const limit = repeatsOf(job.program);
  if (job.earlier.length >= limit)
    throw new ForbiddenAnswer(`it said again after ${job.earlier.length} runs; the program says repeat=${limit}`);
  job.outcomes = [];
  job.times = job.leaks = job.courses = job.chances = undefined;
  job.picked = schedule === '' ? undefined : schedule;
}

/** Takes the end of the trace. Returns the answer to the job. */
export function answerOf(job: Job): Answer {
  requireComplete(job);
  return { ...runOf(job), ...(job.earlier ? { earlier: job.earlier } : {}) };
}

/** The answer of the current run. */
const runOf = ({ program, outcomes, times, leaks, courses, chances, picked, earlier = [] }: Job): Answer => ({
  program: courses || chances ? programAsRun(program, earlier.length + 1, courses ?? [], chances, picked) : program,
  outcomes,
  ...(times ? { times } : {}),
  ...(leaks ? { leaks } : {}),
  ...(courses ? { courses } : {}),
});

function requireComplete({ outcomes, program }: Job): void {
  const { length } = program.steps;
  const last = outcomes.at(-1)?.kind;
  if (outcomes.length === length || last === 'crash' || last === 'timeout') return;
  throw new ForbiddenAnswer(`it ended the trace after ${outcomes.length} outcomes; the program has ${length} steps`);
}
