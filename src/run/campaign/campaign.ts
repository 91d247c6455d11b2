import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Program } from '../../../reference/calls/valid.ts';
import type { Clause } from '../../../reference/clauses/clause.ts';
import { Tally } from '../../../reference/clauses/tally.ts';
import { executeDirect, type Judged, judgeAll } from '../../findings/execution.ts';
import { confirmed, type Finding, keyOf } from '../../findings/finding.ts';
import { generator } from '../../programs/generate/index.ts';
import type { Agreement } from '../../targets/agreement.ts';
import type { OpenTarget } from '../../targets/open.ts';
import { type Answer, TargetFailure } from '../../targets/target.ts';
import { minimise, unshrunk } from './minimise.ts';

/** Which part of a run this process has: `index` from 0. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** How much is to be run: whichever is reached first. */
export interface Budget {
  /** Random programs, beside those that are given. */
  readonly random?: number;
  readonly programs?: number;
  readonly steps?: number;
  readonly milliseconds?: number;
}

export interface CampaignOptions {
  readonly target: OpenTarget;
  readonly agreement: Agreement;
  readonly seed: number;
  readonly cpus: number;
  readonly frames: number;
  readonly budget: Budget;
  /** Clauses that programs are to lean towards. */
  readonly favour?: readonly Clause[];
  /** The most steps of a program. */
  readonly length?: number;
  /** Steps that make a real kernel warn are drawn too; if not said, where no kernel's log is watched. */
  readonly warnings?: boolean;
  /** Of a hundred random programs so many have a parallel block; as PARALLEL says if not said, 0 where the target cannot. */
  readonly parallel?: number;
  /** Programs that are run before any random one; drawn from as the run goes on. */
  readonly first?: Iterable<Program>;
  /** Nothing is run but `first`. */
  readonly only?: boolean;
  /** Stop at the first violation. */
  readonly bail?: boolean;
  /**
   * Only every `of`-th program of the whole run, from the `index`-th on (from 0): the others are another shard's. A
   * budget of programs is that of the whole run.
   */
  readonly shard?: Shard;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  readonly onFinding?: (finding: Finding) => void;
  /** Where given, the run goes on when the target failed outside a step (not without end), and this is told. */
  readonly onFailure?: (failure: TargetFailure) => void;
  /** Sees every program that was executed and judged, those tried while shrinking left out. */
  readonly onJudged?: (judged: Judged) => void;
  /** True for a violation that is known already: it is not looked into, and no finding. */
  readonly known?: (judged: Judged) => boolean;
  /** Programs that a certificate may take, instead of a time: so that a run is the same run again. */
  readonly certify?: number;
}

/** How far a campaign has got. */
export interface Progress {
  readonly tally: Tally;
  readonly programs: number;
  readonly steps: number;
  readonly milliseconds: number;
  readonly findings: readonly Finding[];
  /** What is going on besides running: `shrinking ALIAS-1`. */
  readonly doing?: string;
}

export interface CampaignResult {
  readonly tally: Tally;
  readonly programs: number;
  readonly steps: number;
  /** Wall-clock time, shrinking included, and without it. */
  readonly milliseconds: number;
  readonly running: number;
  readonly findings: readonly Finding[];
  /** Ended before its budget, by a signal. */
  readonly interrupted: boolean;
  /** How often the target failed outside a step: nothing is known of the programs that it had then. */
  readonly failures: number;
  /** Nothing of what was to be run is left, but what another shard runs. */
  readonly complete: boolean;
}

/** Steps between two looks at the clock and the event loop, for targets of this process. */
const SLICE_STEPS = 20_000;
/** Programs of one batch for other targets, and about how long it may take: the clock is looked at in between. */
const BATCH = 64;
const BATCH_MILLISECONDS = 500;
/** Of a hundred random programs so many have a parallel block: they are short, and what they look for is rare. */
const PARALLEL = { direct: 75, remote: 20 };
/** The part of the time left that one finding may take on a target outside of this process; so many milliseconds at least. */
const SHARE = 4;
const LEAST = 5000;
/** A run ends when the target has failed so often outside a step. */
const MOST_FAILURES = 5;
/** How often a failure that was not seen again is looked into once more. */
const MOST_CHANCES = 3;
/** After its time is up, a run may go on so long to shrink what it has found. */
const GRACE = 500;

/** Programs on their way to a target outside of this process. */
interface Batch {
  readonly programs: readonly Program[];
  readonly sent: number;
  readonly answers: Promise<readonly Answer[]>;
}

