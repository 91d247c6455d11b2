import type { Clause } from '../clauses/clause.ts';
import * as common from '../clauses/common.ts';
import type { Tally } from '../clauses/tally.ts';
import type { Followed, Violation } from '../clauses/violation.ts';
import type { Window } from '../notation/document.ts';
import { type FrameId, isPoolFrame, printFrame } from '../notation/frame.ts';
import type { Outcome } from '../notation/outcome.ts';
import type { Traits } from '../profiles/traits.ts';
import { applicable } from './applicable.ts';

/** The judgement of one trace: what is asked for, which step is judged, and what was found so far. */
export class Judgement {
  readonly traits: Traits;
  readonly tally: Tally;
  /** Page size in bytes. */
  readonly page: number;
  readonly windows: ReadonlyMap<'kernel' | 'user', Window>;
  /** Index of the step that is being judged. */
  step = 0;
  /** The CPU that it runs on. */
  cpu = 0;
  /** Where it accesses memory: the 8-byte word of its page, and the value that it writes there, -1 where it reads. */
  word = 0;
  write = -1;
  /** Logical times: of its call, of the moment that is judged, and of its return. */
  called = 0;
  now = 0;
  returns = 0;
  /** The step is one of a parallel block. */
  overlapping = false;
  /** When the latest `vm_unmap_aliases` returned, -1 before any. */
  flushReturned = -1;
  /** Some allocation may fail that otherwise would not. */
  injected = false;
  /** Some answer could not be judged: the search for an order was given up. */
  unknown = false;
  /** Answers that the grammar forbids are passed over instead of refused. */
  readonly lenient: boolean = false;
  /** Frames whose counts are not known any more, since overlapping calls may have gone either way. */
  readonly uncertain = new Set<FrameId>();
  /** The outcome that is being judged. */
  outcome!: Outcome;
  violation: Violation | undefined;
  readonly #applies: Uint8Array;
  /** Reference and map counts of the pool's frames, as differences from the start. */
  readonly #counts: Int32Array;
  readonly #mapcounts: Int32Array;
  /** The clause that speaks about a frame's counts: of the call that had to do with it last. */
  readonly #countedBy: (Clause | undefined)[];
  /** Values written, by frame and word; NaN where lanes raced. */
  readonly #words = new Map<FrameId, Map<number, number>>();
  /** Frames of which nobody knows which words were written. */
  readonly #blurred = new Set<FrameId>();

  constructor(traits: Traits, tally: Tally, frames: number, page: number, windows: Judgement['windows']) {
    this.traits = traits;
    this.tally = tally;
    this.page = page;
    this.windows = windows;
    this.#counts = new Int32Array(frames);
    this.#mapcounts = new Int32Array(frames);
    this.#countedBy = new Array<Clause | undefined>(frames).fill(undefined);
    this.#applies = applicable(traits);
  }

  /** The model stands before step `step`, which runs on `cpu`; its call and return have these logical times. */
  enter(step: number, cpu: number, called: number, now: number, outcome: Outcome): void {
    this.step = step;
    this.cpu = cpu;
    this.called = called;
    this.now = now;
    this.returns = now;
    this.outcome = outcome;
  }

  /** The search for an order was given up: what is mapped is not known any more. */
  giveUp(): void {
    this.unknown = true;
  }

  /** True where the clause is asked for under these traits. */
  applies(clause: Clause): boolean {
    return this.#applies[clause.index] === 1;
  }

  /** The clause could have failed here, and held. */
  uphold(clause: Clause): void {
    this.tally.upheld[clause.index]++;
  }

  /** The clause spoke here, but could not have failed. */
  unarmed(clause: Clause): void {
    this.tally.unarmed[clause.index]++;
  }

  /**
   * The clause is broken; `allowed` says what would have been right. The first violation of a trace counts.
   * @param followed where no order explains the answer: how far one can be followed.
   */
  violate(clause: Clause, allowed: string, also: readonly Clause[] = [], followed?: Followed): void {
    if (this.violation) return;
    if (!this.applies(clause)) return;
    this.tally.violated[clause.index]++;
    const others = also.filter((other) => other !== clause);
    const { step, outcome: seen } = this;
    this.violation = { step, clause, also: others, allowed, seen, ...(followed ? { followed } : {}) };
  }

  /** Upholds or violates. */
  expect(clause: Clause, held: boolean, allowed: () => string): void {
    if (held) this.uphold(clause);
    else this.violate(clause, allowed());
  }

  /** A CPU rightly reached a frame: its word has the value last written; a write takes effect. */
  touch(frame: FrameId): void {
    const { word, write, outcome } = this;
    let words = this.#words.get(frame);
    if (write >= 0) {
      if (!words) this.#words.set(frame, (words = new Map()));
      // Lanes that write the same word race: until it is read again nobody knows who was last.
      words.set(word, this.overlapping ? Number.NaN : write);
      return;
    }
    if (this.overlapping || (words === undefined && outcome.extra === 0)) return;
    const value = words?.get(word) ?? (this.#blurred.has(frame) ? Number.NaN : 0);
    if (Number.isNaN(value)) words!.set(word, outcome.extra);
    else if (value === outcome.extra) this.uphold(common.SAME_MEMORY);
    else {
      const right = value === 0 ? printFrame(frame) : `${printFrame(frame)}:${value}`;
      this.violate(common.SAME_MEMORY, `${right} (the value last written to that word)`);
    }
  }

  /** The frame was stamped anew: nothing is written in it. */
  stamp(frame: FrameId): void {
    this.#blurred.delete(frame);
    this.#words.delete(frame);
    if (!this.overlapping) return;
    // Among overlapping calls it may have been stamped before already.
    this.#blurred.add(frame);
    this.#words.set(frame, new Map());
  }

  /** A call had to do with a frame; its counts changed so. */
  count(frame: FrameId, references: number, maps: number, clause: Clause): void {
    if (!isPoolFrame(frame)) return;
    this.#counts[frame] += references;
    this.#mapcounts[frame] += maps;
    this.#countedBy[frame] = clause;
  }

  /** Judges `page_count` (or `page_mapcount`) of a pool frame. */
  expectCount(frame: FrameId, maps: boolean, seen: number): void {
    if (this.overlapping || this.uncertain.has(frame)) return;
    const right = (maps ? this.#mapcounts : this.#counts)[frame];
    const clause = this.#countedBy[frame];
    if (clause === undefined) {
      this.expect(common.COUNTS, seen === right, () => `${right} (no step has had to do with the frame)`);
    } else this.expect(clause, seen === right, () => `${right}`);
  }
}
