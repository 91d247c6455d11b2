import type { Program } from '../../../reference/notation/program.ts';
import { NotationError } from '../../../reference/notation/scanner.ts';
import { AnswerReader } from './answers.ts';
import type { WireManifest } from './handshake.ts';
import { type Incident, Interrupted, type Job, newJob, repeatsOf, traceOf, type WireTrace, whyBeyond } from './job.ts';
import { utf8 } from './lines.ts';
import type { Link } from './link.ts';
import type { BoundedLog } from './log.ts';
import { Watchdog } from './watchdog.ts';

export interface SessionOptions {
  /** Longest silence about the program that is to be answered next, in milliseconds; 10 s where not said. */
  readonly deadline?: number;
  /** Gets what the target says about leaks after the trace that it belongs to has ended. */
  readonly onLeak?: (program: Program | undefined, text: string) => void;
}

/** Bytes of programs on their way at most, whatever their number. */
const MOST_BYTES = 4 << 20;

const EQUALS = 0x3d;
const GREATER = 0x3e;
const AT = 0x40;

/** Ids grow over all sessions, so that a late answer of an old one is never taken for one of a new one. */
let ids = 0;

/**
 * One conversation with a target, from the handshake (`openSession`) until it breaks or is closed. Programs may be
 * given at any time; up to `limit inflight` are on their way at once. Nothing is started again here: see `WireTarget`.
 */
export class WireSession {
  readonly manifest: WireManifest;
  readonly #link: Link;
  readonly #onLeak: (program: Program | undefined, text: string) => void;
  readonly #log: BoundedLog;
  readonly #answers: AnswerReader;
  readonly #watchdog: Watchdog;
  readonly #waiting: Job[] = [];
  /** Sent and not answered, oldest first, from `#first` on. */
  #flying: Job[] = [];
  #first = 0;
  #bytes = 0;
  #out = '';
  #pumping = false;
  #last: Program | undefined;
  #incident: Incident | undefined;

