import type { Clause } from '../../clauses/clause.ts';
import * as common from '../../clauses/common.ts';
import { type FrameId, isPoolFrame, printFrame } from '../../notation/frame.ts';
import type { Judgement } from '../judgement.ts';
import { markSeen, seenBy } from '../seen.ts';
import { frameAt, GONE, isReserved, type Life, LOADED, NEVER, olderAt, printPage, STALE } from './life.ts';
import type { Lives } from './lives.ts';
import { settles } from './parts.ts';
import { judgeForbiddenWrite, mayFault } from './permissions.ts';

/** Judges what a CPU reached at a kernel address, outside of parallel blocks. */
export class Reads {
  readonly #model: Judgement;
  readonly #lives: Lives;

  constructor(lives: Lives) {
    this.#model = lives.model;
    this.#lives = lives;
  }

  /** Judges the access that is made at a page, counted from the start of an area, live or not. */
  observe(named: Life, page: number): void {
    const location = named.start + page;
    const inside = page >= 0 && page < named.pages;
    const life = inside && named.newest ? named : this.#lives.newest.at(location);
    if (life === undefined) return this.stray(location);
    const live = life.unmapped > this.#model.now;
    if (life.deferred) {
      const under = this.#lives.underGuard(life, location);
      const own = this.#model.outcome.kind === 'frame' && !this.foreign(location);
      if (own && under !== undefined && under !== life) return this.#retired(under, location - under.start);
      return this.#deferred(life, location);
    }
    if (frameAt(life, location) !== undefined) {
      if (live) this.live(life, location - life.start);
      else this.#retired(life, location - life.start);
    } else if (live) this.emptyPage(life, location);
    else {
      const under = this.#lives.underGuard(life, location);
      if (under !== undefined) this.#retired(under, location - under.start);
      else this.stray(location);
    }
  }

