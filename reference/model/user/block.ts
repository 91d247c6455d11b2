import type { Clause } from '../../clauses/clause.ts';
import { type FrameId, isPrivateCopy } from '../../notation/frame.ts';
import type { Outcome } from '../../notation/outcome.ts';
import type { Judgement } from '../judgement.ts';
import type { Operation } from '../linearize.ts';
import type { Insertion, Removal } from '../promises.ts';
import { framesAt, type Sweep, type Vma } from './vma.ts';

/** What a step of a parallel block did to one page of a VMA, at some moment between its call and its return. */
export interface PageOperation extends Operation {
  readonly cpu: number;
  readonly step: number;
  readonly outcome: Outcome;
  /** The frame that it put there, or -1. */
  readonly fills: FrameId;
  /** Whether it certainly filled the page. If not, it may have found it filled. */
  readonly sure: boolean;
  readonly insertion: Insertion | undefined;
  readonly removal: Removal | undefined;
  /** It copies the frame that it finds. Until it returns, the copy may still look like that frame. */
  readonly copies: boolean;
  /** It leaves the page empty for a moment at least. */
  readonly disturbs: boolean;
  /** True for frames that a removal leaves mapped. */
  readonly spares: ((frame: FrameId) => boolean) | undefined;
  /** The clause that is broken if no order explains the answer, and what would have been right. */
  readonly clause: Clause;
  readonly allowed: string;
}

/** An operation with defaults left out. */
type Described = Partial<Omit<PageOperation, keyof Moment>> & Pick<PageOperation, 'apply' | 'clause' | 'allowed'>;

/** Whether a step may have found a page in this state: a frame, or -1 for nothing. */
export type Fits = (state: FrameId) => boolean;

/** What an operation has of the step that did it. */
type Moment = Pick<PageOperation, 'called' | 'returned' | 'cpu' | 'step' | 'outcome'>;

/** The step that did something, and when. */
type Doer = Pick<Judgement, 'called' | 'returns' | 'step' | 'cpu' | 'outcome'>;

/** What the steps of a parallel block did to one page. */
export interface PageHistory {
  readonly vma: Vma;
  readonly page: number;
  /** The states that the page may have been in when the block began: a frame, or -1 for nothing. */
  readonly initial: readonly FrameId[];
  readonly operations: PageOperation[];
}

/**
 * What the steps of one parallel block did to the pages of VMAs, written down page by page. The order in which these
 * operations took effect is not known yet. Reads are judged by the operations around them (overlapping.ts). Whether
 * some order explains all answers is searched when the block has ended (order.ts).
 */
export class BlockHistory {
  readonly model: Judgement;
  /** VMAs that a munmap of the block removes, and when it returns. Until then other calls may find them. */
  readonly leaving: { readonly vma: Vma; readonly returned: number }[] = [];
  /**
   * Page numbers of VMAs that an mmap of the block makes, and when it returns. Accesses may reach them, by other names,
   * before it returns.
   */
  readonly arriving: { readonly start: number; readonly end: number; readonly returned: number }[] = [];
  /** Sweeps of the block. Each may find or miss a VMA that is made while it runs. */
  readonly #sweeps: { readonly sweep: Sweep; readonly by: Doer }[] = [];
  readonly #pages = new Map<Vma, Map<number, PageHistory>>();

  constructor(model: Judgement) {
    this.model = model;
  }

  /** The history of a page; it is created if there is none yet. */
  history(vma: Vma, page: number): PageHistory {
    let pages = this.#pages.get(vma);
    if (!pages) this.#pages.set(vma, (pages = new Map()));
    let history = pages.get(page);
    if (!history) {
      pages.set(page, (history = { vma, page, initial: framesAt(vma, page), operations: [] }));
    }
    return history;
  }

