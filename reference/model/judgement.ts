import type { Clause } from '../clauses/clause.ts';
import * as common from '../clauses/common.ts';
import type { Tally } from '../clauses/tally.ts';
import type { Followed, Violation } from '../clauses/violation.ts';
import { type FrameId, isPoolFrame, printFrame } from '../notation/frame.ts';
import type { Window } from '../notation/header.ts';
import type { Outcome } from '../notation/outcome.ts';
import type { Traits } from '../profiles/traits.ts';
import { applicable } from './applicable.ts';

/** The smallest page of any architecture, in bytes. */
const SMALLEST_PAGE = 4096;

/** The size of a word in bytes. */
const WORD = 8;

/** The judgement of one trace: which clauses apply, which step is being judged, and what was found so far. */
export class Judgement {
  readonly traits: Traits;
  tally: Tally;
  /** Page size in bytes. */
  readonly page: number;
  windows: ReadonlyMap<'kernel' | 'user', Window>;
  /** Index of the step that is being judged. */
  step = 0;
  /** The position of its call in `CALL_NAMES`; -1 if the call is not known. */
  call = -1;
  /** The CPU that it runs on, and how many CPUs the program has. */
  cpu = 0;
  cpus = 1;
  /** The address space that it runs in, by the number of its name; -1 for the first one. */
  space = -1;
  /** If it accesses memory: the 8-byte word within the page, and the value that it writes, -1 for a read. */
  word = 0;
  write = -1;
  /** Logical times: of its call, of the moment that is being judged, and of its return. */
  called = 0;
  now = 0;
  returns = 0;
  /** The step belongs to a parallel block. */
  overlapping = false;
  /** When the latest `vm_unmap_aliases` returned, -1 before any. */
  flushReturned = -1;
  /** How many pages a program may count on. */
  memory = Number.POSITIVE_INFINITY;
  /** How many allocations the program has made fail (`fail_after`) that have not explained a failure yet. */
  injected = 0;
  /**
   * Pages that the program has asked for so far, on both sides together, with what surrounds each area and VMA. In a
   * parallel block, those of the whole block.
   */
  readonly asked = { kernel: 0, user: 0 };
  /** The search for an order was given up, so what is mapped is not known. */
  unknown = false;
  /** Answers that the grammar forbids are skipped instead of refused. */
  readonly lenient: boolean = false;
  /** Frames whose counts are not known, because overlapping calls may have taken effect in either order. */
  uncertain = new Set<FrameId>();
  /** The outcome that is being judged. */
  outcome!: Outcome;
  violation: Violation | undefined;
  readonly #applies: Uint8Array;
  /** Reference and map counts of the pool's frames, as differences from the start. */
  #counts: Int32Array;
  #mapcounts: Int32Array;
  /** The clause that a wrong count of a frame breaks: it belongs to the last call that involved the frame. */
  readonly #countedBy: (Clause | undefined)[];
  /** The frames that calls involved. */
  readonly #counted: FrameId[] = [];
  /** Values written, by frame and word; NaN if writes of several lanes raced. */
  #words = new Map<FrameId, Map<number, number>>();
  /** Frames that have words of unknown values, and the first of these words. What is written there later is known. */
  #unknownFrom = new Map<FrameId, number>();
  /** Words whose values a call has promised to keep, by frame, and the clause. */
  #kept = new Map<FrameId, { readonly words: Set<number>; readonly clause: Clause }>();

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