/** Runs random programs against a target until the budget is spent, and shrinks what fails. */
export class Campaign {
  readonly #options: CampaignOptions;
  readonly #tally = new Tally();
  readonly #findings = new Map<string, Finding>();
  readonly #started = performance.now();
  readonly #shard: Shard;
  /** Programs that this shard may run. */
  readonly #most: number;
  #shrinking = 0;
  #failures = 0;
  #programs = 0;
  #steps = 0;
  /** Programs that were given to a target outside of this process, judged or not, and the last of their answers. */
  #given = 0;
  #last: Promise<unknown> | undefined;
  /** When it answered last. */
  #answered = 0;
  /** Milliseconds that a program takes on a target outside of this process, about. */
  #pace = 0;
  #exhausted = false;
  /** What a target outside of this process ran last: it may have left something behind. */
  #history: Program[] = [];

  constructor(options: CampaignOptions) {
    this.#options = options;
    this.#shard = options.shard ?? { index: 0, of: 1 };
    const { programs = Number.POSITIVE_INFINITY } = options.budget;
    this.#most = Math.max(0, Math.ceil((programs - this.#shard.index) / this.#shard.of));
  }

  /**
   * @throws TargetFailure where the target failed outside a step, and nobody wants the run to go on.
   */
  async run(): Promise<CampaignResult> {
    const { target } = this.#options;
    const programs = this.#source();
    while (target.direct && !this.#over()) {
      await this.#slice(programs);
      await nextTurn();
      this.#report();
    }
    if (!target.direct) await this.#converse(programs);
    return this.#result();
  }

