import type { Program } from '../../../reference/calls/valid.ts';
import type { Answer, Spent } from '../target.ts';
import { AnswerReader } from './answers.ts';
import type { WireManifest } from './handshake.ts';
import { ForbiddenAnswer, type Incident } from './incident.ts';
import { exceededLimit, Interrupted, type Job, newJob } from './job.ts';
import { namesIn, utf8 } from './lines.ts';
import type { Link } from './link.ts';
import type { BoundedLog } from './log.ts';
import { JobQueue } from './queue.ts';
import { SpentQuestion } from './spent.ts';
import { addChance, addCourse, addLeak, addOutcome, answerOf, beginNextRun } from './trace.ts';
import { Watchdog } from './watchdog.ts';

export interface SessionOptions {
  /** How long the target may be silent about the program that it must answer next, in ms; 10,000 by default. */
  readonly deadline?: number;
  /** Called with leaks that the target reports after the end of a trace, and with the program of that trace. */
  readonly onLeak?: (program: Program | undefined, text: string) => void;
  /** Called with the name of each function that a program entered for the first time since the target was started. */
  readonly onEntered?: (name: string) => void;
}

const EQUALS = 0x3d;
const GREATER = 0x3e;
const AT = 0x40;

/** Ids grow over all sessions, so that a late answer of an old session is never taken for one of a new session. */
let lastId = 0;

/**
 * A conversation with a target, from the handshake (`openSession`) until it breaks or is closed. Programs may be given
 * at any time; up to `limit inflight` of them are in flight. A session ends with its target: `WireTarget` restarts it.
 */
export class WireSession {
  readonly manifest: WireManifest;
  readonly #link: Link;
  readonly #onLeak: (program: Program | undefined, text: string) => void;
  readonly #onEntered: (name: string) => void;
  readonly #log: BoundedLog;
  readonly #answers: AnswerReader;
  readonly #watchdog: Watchdog;
  readonly #queue: JobQueue;
  /** A microtask that sends programs is scheduled. */
  #pumpScheduled = false;
  /** The program that was answered last. */
  #answered: Program | undefined;
  #incident: Incident | undefined;
  readonly #spent = new SpentQuestion();

