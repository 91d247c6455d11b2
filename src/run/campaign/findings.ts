import type { Program } from '../../../reference/calls/valid.ts';
import { counted } from '../../common/words.ts';
import type { Judged } from '../../findings/execution.ts';
import { confirmed, type Finding, keyOf } from '../../findings/finding.ts';
import { Groups } from '../../findings/group.ts';
import type { Meter } from './meter.ts';
import { minimise } from './minimise.ts';
import { unshrunk } from './new-finding.ts';
import type { CampaignOptions } from './options.ts';
import { placeInRun } from './sharding.ts';

/**
 * Outside this process shrinking is slow. One finding may take this part of the remaining time, and at least
 * MIN_SHRINK_MS of it, so that later findings get their share.
 */
const REMAINING_TIME_DIVISOR = 4;
const MIN_SHRINK_MS = 5000;
/** Shrinking may overrun the time budget by this much. */
const SHRINK_OVERRUN_MS = 500;
/** Bounds of the time for one finding, whatever the budget is. */
const SHRINK_BOUNDS_MS = { min: 50, max: 60_000 };
/** How often a failure that did not fail again is shrunk once more when it reappears. */
const MAX_SECOND_LOOKS = 3;

/** The state of a target outside this process when a violation was seen. */
export interface Context {
  /** Programs that it ran, the latest last: an earlier one may have left something behind. */
  readonly history: readonly Program[];
  /** Settles when the target has answered everything: shrinking may restart it. */
  readonly idle: Promise<unknown>;
}

/** What a campaign does around the shrinking of a finding. */
interface Hooks {
  readonly onActivity: (doing: string) => void;
  /** Returns when the campaign survives this error; else throws it. */
  readonly survive: (error: unknown) => void;
}

/** The findings of a campaign, one for each fault. */
export class Findings {
  readonly #options: CampaignOptions;
  readonly #meter: Meter;
  readonly #hooks: Hooks;
  /** The finding that is reported for each key that was met, before and after localising. */
  readonly #byKey = new Map<string, Finding>();
  readonly #groups = new Groups();
  /** How often a failure turned out to be one that is known, by its key before shrinking and whether calls overlap. */
  readonly #knownAfterAll = new Map<string, number>();
  /** Milliseconds spent on shrinking. */
  shrinking = 0;

  constructor(options: CampaignOptions, meter: Meter, hooks: Hooks) {
    this.#options = options;
    this.#meter = meter;
    this.#hooks = hooks;
  }

  get all(): Finding[] {
    return this.#groups.leaders;
  }

  /** True when the campaign must stop at the first violation and has one. */
  get bailed(): boolean {
    return (this.#options.bail ?? false) && this.all.some(confirmed);
  }

  /** Takes in a failed program: counts it when its key is known, else shrinks it. */
  async add(judged: Judged, context?: Context): Promise<void> {
    if (this.#options.known?.(judged, false)) return;
    const key = keyOf(judged.trace, judged.violation!);
    const met = this.#byKey.get(key);
    // A failure that did not repeat may have been bad luck: give it another chance.
    if (met && (confirmed(met) || met.again >= MAX_SECOND_LOOKS)) {
      met.again++;
      return;
    }
    // Most failures of a known overlap are not shrunk. A program without overlap is: its fault may be a new one.
    const kind = judged.trace.program.blocks.length > 0 ? `${key} overlap` : key;
    const looks = this.#knownAfterAll.get(kind) ?? 0;
    if (looks >= MAX_SECOND_LOOKS) return;
    const finding = await this.#shrink(judged, key, context);
    if (confirmed(finding) && this.#options.known?.({ ...judged, ...finding }, true)) {
      this.#knownAfterAll.set(kind, looks + 1);
      return;
    }
    if (met) this.#lookedAgain(met, finding);
    else this.#found(finding, key);
  }

  /** A failure that had not been confirmed was shrunk once more. */
  #lookedAgain(met: Finding, finding: Finding): void {
    finding.again = met.again + 1;
    this.#groups.replace(met, finding);
    this.#byKey.set(finding.key, finding);
    if (confirmed(finding)) this.#options.onFinding?.(finding);
  }

  /** `key`: the key of the failure that was met. */
  #found(finding: Finding, key: string): void {
    const known = this.#byKey.get(finding.key);
    const leader = known && confirmed(known) ? known : this.#groups.add(finding);
    if (leader === known) known.again++;
    for (const [other, old] of this.#byKey) if (!this.all.includes(old)) this.#byKey.set(other, leader);
    for (const one of [key, finding.key]) this.#byKey.set(one, leader);
    if (leader === finding) this.#options.onFinding?.(finding);
  }

  async #shrink(judged: Judged, key: string, context: Context | undefined): Promise<Finding> {
    const { target, agreement, signal, shard, certify, known } = this.#options;
    const { length } = judged.trace.program.steps;
    const doing = `shrinking ${judged.violation!.clause.id}: ${counted(length, 'step')}`;
    this.#hooks.onActivity(doing);
    const from = performance.now();
    await context?.idle;
    const history = context?.history ?? [];
    const settings = {
      target,
      agreement,
      key,
      after: { programs: placeInRun(this.#meter.programs, shard), steps: this.#meter.steps },
      history: history.slice(0, history.indexOf(judged.trace.program)),
      milliseconds: this.#timeForOne(),
      onSmaller: ({ steps }: Program) => this.#hooks.onActivity(`${doing}, now ${steps.length}`),
      ...(certify === undefined ? {} : { certify }),
      ...(signal ? { signal } : {}),
      ...(known ? { known } : {}),
    };
    try {
      return await minimise(judged, settings);
    } catch (error) {
      this.#hooks.survive(error);
      return unshrunk(judged, settings);
    } finally {
      this.shrinking += performance.now() - from;
    }
  }

  /** Milliseconds that one finding may take. */
  #timeForOne(): number {
    const { target, bail } = this.#options;
    const { remaining } = this.#meter;
    const share =
      target.direct || bail
        ? remaining
        : Math.max(remaining / REMAINING_TIME_DIVISOR, Math.min(remaining, MIN_SHRINK_MS));
    return Math.max(SHRINK_BOUNDS_MS.min, Math.min(SHRINK_BOUNDS_MS.max, share + SHRINK_OVERRUN_MS));
  }
}
