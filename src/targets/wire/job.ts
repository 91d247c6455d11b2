import type { Outcome } from '../../../reference/notation/outcome.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import type { Interval, Program, Trace } from '../../../reference/notation/program.ts';
import type { Answer } from '../target.ts';
import type { WireManifest } from './handshake.ts';

export type WireTrace = Answer;

/** Why a conversation cannot go on. */
export interface Incident {
  /**
   * `ended`: the target is gone; `deadline`: it did not answer in time; `forbidden`: it said what the protocol forbids.
   */
  readonly kind: 'ended' | 'deadline' | 'forbidden';
  readonly message: string;
  /** Programs that were on their way when it happened: any of them may be the cause. */
  readonly suspects: number;
}

/** A program whose trace will not come, since the conversation broke. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly incident: Incident;
  /** False where the target never saw the program. */
  readonly sent: boolean;
  /** True for the oldest program on its way: the one that was to be answered next. */
  readonly head: boolean;
  /** What it had been answered so far. */
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

/** One program on its way through a session. */
export interface Job {
  readonly program: Program;
  /** Its steps as the wire carries them. */
  readonly text: string;
  readonly careful: boolean;
  readonly resolve: (trace: WireTrace) => void;
  readonly reject: (why: Error) => void;
  /** The lines that its trace must begin and end with; set when it is sent. */
  begins: string;
  ends: string;
  sent: boolean;
  begun: boolean;
  outcomes: Outcome[];
  times: (Interval | undefined)[] | undefined;
  leaks: string[] | undefined;
  /** Traces of the times before this one. */
  earlier: Trace[] | undefined;
}

/** How often a program is to be run in one go at most, as its first block says. */
export const repeatsOf = ({ blocks }: Program): number => Number(blocks[0]?.attributes.get('repeat') ?? 1) || 1;

/** What was told of the time that ended last. */
export const traceOf = ({ program, outcomes, times, leaks }: Job): Trace => ({
  program,
  outcomes,
  ...(times ? { times } : {}),
  ...(leaks ? { leaks } : {}),
});

/** A program that is to be run, not sent yet. */
export const newJob = (program: Program, careful: boolean, resolve: Job['resolve'], reject: Job['reject']): Job => ({
  program,
  text: printSteps(program),
  careful,
  resolve,
  reject,
  begins: '',
  ends: '',
  sent: false,
  begun: false,
  outcomes: [],
  times: undefined,
  leaks: undefined,
  earlier: undefined,
});

/** The longest line of a text, in characters. */
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

/** Why the program is beyond what a target announced, or undefined where it is not. */
export function whyBeyond({ program, text }: Job, { cpus, frames, steps, line }: WireManifest): string | undefined {
  const beyond = (has: number, what: string, limit: number) =>
    `the program has ${has} ${what}; the target takes ${limit}`;
  if (program.cpus > cpus) return beyond(program.cpus, 'CPUs', cpus);
  if (program.frames > frames) return beyond(program.frames, 'frames', frames);
  if (program.steps.length > steps) return beyond(program.steps.length, 'steps', steps);
  // Most programs are shorter than one line may be.
  const longest = text.length > line ? longestLine(text) : 0;
  return longest > line ? beyond(longest, 'bytes in one line', line) : undefined;
}