  /**
   * The frame reached belongs to memory that the implementation allocated, so other code may have mapped it before.
   * Where translations may linger, an old translation of theirs may lead to it, from an address that the program has
   * given back. It is not theirs if an area of the program had that frame there.
   */
  foreign(location: number): boolean {
    const { outcome } = this.#model;
    if (!this.#lives.lazy || outcome.kind !== 'frame' || isPoolFrame(outcome.value)) return false;
    return !this.#lives.allocatedAt(outcome.value, location);
  }

  /** Nothing of the program was ever mapped there. */
  stray(location: number): void {
    if (this.#model.outcome.kind !== 'frame' || this.foreign(location)) this.#model.uphold(common.STRAY);
    else this.#model.violate(common.STRAY, 'fault or other: the program maps nothing there');
  }

  /** A page of a live area where nothing is mapped: its guard page, or a page of a sparse area. */
  emptyPage(life: Life, location: number): void {
    const model = this.#model;
    // If only a new mapping ends an old translation, one may remain at a guard page, where nothing is ever mapped. It may
    // also be that of other code, which had the address in between.
    const under = this.#lives.underGuard(life, location);
    if (under !== undefined && model.outcome.kind !== 'fault') return this.#retired(under, location - under.start);
    const page = location - life.start;
    const inside = page >= 0 && page < life.pages;
    const clause = inside ? life.maps : common.GUARD;
    const allowed = (): string =>
      inside ? `fault: nothing is mapped at ${printPage(life, page)}` : `fault: the guard page of a${life.name}`;
    if (model.outcome.kind === 'frame') {
      const before = inside ? olderAt(life, page) : this.#lives.beforeGuard(life, location);
      if (hadFrame(before, location, model.outcome.value)) return model.violate(common.REUSE, allowed(), [clause]);
    } else if (inside) model.showEffect(life.mappedBy, life.cpu);
    model.expect(clause, model.outcome.kind === 'fault', allowed);
    if (under !== undefined && model.showsNoTranslation) markSeen(under, model.tlb, location - under.start, GONE);
  }

  /** A page that is certainly mapped. */
  live(life: Life, page: number): void {
    const model = this.#model;
    const { tlb, outcome } = model;
    if (model.write >= 0 && life.readOnly !== undefined) return judgeForbiddenWrite(model, life, life.readOnly, page);
    if (model.write >= 0 && life.permissions !== undefined && mayFault(model, life.permissions)) return;
    const frame = life.frames[page];
    const older = olderAt(life, page);
    if (!life.certain && settles(this.#lives, life, outcome.kind === 'fault')) return;
    if (outcome.kind !== 'frame' || outcome.value !== frame) return this.#missed(life, page, older);
    model.uphold(life.maps);
    if (model.write >= 0 && life.permissions?.writable) model.uphold(life.permissions.writable);
    if (model.write < 0) model.showEffect(model.call);
    model.showEffect(life.mappedBy, life.cpu);
    if (older !== undefined) {
      const held = seenBy(older, tlb, life.start + page - older.start);
      // If the same frame is mapped again, the old translation cannot be distinguished from the new one.
      const told = frameAt(older, life.start + page) !== frame;
      this.armed(common.REUSE, told && (held === LOADED || held === STALE));
    }
    if (model.flushReturned > life.mapped) model.uphold(common.FLUSH_KEEPS);
    if (this.#lives.unmapReturned > life.mapped) model.uphold(this.#lives.unmapKeeps!);
    markSeen(life, tlb, page, LOADED);
    model.touch(frame);
  }

  /** A live page was not reached: the latest promise that should have held is broken. */
  #missed(life: Life, page: number, older: Life | undefined): void {
    const model = this.#model;
    const { outcome } = model;
    const location = life.start + page;
    const allowed = `${printFrame(life.frames[page])}: ${printPage(life, page)}, which is mapped`;
    if (outcome.kind === 'frame') {
      const access = older?.removal?.access;
      if (access !== undefined && frameAt(older!, location) === outcome.value)
        return model.violate(access, allowed, [common.REUSE, life.maps]);
      if (hadFrame(older, location, outcome.value)) model.violate(common.REUSE, allowed, [life.maps]);
      else model.violate(life.maps, allowed);
      return;
    }
    const { unmapReturned, unmapKeeps } = this.#lives;
    const flush = model.flushReturned > life.mapped ? model.flushReturned : -1;
    const unmap = unmapReturned > life.mapped ? unmapReturned : -1;
    if (flush > unmap) model.violate(common.FLUSH_KEEPS, allowed, [life.maps]);
    else if (unmap >= 0) model.violate(unmapKeeps!, allowed, [life.maps]);
    else model.violate(life.maps, allowed);
  }

  /**
   * A page, or the guard page, of an area that a worker unmaps at some time. A fault does not show that it has finished,
   * and other memory may be seen: the call writes into the area.
   */
  #deferred(life: Life, location: number): void {
    const model = this.#model;
    const { tlb, outcome } = model;
    const page = location - life.start;
    const frame = frameAt(life, location);
    const promise = life.removal!.tables;
    const held = frame === undefined ? NEVER : seenBy(life, tlb, page);
    if (outcome.kind === 'frame' && outcome.value === frame) {
      if (held === GONE) return model.violate(common.GONE_STAYS, 'fault, or other');
      model.uphold(promise);
      markSeen(life, tlb, page, LOADED);
      return model.touch(frame);
    }
    if (outcome.kind === 'frame' && !this.foreign(location)) {
      const own = frame === undefined ? '' : `${printFrame(frame)}, `;
      return model.violate(promise, `${own}fault, or other: a${life.name} is being freed`);
    }
    if (outcome.kind !== 'fault' || frame === undefined) return;
    if (held === LOADED) model.showEffect(life.unmappedBy);
    if (model.showsNoTranslation) markSeen(life, tlb, page, GONE);
  }

  /** A page whose unmapping call has returned. */
  #retired(life: Life, page: number): void {
    const model = this.#model;
    const { tlb, outcome } = model;
    const lazy = this.#lives.lazy && life.removal?.access === undefined;
    const access = life.removal?.access;
    if (life.readOnly !== undefined && model.write >= 0 && access === undefined) {
      // A translation that still lingers refuses the write, too.
      if (outcome.kind === 'fault') return model.uphold(life.readOnly);
      if (outcome.kind === 'frame' && outcome.value === life.frames[page])
        return model.violate(life.readOnly, 'fault, or other');
    }
    if (life.freedByWorker && outcome.kind === 'other') return;
    if (access !== undefined && life.whole !== undefined) return this.#flushedPart(life, access);
    const held = seenBy(life, tlb, page);
    const flushed = this.#lives.isFlushed(life);
    const taken = life.others !== undefined && life.others[page] === 1;
    if (outcome.kind !== 'frame' || (outcome.value !== life.frames[page] && this.foreign(life.start + page))) {
      if (held === LOADED || held === STALE) model.showEffect(life.unmappedBy);
      if (access !== undefined) this.armed(access, held === LOADED && life.readOnly === undefined);
      if (flushed) this.armed(common.ALIAS_FLUSHED, held === STALE);
      if (!this.#lives.lazy) this.armed(common.UNMAP_FLUSHES, held === LOADED);
      if (taken) this.armed(common.REUSE, held === STALE || held === LOADED);
      if (held === GONE) model.uphold(common.GONE_STAYS);
      else if (taken || model.showsNoTranslation) markSeen(life, tlb, page, GONE);
      // In a block, another access may have come before.
      if (outcome.kind !== 'fault' && !model.overlapping) this.#lives.takenByOthers(life, page);
      return;
    }
    if (outcome.value !== life.frames[page]) return this.#wrongStale(life, page, flushed || !lazy);
    if (taken || flushed || !lazy || held === GONE) return this.#stale(access, flushed, taken, held);
    model.uphold(common.MAY_LINGER);
    model.uphold(common.STALE_ONLY);
    markSeen(life, tlb, page, STALE);
    model.touch(life.frames[page]);
  }

  /** A page of a sparse area that a call has unmapped and flushed. */
  #flushedPart(life: Life, access: Clause): void {
    const model = this.#model;
    const { tlb, outcome } = model;
    const held = seenBy(life, tlb, 0);
    const reserved = isReserved(life, model.now);
    if (outcome.kind === 'fault' || (!reserved && (outcome.kind !== 'frame' || this.foreign(life.start)))) {
      if (held === LOADED) model.showEffect(life.unmappedBy);
      this.armed(access, held === LOADED);
      if (model.showsNoTranslation) markSeen(life, tlb, 0, GONE);
      return;
    }
    const allowed = reserved ? 'fault' : 'fault, or other';
    const own = outcome.kind === 'frame' && outcome.value === life.frames[0];
    if (own) model.violate(access, allowed, held === GONE ? [common.GONE_STAYS] : []);
    else model.violate(life.whole!.maps, allowed, [access]);
  }

  /** A stale read that breaks one or more promises. The latest one is reported first. */
  #stale(access: Clause | undefined, flushed: boolean, taken: boolean, held: number): void {
    const broken: Clause[] = access === undefined ? [] : [access];
    if (taken) broken.push(common.REUSE);
    if (flushed) broken.push(common.ALIAS_FLUSHED);
    if (!this.#lives.lazy) broken.push(common.UNMAP_FLUSHES);
    if (held === GONE) broken.push(common.GONE_STAYS);
    this.#model.violate(broken[0], 'fault, or other', broken.slice(1));
  }

  /** A stale address reached a wrong frame: one of an earlier mapping of the address, or one from elsewhere. */
  #wrongStale(life: Life, page: number, flushed: boolean): void {
    const model = this.#model;
    const old = printFrame(life.frames[page]);
    const allowed = flushed || !this.#lives.lazy ? 'fault, or other' : `fault, other, or ${old}`;
    const location = life.start + page;
    if (hadFrame(olderAt(life, page), location, model.outcome.value))
      model.violate(common.REUSE, allowed, [common.STALE_ONLY]);
    else model.violate(common.STALE_ONLY, allowed);
  }

  /** The clause held; `armed` where it could have failed. */
  armed(clause: Clause, armed: boolean): void {
    if (armed) this.#model.uphold(clause);
    else this.#model.unarmed(clause);
  }
}

/** True where a life, or one of those that had the address before it, maps a frame at a page number. */
function hadFrame(newest: Life | undefined, location: number, frame: FrameId): boolean {
  for (let life = newest; life !== undefined; life = olderAt(life, location - life.start))
    if (frameAt(life, location) === frame) return true;
  return false;
}
