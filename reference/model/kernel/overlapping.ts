import type { Clause } from '../../clauses/clause.ts';
import * as common from '../../clauses/common.ts';
import type { Judgement } from '../judgement.ts';
import { markSeen, seenBy } from '../seen.ts';
import { frameAt, GONE, type Life, LOADED, olderAt, STALE } from './life.ts';
import type { Lives } from './lives.ts';
import { sparseAt } from './parts.ts';
import type { Reads } from './reads.ts';

/**
 * All lives that have or had a page number, or are being mapped there, newest first.
 * @param underGuard look also under a guard page, for lives whose translations may remain there.
 */
export function livesAt(lives: Lives, location: number, underGuard = false): Life[] {
  const found = lives.mapping.filter((life) => frameAt(life, location) !== undefined);
  let life = lives.newest.at(location);
  // A call that began before a guard page was there may have come before it.
  const since = underGuard && !lives.flushes ? -1 : lives.model.called;
  if (life !== undefined && frameAt(life, location) === undefined) life = lives.beforeGuard(life, location, since);
  for (; life !== undefined; life = olderAt(life, location - life.start)) found.push(life);
  return found;
}

/** The life that certainly had the page during the whole call that is being judged. */
export const surelyLive = ({ called, now }: Judgement, lives: readonly Life[]): Life | undefined =>
  lives.find((life) => life.mapped < called && life.unmapBegan > now);

/**
 * Judges what a CPU reached at a kernel address in a parallel block.
 *
 * A read may reach any life whose mapping call was called before the read returned, unless the life was certainly dead
 * when the read was called. Each read is judged by itself, and no order of the calls is searched for. So the judge accepts
 * some traces that no order explains:
 *
 *     @0 vunmap a0          [1 6]
 *     @1 read a0 => fault   [2 3]
 *     @1 read a0 => f0      [4 5]
 *
 * The fault says that the page-table entry was cleared by then, so CPU 1 cannot have reached f0 after it. To see that,
 * a search would have to cover all pages at once, since every flush acts on all of them. A judge may accept too much,
 * but it must never reject what a conforming implementation can do. Once `vunmap` has returned, a fault is remembered
 * (GONE), and the same two reads are a violation.
 */
export class OverlappingReads {
  readonly #model: Judgement;
  readonly #lives: Lives;
  readonly #reads: Reads;

  constructor(lives: Lives, reads: Reads) {
    this.#model = lives.model;
    this.#lives = lives;
    this.#reads = reads;
  }

  /** Judges the access that is made at a page number. */
  observe(location: number): void {
    const model = this.#model;
    const sparse = sparseAt(this.#lives, location);
    if (sparse) return this.#reads.observe(sparse, location - sparse.start);
    const newest = this.#lives.newest.at(location);
    if (newest !== undefined && frameAt(newest, location) === undefined) {
      if (newest.mapped < model.called && newest.unmapBegan > model.now) return this.#reads.emptyPage(newest, location);
    }
    const lives = livesAt(this.#lives, location, true);
    const surely = surelyLive(model, lives);
    if (surely) return this.#reads.live(surely, location - surely.start);
    if (lives.length === 0) return this.#reads.stray(location);
    if (model.outcome.kind === 'frame') this.#reached(lives, location);
    else this.#missed(lives, location);
  }

  /** A frame was reached: some life must have it that is not surely dead. */
  #reached(lives: readonly Life[], location: number): void {
    const model = this.#model;
    const { cpu, outcome, called } = model;
    let charge: Clause | undefined;
    for (let at = 0; at < lives.length; at++) {
      const life = lives[at];
      const page = location - life.start;
      if (life.frames[page] !== outcome.value) continue;
      if (life.readOnly !== undefined && this.#model.write >= 0) {
        charge ??= life.readOnly;
        continue;
      }
      const dead = this.#deadBy(lives, at, page, seenBy(life, cpu, page));
      if (dead === undefined) {
        const lingers = life.unmapped < called;
        if (lingers) model.uphold(common.MAY_LINGER);
        markSeen(life, cpu, page, lingers ? STALE : LOADED);
        return model.touch(outcome.value);
      }
      charge ??= dead;
    }
    if (charge !== undefined || !this.#reads.foreign(location))
      model.violate(charge ?? common.STALE_ONLY, 'fault, other, or a frame that may still be there');
  }

  /** No frame was reached, which is always allowed here. */
  #missed(lives: readonly Life[], location: number): void {
    const { cpu, called } = this.#model;
    for (let at = 0; at < lives.length; at++) {
      const life = lives[at];
      // A write to a page that is mapped read-only faults, whether it is still mapped or not.
      if (life.readOnly !== undefined && this.#model.write >= 0) continue;
      const page = location - life.start;
      const held = seenBy(life, cpu, page);
      const dead = this.#deadBy(lives, at, page, held);
      if (dead === common.ALIAS_FLUSHED) this.#reads.armed(dead, held === STALE);
      if (this.#model.showsNoTranslation && life.unmapped < called) markSeen(life, cpu, page, GONE);
    }
  }

  /**
   * When the latest flush was called that had returned before the access was called. Only such a flush covers what was
   * unmapped before it. Two near misses:
   *
   *     @0 vunmap a0         [1 4]          @0 vunmap a0         [1 2]
   *     @1 vm_unmap_aliases  [3 6]          @1 vm_unmap_aliases  [3 6]
   *     @2 read a0 => f0     [7 8]          @2 read a0 => f0     [5 8]
   *
   * On the left the flush was called before the unmapping call had returned, so it may have run before the area was
   * on its list. On the right it had not returned when the read was called, so CPU 2 may not have been flushed yet.
   */
  #flushedBefore(): number {
    let latest = this.#lives.flushedBeforeBlock;
    for (const { called, returned } of this.#lives.flushesOfBlock) {
      if (returned < this.#model.called && called > latest) latest = called;
    }
    return latest;
  }

  /** Why the `at`-th life of a page cannot be reached any more, or undefined where it can. */
  #deadBy(lives: readonly Life[], at: number, page: number, held: number): Clause | undefined {
    const { called } = this.#model;
    const life = lives[at];
    if (life.removal?.access !== undefined && life.unmapped < called) return life.removal.access;
    for (let newer = 0; newer < at; newer++) if (lives[newer].mapped < called) return common.REUSE;
    if (this.#lives.flushes && life.unmapped < this.#flushedBefore()) return common.ALIAS_FLUSHED;
    if (life.others !== undefined && life.others[page] === 1) return common.REUSE;
    if (!this.#lives.lazy && life.unmapped < called) return common.UNMAP_FLUSHES;
    return held === GONE ? common.GONE_STAYS : undefined;
  }
}
