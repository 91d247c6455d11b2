import { CALL_NAMES, type CallName } from '../notation/names.ts';
import { type Clause, clauses } from './clause.ts';

/**
 * How often each clause was exercised, and with which result, by clause index. A clause that could not have failed is not
 * counted as exercised.
 *
 * @example
 * ```ts
 * import { agree, clauseById, judge, parse, Tally } from 'mmspec';
 *
 * const { header, entries } = parse('mmspec trace 1\n@0 a0 = vmap f0 => 0x1000000\n@0 read a0 => f0\n');
 * const tally = new Tally();
 * judge(entries[0].trace, agree(header).terms, tally);
 * console.log(tally.steps, tally.exercised(clauseById('MAP-1')!)); // 2 1
 * ```
 */
export class Tally {
  /** How often the clause could have failed, and held. */
  readonly upheld = new Float64Array(clauses.length);
  /** How often the clause was broken. */
  readonly violated = new Float64Array(clauses.length);
  /** How often the clause applied but could not have failed: no CPU was seen to hold the old translation. */
  readonly unarmed = new Float64Array(clauses.length);
  /** How often a later step showed what a call did, by its position in `CALL_NAMES`; see `effects`. */
  readonly shown = new Float64Array(CALL_NAMES.length);
  /** How often a CPU reached what a call on another CPU had mapped. */
  acrossCpus = 0;
  steps = 0;
  programs = 0;
  /** Programs with an answer that the judge could not decide within its limits; they never count as passed. */
  unknown = 0;
  /** The number of steps that were answered `unsupported`, by call. */
  readonly unsupported = new Map<string, number>();

  /**
   * Adds another tally, or its copy from another thread, to this one.
   * @param times -1 to take away what was added before.
   */
  add(other: TallyCounts, times: 1 | -1 = 1): void {
    for (let i = 0; i < clauses.length; i++) {
      this.upheld[i] += times * other.upheld[i];
      this.violated[i] += times * other.violated[i];
      this.unarmed[i] += times * other.unarmed[i];
    }
    for (let i = 0; i < CALL_NAMES.length; i++) this.shown[i] += times * other.shown[i];
    this.acrossCpus += times * other.acrossCpus;
    this.steps += times * other.steps;
    this.programs += times * other.programs;
    this.unknown += times * other.unknown;
    for (const [call, n] of other.unsupported) {
      const sum = (this.unsupported.get(call) ?? 0) + times * n;
      if (sum === 0) this.unsupported.delete(call);
      else this.unsupported.set(call, sum);
    }
  }

  /** Counts that a step showed what a call did. `position`: that of its name in `CALL_NAMES`. */
  showEffect(position: number): void {
    this.shown[position]++;
  }

  /** How often a step showed what a call did, where no clause of the call alone tells it: a read of what `vmap` mapped. */
  effects(call: CallName): number {
    return this.shown[CALL_NAMES.indexOf(call)];
  }

  /** How often the clause could have failed: it held or was broken. */
  exercised(clause: Clause): number {
    return this.upheld[clause.index] + this.violated[clause.index];
  }
}

/** The counts of a tally. What the structured clone algorithm makes of a tally has them. */
export type TallyCounts = Pick<
  Tally,
  'upheld' | 'violated' | 'unarmed' | 'shown' | 'acrossCpus' | 'steps' | 'programs' | 'unknown' | 'unsupported'
>;
