import type { Program } from '../../../reference/calls/valid.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import type { Interval } from '../../../reference/notation/program.ts';
import type { Course } from '../course.ts';
import type { Answer } from '../target.ts';
import type { WireManifest } from './handshake.ts';
import type { Incident } from './incident.ts';

/** A program on its way through a session, with what the target has answered so far. */
export interface Job {
  readonly program: Program;
  /** Its steps as they are sent. */
  readonly text: string;
  /** Ask for each outcome as soon as its step has returned. */
  readonly careful: boolean;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: Error) => void;
  sent: boolean;
  /** The first and the last line of its trace; set when it is sent. */
  firstLine: string;
  lastLine: string;
  /** The first line of the trace was read. */
  begun: boolean;
  outcomes: Outcome[];
  times: (Interval | undefined)[] | undefined;
  leaks: string[] | undefined;
  courses: Course[] | undefined;
  /** Numbers of random delays, of the blocks without schedules. */
  chances: number[] | undefined;
  /** The schedule that the target picked for the first block in this run. */
  picked: string | undefined;
  /** Answers of the runs before the current one, if the program runs several times. */
  earlier: Answer[] | undefined;
}

/** Creates the job of a program that was not sent yet. */
export const newJob = (program: Program, careful: boolean, resolve: Job['resolve'], reject: Job['reject']): Job => ({
  program,
  text: printSteps(program),
  careful,
  resolve,
  reject,
  sent: false,
  firstLine: '',
  lastLine: '',
  begun: false,
  outcomes: [],
  times: undefined,
  leaks: undefined,
  courses: undefined,
  chances: undefined,
  picked: undefined,
  earlier: undefined,
});

/** A program whose trace will not come, as the conversation broke. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly incident: Incident;
  /** False if the program was never sent. */
  readonly sent: boolean;
  /** True for the oldest program in flight: the one that was being answered. */
  readonly head: boolean;
  /** The outcomes that came before the conversation broke, and their logical times. */
  readonly outcomes: readonly Outcome[];
  readonly times: readonly (Interval | undefined)[] | undefined;

  constructor(incident: Incident, job: Job, head: boolean) {
    super(incident.message);
    this.incident = incident;
    this.sent = job.sent;
    this.head = head;
    this.outcomes = job.outcomes;
    this.times = job.times;
  }
}

/** The length of the longest line of a text, in characters. */
function longestLine(text: string): number {
  let longest = 0;
  for (let at = 0; at < text.length; ) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    longest = Math.max(longest, end - at);
    at = end + 1;
  }
  return longest;
}

/** Which limit of the target the program exceeds, in words; undefined if it exceeds none. */
export function exceededLimit({ program, text }: Job, manifest: WireManifest): string | undefined {
  const { cpus, frames, steps, line } = manifest;
  const exceeds = (has: number, what: string, limit: number) =>
    `the program has ${has} ${what}; the target takes at most ${limit}`;
  if (program.cpus > cpus) return exceeds(program.cpus, 'CPUs', cpus);
  if (program.frames > frames) return exceeds(program.frames, 'frames', frames);
  if (program.steps.length > steps) return exceeds(program.steps.length, 'steps', steps);
  // Most programs are shorter as a whole than a single line may be.
  const longest = text.length > line ? longestLine(text) : 0;
  return longest > line ? exceeds(longest, 'bytes in one line', line) : undefined;
}
