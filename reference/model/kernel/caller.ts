import type { Clause } from '../../clauses/clause.ts';
import * as common from '../../clauses/common.ts';
import { isPoolFrame, printFrame } from '../../notation/frame.ts';
import type { Judgement } from '../judgement.ts';
import { markSeen, seenBy } from '../seen.ts';
import { frameAt, GONE, type Life, LOADED, NEVER, STALE } from './life.ts';
import type { Lives } from './lives.ts';
import { livesAt, surelyLive } from './overlapping.ts';

/**
 * Judges what a CPU reached at a kernel address where callers flush (`tlb=caller`), in a parallel block or not. Until the
 * CPU has executed `flush_tlb`, it may use any translation that was valid since its last flush, and it may not see a new
 * one.
 */
export class CallerReads {
  readonly #model: Judgement;
  readonly #lives: Lives;
  /** By CPU: when its latest `flush_tlb` was called, among those that have returned. */
  readonly #flushed: number[] = [];

  constructor(lives: Lives) {
    this.#model = lives.model;
    this.#lives = lives;
  }

  /** `flush_tlb` returned. */
  flush(): void {
    this.#flushed[this.#model.cpu] = this.#model.called;
  }

  /** Judges the access that is made at a page number. */
  observe(location: number): void {
    const flushed = this.#flushed[this.#model.cpu] ?? -1;
    const lives = livesAt(this.#lives, location, true);
    const live = surelyLive(this.#model, lives);
    if (this.#model.outcome.kind === 'frame') this.#reached(lives, location, live, flushed);
    else this.#missed(lives, location, live, flushed);
  }

  #reached(lives: readonly Life[], location: number, live: Life | undefined, flushed: number): void {
    const model = this.#model;
    const { tlb, outcome, called, now } = model;
    for (const life of lives) {
      const page = location - life.start;
      if (life.frames[page] !== outcome.value || life.mapBegan >= now || life.unmapped < flushed) continue;
      if (life.unmapped < called && seenBy(life, tlb, page) === GONE) continue;
      const lingers = life.unmapped < called;
      if (lingers) model.uphold(common.MAY_LINGER);
      else this.#upholdLive(lives, location, life, flushed);
      markSeen(life, tlb, page, lingers ? STALE : LOADED);
      return model.touch(outcome.value);
    }
    // Other code may have mapped memory there that the implementation allocated.
    const guard = this.#isGuard(location);
    const dead = lives.find((life) => life.frames[location - life.start] === outcome.value);
    if (!live && !guard && !dead && !isPoolFrame(outcome.value)) return model.uphold(common.STRAY);
    const allowed = live ? `${printFrame(frameAt(live, location)!)}, which is mapped` : 'fault, or other';
    if (dead && dead.unmapped >= flushed) return model.violate(common.GONE_STAYS, allowed);
    if (dead) return model.violate(common.CALLER_FLUSHES, allowed, dead.removal ? [dead.removal.tables] : []);
    if (live) return model.violate(common.CALLER_FLUSHES, allowed);
    const stray: Clause = guard ? common.GUARD : lives.length > 0 ? common.STALE_ONLY : common.STRAY;
    model.violate(stray, allowed);
  }

  /** A live area was reached, which could have failed if the CPU had flushed after the mapping. */
  #upholdLive(lives: readonly Life[], location: number, life: Life, flushed: number): void {
    const model = this.#model;
    if (model.write < 0) model.showEffect(model.call);
    model.showEffect(life.mappedBy, life.cpu);
    if (life.mapped >= flushed) return;
    const older = lives.some((one) => one !== life && seenBy(one, model.tlb, location - one.start) !== NEVER);
    if (older) model.uphold(common.CALLER_FLUSHES);
    else model.unarmed(common.CALLER_FLUSHES);
    if (this.#lives.unmapReturned > life.mapped) model.uphold(this.#lives.unmapKeeps!);
  }

  #missed(lives: readonly Life[], location: number, live: Life | undefined, flushed: number): void {
    const model = this.#model;
    const { tlb, outcome, called } = model;
    if (live && live.mapped < flushed) {
      const allowed = `${printFrame(frameAt(live, location)!)}: page ${location - live.start} of a${live.name}, which is mapped`;
      const { unmapReturned, unmapKeeps } = this.#lives;
      if (unmapReturned > live.mapped) return model.violate(unmapKeeps!, allowed, [common.CALLER_FLUSHES]);
      return model.violate(common.CALLER_FLUSHES, allowed);
    }
    if (this.#isGuard(location)) model.expect(common.GUARD, outcome.kind === 'fault', () => 'fault: a guard page');
    for (const life of lives) {
      const page = location - life.start;
      if (life.unmapped >= called) continue;
      const held = seenBy(life, tlb, page);
      if (held === LOADED || held === STALE) model.showEffect(life.unmappedBy);
      if (life.unmapped < flushed && (held === LOADED || held === STALE)) model.uphold(common.CALLER_FLUSHES);
      if (held === GONE) model.uphold(common.GONE_STAYS);
      else if (outcome.kind === 'fault') markSeen(life, tlb, page, GONE);
    }
    if (lives.length === 0) model.uphold(common.STRAY);
  }

  /** Whether the page is certainly the guard page of a live area. */
  #isGuard(location: number): boolean {
    const { called, now } = this.#model;
    const newest = this.#lives.newest.at(location);
    const guards = newest !== undefined && frameAt(newest, location) === undefined;
    return guards && newest.mapped < called && newest.unmapBegan > now;
  }
}