  get #terms() {
    return this.#options.agreement.terms;
  }

  /** The whole run, of which only this shard's programs are given out: those given first, then random ones. */
  *#source(): Generator<Program, void> {
    const { first = [], only, seed, budget } = this.#options;
    const { random = only ? 0 : Number.POSITIVE_INFINITY } = budget;
    const { index, of } = this.#shard;
    let ordinal = 0;
    for (const program of first) if (ordinal++ % of === index) yield program;
    const draw = this.#drawer();
    for (let i = (index - (ordinal % of) + of) % of; i < random; i += of) yield draw(seed, i);
  }

  /** Draws program `i` of a seed. */
  #drawer(): (seed: number, i: number) => Program {
    const { target, agreement, cpus, frames, favour, length, warnings } = this.#options;
    const { parallel = target.direct ? PARALLEL.direct : PARALLEL.remote } = this.#options;
    const { can } = target.manifest;
    return generator({
      ...target.manifest,
      traits: agreement.traits,
      cpus,
      frames,
      parallel: can.has('parallel') && cpus > 1 ? parallel : 0,
      ...(favour ? { favour } : {}),
      ...(length === undefined ? {} : { length }),
      warnings: warnings ?? !can.has('warn'),
    });
  }

  #draw(programs: Iterator<Program, void>): Program | undefined {
    const { value, done } = programs.next();
    this.#exhausted = done ?? false;
    return value ?? undefined;
  }

  /** Runs programs for a while without giving up the thread. */
  async #slice(programs: Iterator<Program, void>): Promise<void> {
    const { target, onJudged } = this.#options;
    const until = this.#steps + SLICE_STEPS;
    const terms = this.#terms;
    do {
      const program = this.#draw(programs);
      if (!program) return;
      const judged = executeDirect(target, program, terms, this.#tally);
      if (judged.violation) return this.#take([judged]);
      onJudged?.(judged);
      this.#programs++;
      this.#steps += judged.steps;
    } while (this.#steps < until && !this.#spent());
  }

  /** Runs programs on a target outside of this process, which has the next batch while one is judged. */
  async #converse(programs: Iterator<Program, void>): Promise<void> {
    let ahead = this.#over() ? undefined : this.#send(programs);
    while (ahead) {
      const batch: Batch = ahead;
      ahead = this.#over() ? undefined : this.#send(programs);
      try {
        const answers = await batch.answers;
        this.#pace = (performance.now() - Math.max(batch.sent, this.#answered)) / answers.length;
        this.#answered = performance.now();
        this.#history = [...this.#history, ...batch.programs].slice(-2 * BATCH);
        await this.#take(judgeAll(answers, this.#terms, this.#tally));
      } catch (error) {
        this.#survive(error);
      }
      this.#report();
      if (this.#bailed()) break;
    }
  }

  /** Goes on after a failure of the target where somebody is told; throws where not. */
  #survive(error: unknown): void {
    const { onFailure } = this.#options;
    if (!(error instanceof TargetFailure) || !onFailure || ++this.#failures >= MOST_FAILURES) throw error;
    onFailure(error);
  }

  /** Sends a batch of programs; undefined where none is left. */
  #send(programs: Iterator<Program, void>): Batch | undefined {
    const fitting = this.#pace > 0 ? Math.floor(Math.min(BATCH_MILLISECONDS, this.#left()) / this.#pace) : BATCH / 4;
    const most = Math.min(Math.max(1, Math.min(BATCH, fitting)), this.#most - this.#given);
    const batch: Program[] = [];
    while (batch.length < most) {
      const program = this.#draw(programs);
      if (!program) break;
      batch.push(program);
    }
    if (batch.length === 0) return undefined;
    this.#given += batch.length;
    const answers = this.#options.target.run(batch);
    // Whoever waits for it is told; until then nobody may be.
    this.#last = answers.catch(() => {});
    return { programs: batch, sent: performance.now(), answers };
  }

  async #take(judged: readonly Judged[]): Promise<void> {
    for (const one of judged) {
      this.#options.onJudged?.(one);
      this.#programs++;
      this.#steps += one.steps;
      if (one.violation) await this.#found(one);
      if (this.#bailed()) return;
    }
  }

  async #found(judged: Judged): Promise<void> {
    if (this.#options.known?.(judged)) return;
    const key = keyOf(judged.trace, judged.violation!);
    const known = this.#findings.get(key);
    // One that did not fail again may owe that to chance, and is given another.
    if (known && (confirmed(known) || known.again >= MOST_CHANCES)) {
      known.again++;
      return;
    }
    this.#report(`shrinking ${judged.violation!.clause.id}`);
    const from = performance.now();
    const { target, agreement, signal } = this.#options;
    const { index, of } = this.#shard;
    // Looking into it may start the target anew.
    await this.#last;
    const settings = {
      target,
      agreement,
      key,
      after: { programs: (this.#programs - 1) * of + index + 1, steps: this.#steps },
      history: this.#history.slice(0, this.#history.indexOf(judged.trace.program)),
      milliseconds: Math.max(50, Math.min(60_000, this.#share() + GRACE)),
      ...(this.#options.certify === undefined ? {} : { certify: this.#options.certify }),
      ...(signal ? { signal } : {}),
    };
    let finding: Finding;
    try {
      finding = await minimise(judged, settings);
    } catch (error) {
      this.#survive(error);
      finding = unshrunk(judged, settings);
    }
    this.#shrinking += performance.now() - from;
    const before = this.#findings.get(finding.key);
    if (before) finding.again = before.again + 1;
    this.#findings.set(finding.key, finding);
    if (before && !confirmed(finding)) return;
    this.#options.onFinding?.(finding);
  }

  /** Milliseconds that one finding may take: where shrinking is slow, something is to be left for others. */
  #share(): number {
    const left = this.#left();
    return this.#options.target.direct || this.#options.bail ? left : Math.max(left / SHARE, Math.min(left, LEAST));
  }

  /** Milliseconds left of the budget. */
  #left(): number {
    const { milliseconds = Number.POSITIVE_INFINITY } = this.#options.budget;
    return milliseconds - (performance.now() - this.#started);
  }

  #bailed(): boolean {
    return (this.#options.bail ?? false) && [...this.#findings.values()].some(confirmed);
  }

  #spent(): boolean {
    const { steps = Number.POSITIVE_INFINITY } = this.#options.budget;
    return this.#exhausted || this.#programs >= this.#most || this.#steps >= steps;
  }

  #over(): boolean {
    if (this.#options.signal?.aborted) return true;
    if (this.#bailed()) return true;
    return this.#spent() || this.#left() <= 0;
  }

  #report(doing?: string): void {
    this.#options.onProgress?.({
      tally: this.#tally,
      programs: this.#programs,
      steps: this.#steps,
      milliseconds: performance.now() - this.#started,
      findings: [...this.#findings.values()],
      ...(doing === undefined ? {} : { doing }),
    });
  }

  #result(): CampaignResult {
    const milliseconds = performance.now() - this.#started;
    return {
      tally: this.#tally,
      programs: this.#programs,
      steps: this.#steps,
      milliseconds,
      running: milliseconds - this.#shrinking,
      findings: [...this.#findings.values()],
      interrupted: (this.#options.signal?.aborted ?? false) || this.#failures > 0,
      failures: this.#failures,
      complete: this.#spent(),
    };
  }
}