  /** Starts judging another trace, with the memory that this judgement has. Only what was used is reset. */
  reset(tally: Tally, frames: number, windows: Judgement['windows']): void {
    this.tally = tally;
    this.windows = windows;
    this.enter(0, 0, 0, 0, this.outcome);
    this.overlapping = false;
    this.flushReturned = -1;
    this.injected = 0;
    this.asked.kernel = 0;
    this.asked.user = 0;
    this.unknown = false;
    this.violation = undefined;
    for (const frame of this.#counted) {
      this.#counts[frame] = 0;
      this.#mapcounts[frame] = 0;
      this.#countedBy[frame] = undefined;
    }
    this.#counted.length = 0;
    if (frames !== this.#counts.length) {
      this.#counts = new Int32Array(frames);
      this.#mapcounts = new Int32Array(frames);
    }
    // Not clear(): a cleared table refers to the next one, so that all of them stay until a full garbage collection.
    if (this.uncertain.size > 0) this.uncertain = new Set();
    if (this.#words.size > 0) this.#words = new Map();
    if (this.#unknownFrom.size > 0) this.#unknownFrom = new Map();
    if (this.#kept.size > 0) this.#kept = new Map();
  }

  /** Starts judging a step. `called` and `now` are the logical times of its call and its return. */
  enter(step: number, cpu: number, called: number, now: number, outcome: Outcome, call = -1): void {
    this.step = step;
    this.call = call;
    this.cpu = cpu;
    this.called = called;
    this.now = now;
    this.returns = now;
    this.outcome = outcome;
  }

  /**
   * The translations of kernel addresses that the step uses, by a number for what is seen of them. A CPU may keep those of
   * each address space apart, and keep them when it switches: Linux with page-table isolation does (arch/x86/mm/tlb.c,
   * flush_tlb_one_kernel()). There is one child at a time.
   */
  get tlb(): number {
    return this.space < 0 ? this.cpu : this.cpus + this.cpu;
  }

  /**
   * Whether an allocation that was made to fail explains the outcome. Each explains one failure, because it fails once
   * and belongs to one call.
   */
  explainByInjection(): boolean {
    if (this.injected === 0) return false;
    this.injected--;
    return true;
  }

  /** Whether the outcome may come from lack of memory: memory is scarce, or an allocation was made to fail. */
  mayLackMemory(): boolean {
    return this.traits.memory === 'scarce' || this.explainByInjection();
  }

  /** Gives up the search for an order: from this step on it is not known what is mapped. */
  giveUp(): void {
    this.unknown = true;
  }

  /** True if the clause applies under these traits. */
  applies(clause: Clause): boolean {
    return this.#applies[clause.index] === 1;
  }

  /** Counts that the clause could have failed here, and held. */
  uphold(clause: Clause): void {
    this.tally.upheld[clause.index]++;
  }

  /** Counts that this step showed the effect of a call, by its position. `by`: the CPU that made the call. */
  showEffect(call: number, by = this.cpu): void {
    if (call >= 0) this.tally.showEffect(call);
    if (by !== this.cpu) this.tally.acrossCpus++;
  }

  /** Counts that the clause applied here, but could not have failed. */
  unarmed(clause: Clause): void {
    this.tally.unarmed[clause.index]++;
  }

  /**
   * Records that the clause is broken. Only the first violation of a trace counts.
   * @param allowed what would have been right, in words.
   * @param also other clauses that the same answer breaks.
   * @param followed if no order explains the answer: the longest order that can be followed.
   */
  violate(clause: Clause, allowed: string, also: readonly Clause[] = [], followed?: Followed): void {
    if (this.violation) return;
    if (!this.applies(clause)) return;
    this.tally.violated[clause.index]++;
    const others = also.filter((other) => other !== clause);
    const { step, outcome: seen } = this;
    this.violation = { step, clause, also: others, allowed, seen, ...(followed ? { followed } : {}) };
  }

  /** Makes a violation one of another clause, which explains it better. */
  protected blame(violation: Violation, clause: Clause): Violation {
    this.tally.violated[violation.clause.index]--;
    this.tally.violated[clause.index]++;
    return { ...violation, clause, also: [violation.clause, ...violation.also] };
  }

  /** Upholds the clause if it `held`, and violates it otherwise. */
  expect(clause: Clause, held: boolean, allowed: () => string): void {
    if (held) this.uphold(clause);
    else this.violate(clause, allowed());
  }

  /** A CPU reached a frame that it may reach: judges the value that it read there, or takes over what it wrote. */
  touch(frame: FrameId): void {
    const { word, write, outcome } = this;
    let words = this.#words.size === 0 ? undefined : this.#words.get(frame);
    if (write >= 0) {
      if (this.#kept.size > 0) this.#kept.get(frame)?.words.delete(word);
      if (!words) this.#words.set(frame, (words = new Map()));
      // Lanes that write the same word race: only the next read shows which write came last.
      words.set(word, this.overlapping ? Number.NaN : write);
      return;
    }
    if (this.overlapping || (words === undefined && outcome.extra === 0)) return;
    const unknownFrom = this.#unknownFrom.get(frame) ?? Number.POSITIVE_INFINITY;
    const value = words?.get(word) ?? (word < unknownFrom ? 0 : Number.NaN);
    const kept = this.#kept.size === 0 ? undefined : this.#kept.get(frame);
    const clause = kept?.words.has(word) ? kept.clause : common.SAME_MEMORY;
    if (Number.isNaN(value)) words!.set(word, outcome.extra);
    else if (value === outcome.extra) this.uphold(clause);
    else {
      const right = value === 0 ? printFrame(frame) : `${printFrame(frame)}:${value}`;
      this.violate(clause, `${right} (the value last written to that word)`, [common.SAME_MEMORY]);
    }
  }

  /**
   * The first words of a frame have become those of another one. The others can have any values.
   * @param words how many words are kept. @param clause what a wrong value of one of them breaks.
   */
  keepWords(from: FrameId, to: FrameId, words: number, clause: Clause): void {
    const known = Math.min(words, this.#unknownFrom.get(from) ?? words);
    const isWhole = known * WORD >= this.page;
    const values = this.#words.get(from);
    if (values === undefined && isWhole) return;
    const kept = [...(values ?? [])].filter(([word]) => word < words);
    this.#words.set(to, new Map(kept));
    if (!isWhole) this.#unknownFrom.set(to, known);
    const promised = kept.filter(([, value]) => value > 0).map(([word]) => word);
    if (promised.length > 0) this.#kept.set(to, { words: new Set(promised), clause });
  }

  /**
   * A read faulted, so the CPU holds no translation of the page. A write that faults does not show this: some CPUs keep
   * translations that only reads can use, such as those that QEMU makes for radix page tables of POWER. A CPU may hold a
   * larger page in pieces, as QEMU does, so that one fault says nothing about the rest of the page.
   */
  get showsNoTranslation(): boolean {
    return this.outcome.kind === 'fault' && this.write < 0 && this.page <= SMALLEST_PAGE;
  }

  /** A call writes a value that is not known into a word of a frame. */
  overwrite(frame: FrameId, word: number): void {
    let words = this.#words.get(frame);
    if (!words) this.#words.set(frame, (words = new Map()));
    words.set(word, Number.NaN);
  }

  /** The frame got a new stamp, so nothing is written in it. */
  stamp(frame: FrameId): void {
    if (this.#unknownFrom.size > 0) this.#unknownFrom.delete(frame);
    if (this.#words.size > 0) this.#words.delete(frame);
    if (!this.overlapping) return;
    // Overlapping calls may have stamped it earlier, and written to it since.
    this.#unknownFrom.set(frame, 0);
    this.#words.set(frame, new Map());
  }

  /** A call involved a frame: adds to its reference and map count. `clause`: what a wrong count breaks from now on. */
  count(frame: FrameId, references: number, maps: number, clause: Clause): void {
    if (!isPoolFrame(frame)) return;
    if (this.#countedBy[frame] === undefined) this.#counted.push(frame);
    this.#counts[frame] += references;
    this.#mapcounts[frame] += maps;
    this.#countedBy[frame] = clause;
  }

  /** Judges `page_count` of a pool frame, or `page_mapcount` if `maps`. */
  expectCount(frame: FrameId, maps: boolean, seen: number): void {
    if (this.overlapping || this.uncertain.has(frame)) return;
    const right = (maps ? this.#mapcounts : this.#counts)[frame];
    const clause = this.#countedBy[frame];
    if (clause === undefined) {
      this.expect(common.COUNTS, seen === right, () => `${right} (no step has involved the frame)`);
    } else {
      this.showEffect(this.call);
      this.expect(clause, seen === right, () => `${right}`);
    }
  }
}
