import type { Outcome } from '../../../reference/notation/outcome.ts';
import { crash, TIMEOUT } from '../../../reference/notation/outcome.ts';
import type { Program } from '../../../reference/notation/program.ts';
import { type Target, TargetFailure } from '../target.ts';
import type { WireManifest } from './handshake.ts';
import { type Incident, Interrupted, type WireTrace } from './job.ts';
import type { Link } from './link.ts';
import { type OpenOptions, openSession } from './open.ts';
import type { WireSession } from './session.ts';

/** How often a target is started again in a row without completing a single program. */
const MOST_STARTS = 8;
/** How often a program with a block is tried that may have brought the target down. */
const BLOCK_TRIES = 5;

/** After a crash so many programs in a row must get through alone before several are sent at once again. */
const WARY = 8;

/** The program is beyond what the target announced. */
const refused = (error: unknown, program: Program): TargetFailure =>
  new TargetFailure((error as Error).message, { programs: [program], cause: error });

/**
 * A target behind a wire that is started again whenever it dies. A program in which it crashed or hung is run once
 * more, alone and carefully, on a fresh target, so that the outcome belongs to the very step.
 */
export class WireTarget implements Target {
  readonly manifest: WireManifest;
  readonly #start: () => Promise<Link>;
  readonly #options: OpenOptions;
  #session: WireSession | undefined;
  #starting: Promise<WireSession> | undefined;
  /** Investigations go one after the other; everybody else waits for them. */
  #investigating: Promise<unknown> = Promise.resolve();
  /** For each incident how many suspects are still to be tried (0 once it is explained), and those that were. */
  readonly #inquiries = new WeakMap<Incident, { left: number; readonly suspects: Program[] }>();
  #fruitless = 0;
  /** Programs that are still to be run alone: where one has crashed, the next are often its variants. */
  #wary = 0;
  /** Why it could not be started again; tried anew by the next `run`. */
  #dead: Error | undefined;
  #closed = false;
  /** How often the target was started. */
  starts = 1;

  private constructor(start: () => Promise<Link>, session: WireSession, options: OpenOptions) {
    this.#start = start;
    this.#session = session;
    this.#options = options;
    this.manifest = session.manifest;
  }

  /**
   * Starts the target.
   * @param start makes the line to a fresh target; called again whenever one is needed.
   * @throws TargetFailure where it does not get as far as `ready`.
   */
  static async open(start: () => Promise<Link>, options: OpenOptions = {}): Promise<WireTarget> {
    return new WireTarget(start, await openSession(await start(), options), options);
  }

  /** What the target that runs now said besides the protocol. */
  get log(): string {
    return this.#session?.log ?? '';
  }

  /**
   * Executes programs. May be called again before it has returned.
   * @throws TargetFailure for the first program (in order) about which nothing is known; the others were run.
   */
  async run(programs: readonly Program[]): Promise<WireTrace[]> {
    this.#dead = undefined;
    const results = await Promise.allSettled(programs.map((program) => this.#execute(program)));
    return results.map((result) => {
      if (result.status === 'fulfilled') return result.value;
      throw result.reason;
    });
  }

  async fresh(): Promise<void> {
    await this.#quiet();
    await this.#session?.kill();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#starting?.catch(() => {});
    await this.#session?.close();
    this.#session = undefined;
  }

  async #execute(program: Program): Promise<WireTrace> {
    for (;;) {
      await this.#quiet();
      if (this.#wary > 0) return this.#inTurn(() => this.#alone(program));
      const session = await this.#current(program);
      try {
        const trace = await session.run(program);
        this.#fruitless = 0;
        return trace;
      } catch (error) {
        if (!(error instanceof Interrupted)) throw refused(error, program);
        const forbidden = error.incident.kind === 'forbidden';
        if (forbidden && error.head) throw this.#broken(program, session, error);
        if (forbidden || !error.sent) continue;
        const trace = await this.#inTurn(() => this.#investigate(program, error, session));
        if (trace) return trace;
      }
    }
  }

  /** Does something with nothing else on its way. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#investigating.then(act);
    this.#investigating = turn.catch(() => {});
    return turn;
  }

  /** Runs a program that may well crash: if it does, no second run is needed to know the step. */
  async #alone(program: Program): Promise<WireTrace> {
    const session = await this.#current(program);
    try {
      const trace = await session.run(program, true);
      this.#fruitless = 0;
      this.#wary--;
      return trace;
    } catch (error) {
      return this.#upTo(error, program, session);
    }
  }

  /** The trace that a program has whose run alone ended early; throws where that is no crash and no hang. */
  #upTo(error: unknown, program: Program, session: WireSession): WireTrace {
    if (!(error instanceof Interrupted)) throw refused(error, program);
    if (error.incident.kind === 'forbidden') throw this.#broken(program, session, error);
    return this.#last(program, error, session);
  }

