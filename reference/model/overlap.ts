import type { Clause } from '../clauses/clause.ts';
import * as common from '../clauses/common.ts';
import { type FrameId, isPoolFrame, printFrame } from '../notation/frame.ts';
import type { Outcome } from '../notation/outcome.ts';
import type { Judgement } from './judgement.ts';
import { linearize, type Operation } from './linearize.ts';
import type { Insertion, Removal } from './promises.ts';
import { type Possibility, type Sweep, settlePage, type Vma } from './vma.ts';

/** What a step of a parallel block did to one page of a VMA, at a moment between its call and its return. */
interface PageOperation extends Operation {
  readonly cpu: number;
  readonly step: number;
  readonly outcome: Outcome;
  /** The frame that it put there, or -1. */
  readonly fills: FrameId;
  /** Whether it surely filled the page; it may have found it filled instead. */
  readonly sure: boolean;
  readonly insertion: Insertion | undefined;
  readonly removal: Removal | undefined;
  /** It copies what it finds: until it returns the copy may still look like that. */
  readonly copies: boolean;
  /** The page is not mapped for a moment while the step takes what was there away. */
  readonly disturbs: boolean;
  /** Frames that a removal leaves. */
  readonly spares: ((frame: FrameId) => boolean) | undefined;
  /** The clause that is broken where no order explains the answer, and what would have been right. */
  readonly clause: Clause;
  readonly allowed: string;
}

/** The step that did something, and when. */
export type Doer = Pick<Judgement, 'called' | 'returns' | 'step' | 'cpu' | 'outcome'>;

interface PageHistory {
  readonly vma: Vma;
  readonly page: number;
  readonly initial: readonly FrameId[];
  readonly operations: PageOperation[];
}

/**
 * The user side of one parallel block. What a read may reach follows from the fills and removals that surround it,
 * without search; whether the answers of the calls exclude each other is searched page by page when the block ends.
 */
export class Overlap {
  readonly #model: Judgement;
  readonly #pages = new Map<Vma, Map<number, PageHistory>>();

  constructor(model: Judgement) {
    this.#model = model;
  }

