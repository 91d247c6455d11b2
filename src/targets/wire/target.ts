import type { Program } from '../../../reference/calls/valid.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';
import { crash, TIMEOUT } from '../../../reference/notation/outcome.ts';
import { type Answer, type OnAnswer, type Spent, type Target, TargetFailure } from '../target.ts';
import type { WireManifest } from './handshake.ts';
import type { Incident } from './incident.ts';
import { Interrupted } from './job.ts';
import type { Link } from './link.ts';
import { type OpenOptions, openSession } from './open.ts';
import type { WireSession } from './session.ts';

/** Give up when the target was started this often in a row without completing a program. */
const MAX_FRUITLESS_STARTS = 8;

/** How often a suspected program with a parallel block runs: whether it crashes depends on how its lanes overlap. */
const RUNS_OF_SUSPECTED_BLOCK = 5;

/** After a crash, this many programs run alone before programs are sent in batches again. */
const SOLO_RUNS_AFTER_CRASH = 8;

/** Starts a fresh target and connects to it. The signal aborts when the target is not wanted any more. */
export type Start = (signal?: AbortSignal) => Promise<Link>;

/** The search for the program that caused an incident. */
interface Investigation {
  /** How many suspects are still to be run; 0 once the cause is found. */
  left: number;
  /** The suspects that were run. */
  readonly suspects: Program[];
}

/** The program exceeds a limit of the target. */
const refused = (error: unknown, program: Program): TargetFailure =>
  new TargetFailure((error as Error).message, { programs: [program], cause: error });

/**
 * A target that speaks the wire protocol, and that is started again whenever it dies. When it crashes or hangs, the
 * programs in flight run again on a fresh target, one at a time and carefully, which shows the step that is the cause.
 */
export class WireTarget implements Target {
  readonly manifest: WireManifest;
  readonly #start: Start;
  readonly #options: OpenOptions;
  #session: WireSession | undefined;
  #starting: Promise<WireSession> | undefined;
  /** The last of the turns, which run one after another; everything else waits for them. */
  #lastTurn: Promise<unknown> = Promise.resolve();
  readonly #investigations = new WeakMap<Incident, Investigation>();
  /** Starts in a row without a completed program. */
  #fruitlessStarts = 0;
  /** How many programs still run alone: after one that crashed, the next ones are often variants of it. */
  #soloRuns = 0;
  /** Why the target could not be started again. The next `run` tries once more. */
  #startFailure: Error | undefined;
  /** Aborts when the target is closed. */
  readonly #closing = new AbortController();
  /** How often the target was started. */
  starts = 1;
  readonly #entered: ReadonlySet<string>;

  private constructor(start: Start, session: WireSession, options: OpenOptions, entered: ReadonlySet<string>) {
    this.#entered = entered;
    this.#start = start;
    this.#session = session;
    this.#options = options;
    this.manifest = session.manifest;
  }

  /**
   * Starts the target.
   * @param start starts a fresh target and connects to it; called again whenever one is needed.
   * @throws TargetFailure if the target does not complete the handshake.
   */
  static async open(start: Start, options: OpenOptions = {}): Promise<WireTarget> {
    const entered = new Set<string>();
    const noting: OpenOptions = { ...options, onEntered: (name) => entered.add(name) };
    return new WireTarget(start, await openSession(await start(), noting), noting, entered);
  }

  entered(): ReadonlySet<string> {
    return this.#entered;
  }

  async spent(): Promise<Spent | undefined> {
    return this.#options.tellsSpent ? this.#session?.spent() : undefined;
  }

  /** Output of the running target besides the protocol. */
  get log(): string {
    return this.#session?.log ?? '';
  }

  /**
   * Executes programs. May be called again before it has returned.
   * @throws TargetFailure for the first program, in order, about which nothing is known. The others were run.
   */
  async run(programs: readonly Program[], onAnswer?: OnAnswer): Promise<Answer[]> {
    this.#startFailure = undefined;
    const one = async (program: Program, index: number): Promise<Answer> => {
      try {
        const answer = await this.#execute(program);
        onAnswer?.(index, answer);
        return answer;
      } catch (error) {
        if (error instanceof TargetFailure) onAnswer?.(index, error);
        throw error;
      }
    };
    const results = await Promise.allSettled(programs.map(one));
    return results.map((result) => {
      if (result.status === 'fulfilled') return result.value;
      throw result.reason;
    });
  }

  async fresh(): Promise<void> {
    await this.#turnsOver();
    await this.#session?.kill();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#starting?.catch(() => {});
    await this.#session?.close();
    this.#session = undefined;
  }

  async #execute(program: Program): Promise<Answer> {
    for (;;) {
      await this.#turnsOver();
      if (this.#soloRuns > 0) return this.#inTurn(() => this.#runAlone(program));
      const session = await this.#runningSession(program);
      try {
        const answer = await session.run(program);
        this.#fruitlessStarts = 0;
        return answer;
      } catch (error) {
        if (!(error instanceof Interrupted)) throw refused(error, program);
        const forbidden = error.incident.kind === 'forbidden';
        if (forbidden && error.head) throw this.#brokenProtocol(program, session, error);
        if (forbidden || !error.sent) continue;
        const answer = await this.#inTurn(() => this.#investigate(program, error, session));
        if (answer) return answer;
      }
    }
  }

