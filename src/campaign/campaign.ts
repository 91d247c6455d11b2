import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clause } from '../../reference/clause.ts';
import { Tally } from '../../reference/judge/tally.ts';
import type { Program } from '../../reference/model/valid.ts';
import { generator } from '../generate/index.ts';
import type { OpenTarget } from '../targets/open.ts';
import { execute, executeDirect, type Judged } from './execution.ts';
import { type Finding, keyOf } from './finding.ts';
import { minimise } from './minimise.ts';
import type { Agreement } from './terms.ts';

/** How much is to be run: whichever is reached first. */
export interface Budget {
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
  /** Steps that make a real kernel warn are drawn too. */
  readonly warnings?: boolean;
  /** Programs that are run before any random one. */
  readonly first?: readonly Program[];
  /** Stop at the first violation. */
  readonly bail?: boolean;
  /** Only every `of`-th random program, from the `index`-th on (from 0): the others are another shard's. */
  readonly shard?: { readonly index: number; readonly of: number };
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  readonly onFinding?: (finding: Finding) => void;
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
}

/** Steps between two looks at the clock and the event loop, for targets of this process. */
const SLICE_STEPS = 20_000;
/** Programs of one batch for other targets: enough to keep several in flight, few enough to end in time. */
const BATCH = 64;

/** Runs random programs against a target until the budget is spent, and shrinks what fails. */
export class Campaign {
  readonly #options: CampaignOptions;
  readonly #tally = new Tally();
  readonly #findings = new Map<string, Finding>();
  readonly #started = performance.now();
  #shrinking = 0;
  #next: number;
  #programs = 0;
  #steps = 0;

  constructor(options: CampaignOptions) {
    this.#options = options;
    this.#next = options.shard?.index ?? 0;
  }

  /**
   * @throws TargetFailure where the target failed outside a step.
   */
  async run(): Promise<CampaignResult> {
    const { target, first = [] } = this.#options;
    for (const program of first) {
      if (this.#over()) break;
      await this.#take(await execute(target, [program], this.#terms, this.#tally));
    }
    const draw = this.#drawer();
    while (!this.#over()) {
      if (target.direct) {
        await this.#slice(draw);
        await nextTurn();
      } else await this.#take(await execute(target, this.#batch(draw), this.#terms, this.#tally));
      this.#report();
    }
    return this.#result();
  }

  get #terms() {
    return this.#options.agreement.terms;
  }

  /** Program `i` of the seed. */
  #drawer(): () => Program {
    const { target, agreement, seed, cpus, frames, favour, length, warnings, shard } = this.#options;
    const draw = generator({
      traits: agreement.traits,
      cpus,
      frames,
      page: target.manifest.page,
      calls: target.manifest.calls,
      can: target.manifest.can,
      ...(favour ? { favour } : {}),
      ...(length === undefined ? {} : { length }),
      warnings: warnings ?? false,
    });
    return () => {
      const program = draw(seed, this.#next);
      this.#next += shard?.of ?? 1;
      return program;
    };
  }

  /** Runs programs for a while without giving up the thread. */
  async #slice(draw: () => Program): Promise<void> {
    const { target } = this.#options;
    const until = this.#steps + SLICE_STEPS;
    const terms = this.#terms;
    do {
      const judged = executeDirect(target, draw(), terms, this.#tally);
      if (judged.violation) return this.#take([judged]);
      this.#programs++;
      this.#steps += judged.trace.outcomes.length;
    } while (this.#steps < until && !this.#spent());
  }

  #batch(draw: () => Program): Program[] {
    const { programs = Number.POSITIVE_INFINITY } = this.#options.budget;
    const count = Math.max(1, Math.min(BATCH, programs - this.#programs));
    return Array.from({ length: count }, draw);
  }

  async #take(judged: readonly Judged[]): Promise<void> {
    for (const one of judged) {
      this.#programs++;
      this.#steps += one.trace.outcomes.length;
      if (one.violation) await this.#found(one);
      if (this.#options.bail && this.#findings.size > 0) return;
    }
  }

  async #found(judged: Judged): Promise<void> {
    const key = keyOf(judged.trace, judged.violation!);
    const known = this.#findings.get(key);
    if (known) {
      known.again++;
      return;
    }
    this.#report(`shrinking ${judged.violation!.clause.id}`);
    const from = performance.now();
    const { target, agreement, signal } = this.#options;
    const left = this.#left();
    const finding = await minimise(judged, {
      target,
      agreement,
      key,
      after: { programs: this.#programs, steps: this.#steps },
      milliseconds: Math.min(60_000, Math.max(1_000, left)),
      ...(signal ? { signal } : {}),
    });
    this.#shrinking += performance.now() - from;
    if (this.#findings.has(finding.key)) return;
    this.#findings.set(finding.key, finding);
    this.#options.onFinding?.(finding);
  }

  /** Milliseconds left of the budget. */
  #left(): number {
    const { milliseconds = Number.POSITIVE_INFINITY } = this.#options.budget;
    return milliseconds - (performance.now() - this.#started);
  }

  #spent(): boolean {
    const { programs = Number.POSITIVE_INFINITY, steps = Number.POSITIVE_INFINITY } = this.#options.budget;
    return this.#programs >= programs || this.#steps >= steps;
  }

  #over(): boolean {
    if (this.#options.signal?.aborted) return true;
    if (this.#options.bail && this.#findings.size > 0) return true;
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
      interrupted: this.#options.signal?.aborted ?? false,
    };
  }
}