  constructor(link: Link, manifest: WireManifest, log: BoundedLog, options: SessionOptions) {
    this.#link = link;
    this.manifest = manifest;
    this.#log = log;
    this.#onLeak = options.onLeak ?? (() => {});
    this.#answers = new AnswerReader(manifest.page);
    const deadline = options.deadline ?? 10_000;
    this.#watchdog = new Watchdog(deadline, () => {
      this.#break('deadline', `it did not answer within ${deadline / 1000} s`);
    });
  }

  /** What the target said besides the protocol. */
  get log(): string {
    return `${this.#log.text}${this.#link.log()}`;
  }

  /** Why the conversation broke, or undefined while it goes on. */
  get incident(): Incident | undefined {
    return this.#incident;
  }

  /** True where the target found out itself that a step did not come back. */
  get hung(): boolean {
    return this.#link.hung?.() ?? false;
  }

  /** The last line that the target said besides the protocol, '' where there is none. */
  get lastWords(): string {
    const aside = this.#link.log().trimEnd();
    return aside === '' ? this.#log.lastLine : aside.slice(aside.lastIndexOf('\n') + 1).trim();
  }

  /**
   * Executes one program; `careful` asks for each outcome as soon as its step returned.
   * @returns its trace. Rejects with `Interrupted` where the conversation broke before the trace was complete, with
   * Error where the program is beyond what the target announced.
   */
  run(program: Program, careful = false): Promise<WireTrace> {
    return new Promise((resolve, reject) => {
      const job = newJob(program, careful, resolve, reject);
      const beyond = whyBeyond(job, this.manifest);
      if (beyond) return reject(new Error(beyond));
      if (this.#incident) return reject(new Interrupted(this.#incident, job, false));
      this.#waiting.push(job);
      this.#pumpSoon();
    });
  }

  /** Says `bye`, and ends the target if it does not go by itself within `patience` milliseconds. */
  async close(patience = 1000): Promise<void> {
    this.#break('ended', 'closed by the kit');
    if (this.#link.to.writable) this.#link.to.end('bye\n');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patience);
    });
    await Promise.race([this.#link.ended, late]);
    clearTimeout(timer);
    await this.#link.kill();
  }

  /** Ends the target at once. */
  async kill(): Promise<void> {
    this.#break('ended', 'killed by the kit');
    await this.#link.kill();
  }

  /** Programs that are given together go out together. */
  #pumpSoon(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    queueMicrotask(() => {
      this.#pumping = false;
      this.pump();
    });
  }

  /** Sends what may be sent. */
  pump(): void {
    const { inflight } = this.manifest;
    let taken = 0;
    while (taken < this.#waiting.length && this.#flying.length - this.#first < inflight && this.#bytes < MOST_BYTES)
      this.#send(this.#waiting[taken++]);
    if (taken > 0) this.#waiting.splice(0, taken);
    if (this.#out === '') return;
    this.#link.to.write(this.#out, 'latin1');
    this.#out = '';
  }

  #send(job: Job): void {
    const { program, text } = job;
    const id = ++ids;
    job.begins = `trace ${id}`;
    job.ends = `end ${id}`;
    job.sent = true;
    if (this.#flying.length === this.#first) this.#watchdog.watch();
    this.#flying.push(job);
    this.#bytes += text.length;
    const careful = job.careful ? ' careful' : '';
    this.#out += `program ${id} cpus ${program.cpus} frames ${program.frames}${careful}\n${text}end ${id}\n`;
  }

  /** Takes one line of the target. */
  takeLine(line: string): void {
    if (this.#first === this.#flying.length) return this.#aside(line);
    const job = this.#flying[this.#first];
    if (job.begun) {
      const first = line.charCodeAt(0);
      if (first === EQUALS && line.charCodeAt(1) === GREATER) return this.#outcome(line.slice(2).trim(), job);
      if (line === job.ends) return this.#end(job);
      if (line === 'again') return this.#again(job);
      const arrow = first === AT ? line.indexOf(' => ') : -1;
      if (arrow > 0) this.#outcome(line.slice(arrow + 4).trim(), job);
      else this.#within(line, job);
    } else if (line === job.begins) {
      job.begun = true;
      this.#watchdog.heard();
    } else this.#between(line, job);
  }

  #outcome(text: string, job: Job): void {
    const index = job.outcomes.length;
    if (index >= job.program.steps.length)
      return this.#forbid(`it answered more outcomes than the program has steps (${index}): => ${text.slice(0, 80)}`);
    try {
      const timed = this.#answers.timed(text);
      if (timed) job.times ??= new Array<undefined>(index).fill(undefined);
      job.times?.push(timed?.times);
      job.outcomes.push(this.#answers.outcome(timed ? timed.outcome : text));
    } catch (error) {
      if (!(error instanceof NotationError)) throw error;
      this.#forbid(`it answered step ${index + 1} => ${utf8(text.slice(0, 80))}; expected ${error.expected}`);
    }
    if (job.careful) this.#watchdog.heard();
  }

  /** The program is run once more in the same go. */
  #again(job: Job): void {
    if (!this.#complete(job)) return;
    job.earlier ??= [];
    job.earlier.push(traceOf(job));
    const most = repeatsOf(job.program);
    if (job.earlier.length >= most)
      return this.#forbid(`it said again after ${job.earlier.length} times; the program says repeat=${most}`);
    job.outcomes = [];
    job.times = job.leaks = undefined;
    this.#watchdog.heard();
  }

  #complete({ outcomes, program }: Job): boolean {
    const last = outcomes.at(-1)?.kind;
    if (outcomes.length === program.steps.length || last === 'crash' || last === 'timeout') return true;
    const { length } = program.steps;
    this.#forbid(`it ended the trace after ${outcomes.length} outcomes; the program has ${length} steps`);
    return false;
  }

  #end(job: Job): void {
    if (!this.#complete(job)) return;
    this.#first++;
    if (this.#first === this.#flying.length || this.#first >= 256) {
      this.#flying = this.#flying.slice(this.#first);
      this.#first = 0;
    }
    this.#bytes -= job.text.length;
    this.#last = job.program;
    if (this.#flying.length === 0) this.#watchdog.rest();
    else this.#watchdog.heard();
    job.resolve({ ...traceOf(job), ...(job.earlier ? { earlier: job.earlier } : {}) });
  }

  /** A line within a trace that is no outcome. */
  #within(line: string, job: Job): void {
    if (line.startsWith('leak ')) (job.leaks ??= []).push(utf8(line.slice(5)));
    else if (/^(?:trace|end) [0-9]+$/.test(line)) this.#forbid(`it said ${line}; expected => OUTCOME or ${job.ends}`);
    else if (/^error [0-9]+(?: |$)/.test(line)) this.#error(line, job);
    else this.#log.add(line);
  }

  /** A line before the trace that is to come next. */
  #between(line: string, job: Job): void {
    if (/^(?:trace|end) [0-9]+$/.test(line) || line.startsWith('=> '))
      this.#forbid(`it said ${line.slice(0, 80)}; expected ${job.begins}`);
    else if (/^error [0-9]+(?: |$)/.test(line)) this.#error(line, job);
    else this.#aside(line);
  }

  #aside(line: string): void {
    if (line.startsWith('leak ')) this.#onLeak(this.#last, utf8(line.slice(5)));
    this.#log.add(line);
  }

  #error(line: string, job: Job): void {
    const number = Number(line.split(' ', 2)[1]);
    const at = number > 0 ? job.text.split('\n')[number - 1] : undefined;
    const which = at ? ` (line ${number}: ${at})` : '';
    this.#forbid(`it did not understand the program${which}: ${utf8(line.slice(0, 200))}`);
  }

  /** Takes the beginning of a line that was too long to be kept. */
  takeOverlong(start: string, bytes: number): void {
    if (/^(?:=>|@|trace|end|error) /.test(start))
      this.#forbid(`it sent a line of ${bytes} bytes that begins with ${JSON.stringify(start.slice(0, 40))}`);
  }

  /** The target is gone. */
  end(how: string): void {
    this.#break('ended', how);
  }

  #forbid(message: string): void {
    this.#break('forbidden', message);
  }

  /** The conversation is over: every program that waits is told. */
  #break(kind: Incident['kind'], message: string): void {
    if (this.#incident) return;
    this.#watchdog.rest();
    const flying = this.#flying.slice(this.#first);
    const incident: Incident = { kind, message, suspects: flying.length };
    this.#incident = incident;
    this.#flying = [];
    this.#first = 0;
    flying.forEach((job, index) => {
      job.reject(new Interrupted(incident, job, index === 0));
    });
    for (const job of this.#waiting.splice(0)) job.reject(new Interrupted(incident, job, false));
  }
}