  /** Acts while no other program is in flight. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(act);
    this.#lastTurn = turn.catch(() => {});
    return turn;
  }

  /** Resolves when all turns are over. */
  async #turnsOver(): Promise<void> {
    let seen: unknown;
    do {
      seen = this.#lastTurn;
      await seen;
    } while (seen !== this.#lastTurn);
  }

  /** Runs a program that may well crash: carefully, so that no second run is needed to find the step. */
  async #runAlone(program: Program): Promise<Answer> {
    const session = await this.#runningSession(program);
    try {
      const answer = await session.run(program, true);
      this.#fruitlessStarts = 0;
      this.#soloRuns--;
      return answer;
    } catch (error) {
      return this.#answerUpToFailure(error, program, session);
    }
  }

  /**
   * Runs a suspect of an incident again: alone and carefully, on a fresh target.
   * @returns its answer; undefined if another suspect was found to be the cause.
   */
  async #investigate(program: Program, why: Interrupted, before: WireSession): Promise<Answer | undefined> {
    const { incident } = why;
    let investigation = this.#investigations.get(incident);
    if (!investigation) this.#investigations.set(incident, (investigation = { left: incident.suspects, suspects: [] }));
    if (investigation.left === 0) return undefined;
    investigation.left--;
    investigation.suspects.push(program);
    const session = await this.#runningSession(program);
    try {
      let answer = await session.run(program, true);
      if (program.blocks.length > 0)
        for (let run = 1; run < RUNS_OF_SUSPECTED_BLOCK; run++) answer = await session.run(program, true);
      this.#fruitlessStarts = 0;
      if (investigation.left > 0 || this.#options.causedOutside?.(incident)) return answer;
    } catch (error) {
      investigation.left = 0;
      return this.#answerUpToFailure(error, program, session);
    }
    const running = incident.suspects === 1 ? 'a program was' : `${incident.suspects} programs were`;
    const message = `the target failed (${incident.message}) while ${running} in flight, but not when each ran again alone`;
    throw this.#failure(message, investigation.suspects, before, why);
  }

  /**
   * The answer of a program during whose careful run the target crashed or hung. The last outcome says so; if that
   * happened in the clean-up, `failure` does.
   * @throws TargetFailure if the run failed in any other way.
   */
  #answerUpToFailure(error: unknown, program: Program, session: WireSession): Answer {
    if (!(error instanceof Interrupted)) throw refused(error, program);
    if (error.incident.kind === 'forbidden') throw this.#brokenProtocol(program, session, error);
    const { outcomes } = error;
    if (outcomes.length >= program.steps.length) {
      this.#fruitlessStarts = 0;
      this.#soloRuns = SOLO_RUNS_AFTER_CRASH;
      const message = `the target failed after the last step of the program (${error.message})`;
      const failure = this.#failure(message, program, session, error);
      return { program, outcomes, ...(error.times ? { times: error.times } : {}), log: session.log, failure };
    }
    const words = session.lastWords;
    const text = words === '' ? error.message : `${error.message}: ${words}`;
    const outcome: Outcome = error.incident.kind === 'deadline' || session.hung ? TIMEOUT : crash(text);
    this.#fruitlessStarts = 0;
    this.#soloRuns = SOLO_RUNS_AFTER_CRASH;
    const times = error.times ? { times: [...error.times, undefined] } : {};
    return { program, outcomes: [...error.outcomes, outcome], ...times, log: session.log };
  }

  #brokenProtocol(program: Program, session: WireSession, why: Interrupted): TargetFailure {
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

  /** The current session, or one with a fresh target where that has ended. */
  async #runningSession(program: Program): Promise<WireSession> {
    if (this.#closing.signal.aborted) throw this.#failure('the target was closed', program, undefined);
    if (this.#session && !this.#session.incident) return this.#session;
    const failure = this.#startFailure;
    if (failure) throw this.#failure(failure.message, program, this.#session, failure);
    this.#starting ??= this.#restart().finally(() => {
      this.#starting = undefined;
    });
    try {
      return await this.#starting;
    } catch (error) {
      this.#startFailure = error as Error;
      throw this.#failure(this.#startFailure.message, program, this.#session, error);
    }
  }

  async #restart(): Promise<WireSession> {
    await this.#session?.kill();
    if (this.#fruitlessStarts++ >= MAX_FRUITLESS_STARTS)
      throw new Error(`the target was started ${MAX_FRUITLESS_STARTS} times in a row without completing a program`);
    this.starts++;
    const { signal } = this.#closing;
    const link = await this.#start(signal);
    const kill = (): void => void link.kill();
    signal.addEventListener('abort', kill, { once: true });
    if (signal.aborted) kill();
    const session = await openSession(link, this.#options).finally(() => signal.removeEventListener('abort', kill));
    this.#session = session;
    const { name } = session.manifest;
    if (name === this.manifest.name) return session;
    await session.kill();
    throw new Error(`the target named itself ${this.manifest.name} at first, and ${name} after it was started again`);
  }
}