  constructor(link: Link, manifest: WireManifest, log: BoundedLog, options: SessionOptions) {
    this.#link = link;
    this.manifest = manifest;
    this.#log = log;
    this.#onLeak = options.onLeak ?? (() => {});
    this.#onEntered = options.onEntered ?? (() => {});
    this.#answers = new AnswerReader(manifest.page);
    this.#queue = new JobQueue(manifest.inflight);
    const deadline = options.deadline ?? 10_000;
    this.#watchdog = new Watchdog(deadline, () => {
      this.#break('deadline', `it did not answer within ${deadline / 1000} s`);
    });
  }

  /** The target's output besides the protocol. */
  get log(): string {
    return `${this.#log.text}${this.#link.log()}`;
  }

  /** Why the conversation broke; undefined while it goes on. */
  get incident(): Incident | undefined {
    return this.#incident;
  }

  /** True where the target itself noticed that a step hangs. */
  get hung(): boolean {
    return this.#link.hung?.() ?? false;
  }

  /** The last line of the log; '' if it is empty. */
  get lastWords(): string {
    const aside = this.#link.log().trimEnd();
    return aside === '' ? this.#log.lastLine : aside.slice(aside.lastIndexOf('\n') + 1).trim();
  }

  /**
   * Executes one program. With `careful` the target sends each outcome as soon as its step has returned.
   * @returns its answer. Rejects with `Interrupted` if the conversation breaks before the answer is complete, with
   * Error if the program exceeds a limit of the target.
   */
  run(program: Program, careful = false): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const job = newJob(program, careful, resolve, reject);
      const exceeded = exceededLimit(job, this.manifest);
      if (exceeded) return reject(new Error(exceeded));
      if (this.#incident) return reject(new Interrupted(this.#incident, job, false));
      this.#queue.add(job);
      this.#schedulePump();
    });
  }

  /**
   * Says `bye`, and kills the target unless it ends within `timeout` milliseconds. A target that still owes an answer is
   * killed at once.
   */
  async close(timeout = 1000): Promise<void> {
    if (this.#queue.head) return this.kill();
    this.#break('ended', 'closed by the kit');
    if (this.#link.to.writable) this.#link.to.end('bye\n');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeout);
    });
    await Promise.race([this.#link.ended, late]);
    clearTimeout(timer);
    await this.#link.kill();
  }

  /** Asks the target where its time went. Undefined if it does not answer, or if programs are in flight. */
  async spent(): Promise<Spent | undefined> {
    if (this.#incident || this.#queue.head) return undefined;
    return this.#spent.ask(this.#link.to);
  }

  /** Kills the target. */
  async kill(): Promise<void> {
    this.#break('ended', 'killed by the kit');
    await this.#link.kill();
  }

  /** Sends programs in a microtask, so that programs which are given together are sent together. */
  #schedulePump(): void {
    if (this.#pumpScheduled) return;
    this.#pumpScheduled = true;
    queueMicrotask(() => {
      this.#pumpScheduled = false;
      this.pump();
    });
  }

  /** Sends the waiting programs that the limits allow. */
  pump(): void {
    const wasIdle = this.#queue.head === undefined;
    const jobs = this.#queue.takeSendable();
    if (jobs.length === 0) return;
    if (wasIdle) this.#watchdog.watch();
    this.#link.to.write(jobs.map(messageOf).join(''), 'latin1');
  }

  /** Takes one line of the target. */
  takeLine(line: string): void {
    const job = this.#queue.head;
    if (job === undefined) return this.#aside(line);
    try {
      if (job.begun) this.#lineOfTrace(line, job);
      else this.#lineBeforeTrace(line, job);
    } catch (error) {
      if (!(error instanceof ForbiddenAnswer)) throw error;
      this.#break('forbidden', error.message);
    }
  }

  /** Takes the beginning of a line that is too long to be kept; `bytes` is its length. */
  takeOverlong(start: string, bytes: number): void {
    if (/^(?:=>|@|trace|end|error) /.test(start)) {
      const beginning = JSON.stringify(start.slice(0, 40));
      this.#break('forbidden', `it sent a line of ${bytes} bytes that begins with ${beginning}`);
    }
  }

  /** The target is gone; `how` it ended. */
  end(how: string): void {
    this.#break('ended', how);
  }

  #lineBeforeTrace(line: string, job: Job): void {
    if (line === job.firstLine) {
      job.begun = true;
      this.#watchdog.heard();
    } else if (/^(?:trace|end) [0-9]+$/.test(line) || line.startsWith('=> '))
      throw new ForbiddenAnswer(`it said ${line.slice(0, 80)}; expected ${job.firstLine}`);
    else if (isError(line)) throw notUnderstood(line, job);
    else this.#aside(line);
  }

  #lineOfTrace(line: string, job: Job): void {
    const first = line.charCodeAt(0);
    if (first === EQUALS && line.charCodeAt(1) === GREATER) return this.#outcome(line.slice(2).trim(), job);
    if (line === job.lastLine) return this.#endTrace(job);
    if (line === 'again' || line.startsWith('again ')) {
      beginNextRun(job, line.slice(6));
      return this.#watchdog.heard();
    }
    // The target may repeat the step before its outcome.
    const arrow = first === AT ? line.indexOf(' => ') : -1;
    if (arrow > 0) this.#outcome(line.slice(arrow + 4).trim(), job);
    else if (line.startsWith('leak ')) addLeak(job, utf8(line.slice(5)));
    else if (line.startsWith('entered ')) namesIn(line.slice(8)).forEach(this.#onEntered);
    else if (line.startsWith('course ')) addCourse(job, line.slice(7));
    else if (line.startsWith('chance ')) addChance(job, line.slice(7));
    else if (/^(?:trace|end) [0-9]+$/.test(line))
      throw new ForbiddenAnswer(`it said ${line}; expected => OUTCOME or ${job.lastLine}`);
    else if (isError(line)) throw notUnderstood(line, job);
    else this.#log.add(line);
  }

  #outcome(text: string, job: Job): void {
    addOutcome(job, text, this.#answers);
    if (job.careful) this.#watchdog.heard();
  }

  #endTrace(job: Job): void {
    const answer = answerOf(job);
    this.#queue.removeHead();
    this.#answered = job.program;
    if (this.#queue.head === undefined) this.#watchdog.rest();
    else this.#watchdog.heard();
    job.resolve(answer);
  }

  /** A line between two traces. */
  #aside(line: string): void {
    if (this.#spent.answered(line)) return;
    if (line.startsWith('leak ')) this.#onLeak(this.#answered, utf8(line.slice(5)));
    this.#log.add(line);
  }

  /** Ends the conversation, and rejects all jobs. */
  #break(kind: Incident['kind'], message: string): void {
    if (this.#incident) return;
    this.#watchdog.rest();
    const { inFlight, waiting } = this.#queue.clear();
    const incident: Incident = { kind, message, suspects: inFlight.length };
    this.#incident = incident;
    for (const [index, job] of inFlight.entries()) job.reject(new Interrupted(incident, job, index === 0));
    for (const job of waiting) job.reject(new Interrupted(incident, job, false));
  }
}

/** The message that sends a program. Notes in the job under which id. */
function messageOf(job: Job): string {
  const { program, text } = job;
  const id = ++lastId;
  job.firstLine = `trace ${id}`;
  job.lastLine = `end ${id}`;
  job.sent = true;
  const careful = job.careful ? ' careful' : '';
  return `program ${id} cpus ${program.cpus} frames ${program.frames}${careful}\n${text}end ${id}\n`;
}

const isError = (line: string): boolean => /^error [0-9]+(?: |$)/.test(line);

/** The target answered `error LINE-NUMBER TEXT`. */
function notUnderstood(line: string, job: Job): ForbiddenAnswer {
  const number = Number(line.split(' ', 2)[1]);
  const at = number > 0 ? job.text.split('\n')[number - 1] : undefined;
  const which = at ? ` (line ${number}: ${at})` : '';
  return new ForbiddenAnswer(`it did not understand the program${which}: ${utf8(line.slice(0, 200))}`);
}
