import type { Program } from '../../../reference/calls/valid.ts';
import { Stopped, stopSignal } from '../../common/stopped.ts';
import type { Judged } from '../../findings/execution.ts';
import { limited } from '../../targets/limited.ts';
import { TargetFailure } from '../../targets/target.ts';
import { type Context, Findings } from './findings.ts';
import { Meter } from './meter.ts';
import type { CampaignOptions, CampaignResult, Times } from './options.ts';
import { showsEveryCall, silentCalls } from './silent.ts';
import { ProgramSource } from './source.ts';

/** Abort after this many target failures. */
const MAX_TARGET_FAILURES = 5;

/** The part of a time budget that is kept for calls that have shown no effect, and its maximum in milliseconds. */
const EFFECTS_TIME = { divisor: 4, milliseconds: 1000 };

/** How long after the end of the time budget an answer may still come, in milliseconds; then nothing is awaited. */
const GRACE_MS = 750;

/** What the loops of a campaign share: the programs, the counts, the findings, and when to stop. */
export class CampaignState {
  readonly options: CampaignOptions;
  readonly meter: Meter;
  readonly findings: Findings;
  readonly source: ProgramSource;
  /** Aborts when nothing is awaited any more: after a signal, or some time after the end of the budget. */
  readonly stop: AbortSignal | undefined;
  /** Set by a loop that measures it. */
  times: Times | undefined;
  #failures = 0;
  /** Each call has shown an effect. Never false again, so that this is not counted for each program. */
  #everyCallShown = false;

  constructor(options: CampaignOptions) {
    this.meter = new Meter(options);
    const { remaining } = this.meter;
    const stop = stopSignal(Number.isFinite(remaining) ? remaining + GRACE_MS : undefined, options.signal);
    this.stop = stop;
    this.options = { ...options, target: limited(options.target, stop) };
    this.findings = new Findings({ ...this.options, ...(stop ? { signal: stop } : {}) }, this.meter, {
      onActivity: (doing) => this.report(doing),
      survive: (error) => this.survive(error),
    });
    this.source = new ProgramSource(options);
  }

  /** The next program of this shard; undefined after the last one. */
  draw(): Program | undefined {
    const program = this.source.next();
    this.meter.exhausted = program === undefined;
    return program;
  }

  /** Takes in a program that was executed, and judged with the campaign's tally. */
  async take(judged: Judged, context?: Context): Promise<void> {
    this.options.onJudged?.(judged);
    this.meter.count(judged);
    if (judged.violation) await this.findings.add(judged, context);
  }

  /** True when no program may be taken in any more, whenever it ran. */
  get ended(): boolean {
    return this.findings.bailed || this.meter.full;
  }

  /**
   * Counts a target failure that the campaign survives. An end at the time limit or by a signal is none, and the loops
   * see it as `over`. Throws any other error.
   */
  survive(error: unknown): void {
    if (error instanceof Stopped) return;
    const { onFailure } = this.options;
    if (!(error instanceof TargetFailure) || !onFailure || ++this.#failures >= MAX_TARGET_FAILURES) throw error;
    onFailure(error);
  }

  get interrupted(): boolean {
    return this.options.signal?.aborted ?? false;
  }

  /** True when the run must end, whether or not everything ran. */
  get stopped(): boolean {
    return this.halted || this.meter.remaining <= 0;
  }

  /** True when nothing is awaited any more, see `stop`, or when a failure ended the run. */
  get halted(): boolean {
    return (this.stop?.aborted ?? false) || this.findings.bailed;
  }

  /** True when no further random program may start. */
  get over(): boolean {
    return this.stopped || this.meter.complete || this.#timeForEffects;
  }

  /** True when the rest of the time belongs to the calls that have shown no effect. */
  get #timeForEffects(): boolean {
    const { milliseconds } = this.options.budget;
    if (milliseconds === undefined || !showsEveryCall(this.options)) return false;
    const kept = Math.min(milliseconds / EFFECTS_TIME.divisor, EFFECTS_TIME.milliseconds);
    if (this.#everyCallShown || this.meter.remaining > kept) return false;
    this.#everyCallShown = silentCalls(this.meter, this.options).length === 0;
    return !this.#everyCallShown;
  }

  report(doing?: string): void {
    const { tally, states, programs, steps, elapsed, left } = this.meter;
    this.options.onProgress?.({
      tally,
      states,
      programs,
      steps,
      milliseconds: elapsed,
      findings: this.findings.all,
      ...(left ? { left } : {}),
      ...(doing === undefined ? {} : { doing }),
    });
  }

  result(): CampaignResult {
    const { tally, states, goals, programs, steps, elapsed, complete } = this.meter;
    return {
      tally,
      states: states.counts(),
      goals: goals?.counts(this.options.target.manifest.calls) ?? [],
      programs,
      steps,
      milliseconds: elapsed,
      running: elapsed - this.findings.shrinking,
      ...(this.times ? { times: this.times } : {}),
      findings: this.findings.all,
      interrupted: this.interrupted,
      failures: this.#failures,
      complete,
    };
  }
}