  /** The histories of all pages that a step involved, VMA by VMA. */
  histories(): readonly PageHistory[] {
    const histories: PageHistory[] = [];
    for (const pages of this.#pages.values()) for (const history of pages.values()) histories.push(history);
    return histories;
  }

  /** The history of a page, if a step involved it. */
  historyOf(vma: Vma, page: number): PageHistory | undefined {
    return this.#pages.get(vma)?.get(page);
  }

  /** True if a munmap that has not returned yet removes the VMA. */
  isLeaving(vma: Vma): boolean {
    return this.leaving.some((one) => one.vma === vma && one.returned > this.model.now);
  }

  /** VMAs of an object that a munmap is still removing when the call is made that is being judged. */
  *stillLeaving(object: number): Iterable<Vma> {
    for (const { vma, returned } of this.leaving) if (vma.object === object && returned > this.model.called) yield vma;
  }

  #add(vma: Vma, page: number, described: Described, by: Doer = this.model): void {
    // Field by field: so all operations have the same shape, and the search for an order runs faster.
    this.history(vma, page).operations.push({
      called: by.called,
      returned: by.returns,
      cpu: by.cpu,
      step: by.step,
      outcome: by.outcome,
      fills: described.fills ?? -1,
      sure: described.sure ?? false,
      insertion: described.insertion,
      removal: described.removal,
      copies: described.copies ?? false,
      disturbs: described.disturbs ?? false,
      spares: described.spares,
      clause: described.clause,
      allowed: described.allowed,
      apply: described.apply,
      mayIdle: described.mayIdle,
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

  /** The step may have put a frame where nothing was: it failed, and does not tell at which page. */
  mayFill(vma: Vma, page: number, frame: FrameId, insertion: Insertion): void {
    const apply = (state: number): number => (state < 0 ? frame : state);
    const mayIdle = (): boolean => true;
    this.#add(vma, page, { fills: frame, insertion, apply, mayIdle, clause: insertion.maps, allowed: 'any' });
  }

  /** True if something was mapped at the page when the block began, or a step of the block may have mapped something. */
  mayBePresent(vma: Vma, page: number): boolean {
    const { initial, operations } = this.history(vma, page);
    return initial.some((frame) => frame >= 0) || operations.some(({ fills }) => fills >= 0);
  }

  /**
   * The step made a copy of the frame that it found. If a removal of an older copy is still under way, the CPU may have
   * written through its old translation to that older copy instead: then the step had no effect.
   */
  copy(vma: Vma, page: number, frame: FrameId, insertion: Insertion): void {
    const { initial, operations } = this.history(vma, page);
    const { called, returns } = this.model;
    // A page that is a copy already stays that copy, whichever VMA it was made in.
    const apply = (state: number): number | undefined => (state < 0 ? undefined : isPrivateCopy(state) ? state : frame);
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

  /** The step found nothing to copy. It may have made a copy first, which was then removed. */
  copyOfNothing(vma: Vma, page: number, clause: Clause): void {
    const apply = (state: number): number | undefined => (state < 0 ? state : undefined);
    this.#add(vma, page, { copies: true, disturbs: true, apply, clause, allowed: 'ok' });
  }

  /** The step found the page mapped or not (`found` is a boolean), or in a state that `found` fits: a frame, or -1. */
  find(vma: Vma, page: number, found: boolean | Fits, clause: Clause, allowed: string): void {
    const fits = typeof found === 'boolean' ? (state: number) => state >= 0 === found : found;
    const apply = (state: number): number | undefined => (fits(state) ? state : undefined);
    this.#add(vma, page, { apply, clause, allowed });
  }

  /** The step emptied the page. */
  empty(vma: Vma, page: number, removal: Removal, spares?: (frame: FrameId) => boolean): void {
    this.#add(vma, page, emptying(removal, spares));
  }

  /** A sweep was called. */
  addSweep(sweep: Sweep): void {
    const { called, returns, step, cpu, outcome } = this.model;
    this.#sweeps.push({ sweep, by: { called, returns, step, cpu, outcome } });
  }

  /** A VMA was made: sweeps that are under way may find it and empty its pages. */
  meetSweeps(vma: Vma): void {
    for (const { sweep, by } of this.#sweeps) {
      if (sweep.object !== vma.object || by.returns < this.model.called) continue;
      for (const { from, to, removal } of sweep.ranges(vma)) {
        for (let page = from; page < to; page++)
          this.#add(vma, page, { ...emptying(removal, sweep.spare), mayIdle: () => true }, by);
      }
    }
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