  #history(vma: Vma, page: number): PageHistory {
    let pages = this.#pages.get(vma);
    if (!pages) this.#pages.set(vma, (pages = new Map()));
    let history = pages.get(page);
    if (!history) {
      const initial = vma.possible?.get(page)?.map(({ frame }) => frame) ?? [vma.frames[page]];
      pages.set(page, (history = { vma, page, initial, operations: [] }));
    }
    return history;
  }

  #add(
    vma: Vma,
    page: number,
    told: Partial<PageOperation> & Pick<PageOperation, 'apply' | 'clause' | 'allowed'>,
    { called, returns, step, cpu, outcome }: Doer = this.#model,
  ): void {
    this.#history(vma, page).operations.push({
      called,
      returned: returns,
      cpu,
      step,
      outcome,
      fills: -1,
      sure: false,
      insertion: undefined,
      removal: undefined,
      copies: false,
      disturbs: false,
      spares: undefined,
      ...told,
    });
  }

  /** The step put a frame where nothing was. */
  fill(vma: Vma, page: number, frame: FrameId, insertion: Insertion): void {
    const apply = (state: number): number | undefined => (state < 0 ? frame : undefined);
    const allowed = 'an answer that says that a page is mapped there';
    this.#add(vma, page, { fills: frame, sure: true, insertion, apply, clause: insertion.maps, allowed });
  }

  /** The step put a frame there, or left what it found. */
  fillOrFind(vma: Vma, page: number, frame: FrameId, insertion: Insertion): void {
    const apply = (state: number): number => (state < 0 ? frame : state);
    this.#add(vma, page, { fills: frame, insertion, apply, clause: insertion.maps, allowed: 'NOPAGE' });
  }

  /**
   * The step made a copy of what it found. Until a call that took an older copy away has returned, the CPU may still
   * have a translation to that one, and have written there.
   */
  copy(vma: Vma, page: number, frame: FrameId, insertion: Insertion): void {
    const { initial, operations } = this.#history(vma, page);
    const { called, returns } = this.#model;
    const apply = (state: number): number | undefined => (state < 0 ? undefined : frame);
    const older = (one: PageOperation): boolean => one.fills === frame && one.called < called;
    const mayIdle = (): boolean =>
      operations.some((one) => one.removal && one.called < returns && one.returned > called) &&
      (initial.includes(frame) || operations.some(older));
    this.#add(vma, page, {
      fills: frame,
      sure: true,
      copies: true,
      disturbs: true,
      insertion,
      apply,
      mayIdle,
      clause: insertion.maps,
      allowed: 'fault',
    });
  }

  /** The step was to make a copy, and found nothing; before that it may have made one that was taken away at once. */
  copyOfNothing(vma: Vma, page: number, clause: Clause): void {
    const apply = (state: number): number | undefined => (state < 0 ? state : undefined);
    this.#add(vma, page, { copies: true, disturbs: true, apply, clause, allowed: 'ok' });
  }

  /** The step found the page mapped, or not, or found one frame (`present` is then that frame). */
  find(vma: Vma, page: number, present: boolean | FrameId, clause: Clause, allowed: string): void {
    const apply = (state: number): number | undefined => {
      const found = typeof present === 'number' ? state === present : state >= 0 === present;
      return found ? state : undefined;
    };
    this.#add(vma, page, { apply, clause, allowed });
  }

  /** The step emptied the page. */
  empty(vma: Vma, page: number, removal: Removal, spares?: (frame: FrameId) => boolean): void {
    this.#add(vma, page, emptying(removal, spares));
  }

  /** A sweep emptied the page if it came upon the VMA, which was made meanwhile. */
  perhapsEmpty(vma: Vma, page: number, { removal, spare }: Sweep, by: Doer): void {
    this.#add(vma, page, { ...emptying(removal, spare), mayIdle: () => true }, by);
  }

  /** True where a step of the block had to do with the VMA. */
  concerns(vma: Vma): boolean {
    return this.#pages.has(vma);
  }

  /** Judges what a CPU reached at one page during the read that is being judged. */
  observe(vma: Vma, page: number, word: number, outcome: Outcome, write: number): void {
    const model = this.#model;
    const { initial, operations } = this.#history(vma, page);
    const { called, now } = model;
    const removals = operations.filter((operation) => operation.removal !== undefined);
    /** A removal that lies wholly between a fill and this read. */
    const killer = (frame: FrameId, since: number): PageOperation | undefined =>
      removals.find((one) => one.called > since && one.returned < called && !one.spares?.(frame));
    const fills = operations.filter((operation) => operation.fills >= 0 && operation.called < now);
    if (outcome.kind === 'frame') {
      let dead: PageOperation | undefined;
      for (const fill of fills) {
        if (fill.fills !== outcome.value) continue;
        const by = killer(fill.fills, fill.returned);
        if (!by) return this.#reached(outcome, word, write, fill.insertion);
        dead = by;
      }
      if (initial.includes(outcome.value)) {
        const by = killer(outcome.value, -1);
        if (!by) return this.#reached(outcome, word, write, vma.insertions[page]);
        dead = by;
      }
      if (dead && operations.some((one) => one.copies && one.called < now && one.returned > called)) return;
      if (dead)
        return model.violate(dead.removal!.tables, 'fault, or what was filled in since', [dead.removal!.access!]);
      return model.violate(common.NOT_MAPPED, 'fault, or a frame that a call has filled in');
    }
    if (write >= 0 && !vma.shared) return;
    const disturbed = (since: number, but?: PageOperation): boolean =>
      operations.some((one) => one.disturbs && one !== but && one.called < now && one.returned > since);
    const surely = fills.find((fill) => fill.sure && fill.returned < called && !disturbed(fill.called, fill));
    const kept = initial.length === 1 && initial[0] >= 0 && !disturbed(-1);
    if (outcome.kind === 'other' && vma.live)
      model.violate(common.NOT_MAPPED, 'fault, or a frame that a call has filled in');
    else if (surely) model.violate(surely.insertion!.maps, `${printFrame(surely.fills)}, which is mapped`);
    else if (kept)
      model.violate(vma.insertions[page]?.maps ?? common.NOT_MAPPED, `${printFrame(initial[0])}, which is mapped`);
  }

  #reached(outcome: Outcome, word: number, write: number, insertion: Insertion | undefined): void {
    if (insertion) this.#model.uphold(insertion.maps);
    this.#model.touch(outcome.value, word, outcome, write);
  }

  /** The block has ended: looks for an order page by page, and leaves the model in the state that follows. */
  end(): void {
    for (const pages of this.#pages.values()) {
      for (const history of pages.values()) {
        if (history.operations.length > 0) this.#settle(history);
        if (this.#model.violation) return;
      }
    }
  }

  #settle(history: PageHistory): void {
    const model = this.#model;
    const { vma, page, initial, operations } = history;
    const lanes = new Map<number, PageOperation[]>();
    for (const operation of operations) {
      const lane = lanes.get(operation.cpu);
      if (lane) lane.push(operation);
      else lanes.set(operation.cpu, [operation]);
    }
    // What a sweep may have done to a VMA is known only once that is made.
    for (const lane of lanes.values()) lane.sort((a, b) => a.called - b.called);
    const order = linearize([...lanes.values()], initial);
    if (order.kind === 'unknown') {
      model.unknown = true;
      return;
    }
    if (order.kind === 'none') {
      const { step, outcome, clause, allowed } = order.stuck;
      model.enter(step, order.stuck.called, order.stuck.returned, outcome);
      const followed = {
        vma: vma.name,
        page,
        initial: order.followed.initial,
        steps: order.followed.operations.map(({ operation, state }) => ({ step: operation.step, holds: state })),
      };
      const told = `${allowed}: no order of the overlapping calls explains this answer`;
      return model.violate(clause, told, [], followed);
    }
    for (const operation of operations) if (!operation.removal) model.uphold(operation.clause);
    this.#take(history, [...order.final]);
  }

  /** Takes over the states that the page may be in now. */
  #take({ vma, page, operations, initial }: PageHistory, final: readonly FrameId[]): void {
    const model = this.#model;
    const removal = operations.findLast((operation) => operation.removal)?.removal;
    const before = vma.possible?.get(page);
    const possibilities = final.map((frame): Possibility => {
      const insertion =
        operations.findLast((operation) => operation.fills === frame && frame >= 0)?.insertion ??
        before?.find((known) => known.frame === frame)?.insertion ??
        (initial.includes(frame) ? vma.insertions[page] : undefined);
      return { frame, insertion, removal: frame < 0 ? (removal ?? vma.removals[page]) : undefined };
    });
    const involved = new Set([...initial, ...operations.map((operation) => operation.fills)]);
    const last = operations.findLast((operation) => operation.fills >= 0)?.fills ?? vma.frames[page];
    for (const frame of involved) {
      if (frame < 0 || !isPoolFrame(frame)) continue;
      if (operations.some((operation) => operation.insertion?.counted) || before) model.uncertain.add(frame);
      else model.count(frame, 0, 0, operations[operations.length - 1].clause);
    }
    const was = initial[0];
    if (initial.length === 1 && was >= 0 && isPoolFrame(was) && vma.insertions[page]?.counted) {
      const gone = final.every((frame) => frame !== was);
      if (gone && !operations.some((operation) => operation.fills === was))
        model.count(was, -1, -1, removal?.counts ?? common.COUNTS);
      else if (gone || final.length > 1) model.uncertain.add(was);
    }
    vma.last[page] = last >= 0 ? last : vma.last[page];
    vma.since[page] = model.now;
    vma.untabled[page] = 0;
    settlePage(vma, page, possibilities);
  }
}

const emptying = (removal: Removal, spares: ((frame: FrameId) => boolean) | undefined) => ({
  removal,
  disturbs: true,
  spares,
  apply: (state: number): number => (state >= 0 && spares?.(state) ? state : -1),
  clause: removal.tables,
  allowed: 'any',
});