  /** Resolves when no program is being investigated. */
  async #quiet(): Promise<void> {
    let seen: unknown;
    do {
      seen = this.#investigating;
      await seen;
    } while (seen !== this.#investigating);
  }

  /**
   * Runs a program that may have brought the target down again: on a fresh target, nothing else on its way, outcome by
   * outcome. Undefined where another program turned out to be the cause.
   */
  async #investigate(program: Program, why: Interrupted, before: WireSession): Promise<WireTrace | undefined> {
    const { incident } = why;
    let inquiry = this.#inquiries.get(incident);
    if (!inquiry) this.#inquiries.set(incident, (inquiry = { left: incident.suspects, suspects: [] }));
    if (inquiry.left === 0) return undefined;
    inquiry.left--;
    inquiry.suspects.push(program);
    const session = await this.#current(program);
    try {
      let trace = await session.run(program, true);
      // Chance decides how lanes overlap, and once is no chance.
      if (program.blocks.length > 0)
        for (let again = 1; again < BLOCK_TRIES; again++) trace = await session.run(program, true);
      this.#fruitless = 0;
      if (inquiry.left > 0 || this.#options.passOver?.(incident)) return trace;
    } catch (error) {
      inquiry.left = 0;
      return this.#upTo(error, program, session);
    }
    const many = incident.suspects === 1 ? 'a program' : `${incident.suspects} programs`;
    const message = `the target failed (${incident.message}) with ${many} on the way, but not when run again one by one`;
    throw this.#failure(message, inquiry.suspects, before, why);
  }

  /** The trace up to the step in which the target crashed or hung. */
  #last(program: Program, why: Interrupted, session: WireSession): WireTrace {
    const at = why.outcomes.length;
    if (at >= program.steps.length)
      throw this.#failure(
        `the target failed after the last step of the program (${why.message})`,
        program,
        session,
        why,
      );
    const words = session.lastWords;
    const text = words === '' ? why.message : `${why.message}: ${words}`;
    const outcome: Outcome = why.incident.kind === 'deadline' || session.hung ? TIMEOUT : crash(text);
    this.#fruitless = 0;
    this.#wary = WARY;
    const times = why.times ? { times: [...why.times, undefined] } : {};
    return { program, outcomes: [...why.outcomes, outcome], ...times, log: session.log };
  }

  #broken(program: Program, session: WireSession, why: Interrupted): TargetFailure {
    return this.#failure(`the target broke the protocol: ${why.message}`, program, session, why);
  }

  #failure(
    message: string,
    program: Program | readonly Program[],
    session: WireSession | undefined,
    cause?: unknown,
  ): TargetFailure {
    const programs = 'steps' in program ? [program] : program;
    return new TargetFailure(message, { programs, log: session?.log ?? '', cause });
  }

  /** The session that goes on, or one with a target started afresh. */
  async #current(program: Program): Promise<WireSession> {
    if (this.#closed) throw this.#failure('the target was closed', program, undefined);
    if (this.#session && !this.#session.incident) return this.#session;
    if (this.#dead) throw this.#failure(this.#dead.message, program, this.#session, this.#dead);
    this.#starting ??= this.#restart().finally(() => {
      this.#starting = undefined;
    });
    try {
      return await this.#starting;
    } catch (error) {
      this.#dead = error as Error;
      throw this.#failure(this.#dead.message, program, this.#session, error);
    }
  }

  async #restart(): Promise<WireSession> {
    await this.#session?.kill();
    if (this.#fruitless++ >= MOST_STARTS)
      throw new Error(`the target was started ${MOST_STARTS} times in a row without completing a program`);
    this.starts++;
    const session = await openSession(await this.#start(), this.#options);
    this.#session = session;
    const { name } = session.manifest;
    if (name === this.manifest.name) return session;
    await session.kill();
    throw new Error(`the target was ${this.manifest.name}, and is ${name} after it was started again`);
  }
}
