import type { Clause } from '../../clauses/clause.ts';
import * as common from '../../clauses/common.ts';
import { type FrameId, isPrivateCopy, printFrame } from '../../notation/frame.ts';
import type { Judgement } from '../judgement.ts';
import type { Removal } from '../promises.ts';
import { markSeen, seenBy } from '../seen.ts';
import type { Protection } from './protection.ts';
import { hasPage, LOADED, LOADED_BEFORE, type Vma } from './vma.ts';
import type { Vmas } from './vmas.ts';

/** Judges what a CPU reached at a user address, outside of parallel blocks. */
export class Reads {
  readonly #model: Judgement;
  readonly #vmas: Vmas;

  constructor(vmas: Vmas) {
    this.#model = vmas.model;
    this.#vmas = vmas;
  }

  /** Judges the access that is made at page `page` counted from the start of a VMA, live or not. */
  observe(named: Vma, page: number): void {
    const inside = page >= 0 && page < named.pages;
    if (hasPage(named, page)) return this.#page(named, page);
    const location = named.start + page;
    const vma = this.#vmas.at(location);
    if (vma) this.#page(vma, location - vma.start);
    else if (inside) this.#empty(named, page);
    else this.#stray();
  }

  #stray(): void {
    if (this.#model.outcome.kind !== 'frame') this.#model.uphold(common.STRAY_USER);
    else this.#model.violate(common.STRAY_USER, 'fault: no VMA of the program is there');
  }

  /** A page of a live VMA. */
  #page(vma: Vma, page: number): void {
    const model = this.#model;
    const { outcome, write } = model;
    if (vma.protection?.forbids(write >= 0)) return this.#forbidden(vma, page, vma.protection);
    if (vma.possible?.has(page)) {
      // Whatever is mapped, a write may fault once more where writing was allowed again.
      if (outcome.kind === 'fault' && vma.protection?.mayFault(write >= 0, vma.since[page])) return;
      // A write to a private page faults if nothing is mapped, and also if the page is not yet a copy.
      const faults = (one: FrameId): boolean => one < 0 || (write >= 0 && !vma.shared && !isPrivateCopy(one));
      this.#vmas.settle(vma, page, (one) => (outcome.kind === 'frame' ? one === outcome.value : faults(one)));
    }
    const frame = vma.frames[page];
    if (frame < 0) return this.#empty(vma, page);
    if (write >= 0 && !vma.shared && !isPrivateCopy(frame)) {
      const allowed = () => 'fault: the page is private and not yet a copy';
      return model.expect(common.COW_PROTECTS, outcome.kind === 'fault', allowed);
    }
    if (outcome.kind === 'frame' && outcome.value === frame) this.#reached(vma, page, frame);
    else this.#lost(vma, page, frame);
  }

  /** An access that the permissions of the VMA forbid. */
  #forbidden(vma: Vma, page: number, protection: Protection): void {
    const model = this.#model;
    const { denies, flushes } = protection.restriction!;
    const loaded = seenBy(vma, model.cpu, page) === LOADED;
    if (model.outcome.kind !== 'fault') {
      const stale = loaded || protection.seen(page);
      const allowed = `fault: v${vma.name} allows ${protection.access === 'none' ? 'no access' : 'only reads'}`;
      return model.violate(stale ? flushes : denies, allowed, [stale ? denies : flushes]);
    }
    if (vma.frames[page] < 0) return;
    model.uphold(denies);
    if (loaded) model.uphold(flushes);
    else model.unarmed(flushes);
    protection.see(page);
    // The CPU cannot load the translation again where nothing is allowed.
    if (protection.access === 'none') markSeen(vma, model.cpu, page, 0);
  }

  /** The CPU reached the frame that is mapped. */
  #reached(vma: Vma, page: number, frame: FrameId): void {
    const model = this.#model;
    const { write } = model;
    const since = vma.since[page];
    model.uphold(vma.insertions[page]!.maps);
    if (write < 0) model.showEffect(model.call, vma.cpu);
    if (this.#vmas.disturbed > since) model.uphold(this.#vmas.keeper(vma, page));
    if (model.flushReturned > since) model.uphold(common.FLUSH_KEEPS_USER);
    if (seenBy(vma, model.cpu, page) === LOADED_BEFORE) model.uphold(common.NO_STALE_REFILL);
    markSeen(vma, model.cpu, page, LOADED);
    model.touch(frame);
  }

  /** The CPU did not reach the frame that is mapped. */
  #lost(vma: Vma, page: number, frame: FrameId): void {
    const { outcome, write } = this.#model;
    if (outcome.kind === 'fault' && vma.protection?.mayFault(write >= 0, vma.since[page])) return;
    const { maps } = vma.insertions[page]!;
    const allowed = `${printFrame(frame)}: page ${page} of v${vma.name}, which is mapped`;
    const old = outcome.kind === 'frame' && outcome.value === vma.last[page] && vma.last[page] !== frame;
    if (old) this.#model.violate(common.NO_STALE_REFILL, allowed, [maps]);
    else this.missed(vma, page, allowed, maps);
  }

  /** A mapped page is gone: breaks the latest promise that should have kept it, or `clause` if there is no such one. */
  missed(vma: Vma, page: number, allowed: string, clause: Clause): void {
    const model = this.#model;
    const { disturbed } = this.#vmas;
    const flush = model.flushReturned > vma.since[page] ? model.flushReturned : -1;
    const call = disturbed > vma.since[page] ? disturbed : -1;
    if (call >= 0 && call > flush) model.violate(this.#vmas.keeper(vma, page), allowed, [clause]);
    else if (flush >= 0) model.violate(common.FLUSH_KEEPS_USER, allowed, [clause]);
    else model.violate(clause, allowed);
  }

  /** Nothing is mapped at the page: what was there must be gone. */
  #empty(vma: Vma, page: number): void {
    const model = this.#model;
    const { outcome } = model;
    const removal = vma.removals[page];
    const access = removal?.access;
    const live = hasPage(vma, page);
    const allowed = live ? 'fault: the page is not mapped' : 'fault, or other: the VMA is unmapped';
    const held = outcome.kind === 'fault' || (!live && outcome.kind === 'other');
    if (!removal || !access) {
      if (vma.ended && !held) return this.#beyondEnd(vma.ended, allowed);
      return model.expect(common.NOT_MAPPED, held, () => allowed);
    }
    const loaded = seenBy(vma, model.cpu, page) === LOADED;
    if (held) {
      model.uphold(removal.tables);
      if (loaded) model.uphold(access);
      else model.unarmed(access);
      // The page tables do not have it, so this CPU cannot load it again: the clause cannot fail on it any more.
      markSeen(vma, model.cpu, page, 0);
      if (outcome.kind === 'fault') vma.untabled[page] = true;
    } else if (outcome.kind === 'frame' && outcome.value === vma.last[page]) {
      // Nothing shows the page tables of a VMA that is gone. A CPU that had the translation most likely kept it.
      if (vma.untabled[page] || (!live && loaded)) model.violate(access, allowed, [removal.tables]);
      else model.violate(removal.tables, allowed, [access]);
    } else if (vma.ended) this.#beyondEnd(vma.ended, allowed);
    else model.violate(common.NOT_MAPPED, allowed);
  }

  /** The address of an unmapped VMA reached a frame that was not there before: the CPU used an old page table. */
  #beyondEnd({ access }: Removal, allowed: string): void {
    this.#model.violate(common.STRAY_USER, allowed, access ? [access] : []);
  }
}
