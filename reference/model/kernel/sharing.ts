import * as common from '../../clauses/common.ts';
import type { FrameId } from '../../notation/frame.ts';
import { type Outcome, printLocation } from '../../notation/outcome.ts';
import type { Mapping } from '../promises.ts';
import { type Life, NOT_YET } from './life.ts';
import type { Lives } from './lives.ts';

/** How many names a shared life has, and how many of them are being unmapped. */
interface Users {
  names: number;
  leaving: number;
}

const sameFrames = (a: readonly FrameId[], b: readonly FrameId[]): boolean =>
  a.length === b.length && a.every((frame, i) => frame === b[i]);

/**
 * Areas that several mapping calls share, for the trait `alias=same-address`: the second call with the same list of frames
 * returns the area of the first, and the area stays until each of its names was unmapped.
 */
export class Sharing {
  readonly #lives: Lives;
  /** The lives that have more than one name. */
  readonly #users = new Map<Life, Users>();

  constructor(lives: Lives) {
    this.#lives = lives;
  }

  /**
   * A mapping call returned an address: whether it is that of an area that the call must share, or may share.
   * @returns false if the call made an area of its own.
   */
  join(name: number, outcome: Outcome, frames: readonly FrameId[], { origin }: Mapping): boolean {
    const { model, named } = this.#lives;
    if (origin === 'vmalloc' || frames.length === 0) return false;
    const same = named.filter(
      (life) => life?.origin === origin && life.unmapped > model.now && sameFrames(life.frames, frames),
    );
    const shared = same.find((life) => life!.start === outcome.value && outcome.extra === 0);
    if (shared) {
      named[name] = shared;
      let users = this.#users.get(shared);
      if (!users) this.#users.set(shared, (users = { names: 1, leaving: 0 }));
      users.names++;
      if (shared.unmapBegan <= model.now) {
        // The last other name is being unmapped: the call has kept the area, or has mapped it again.
        users.leaving++;
        shared.unmapBegan = NOT_YET;
        shared.mapped = model.now;
      }
      this.#lives.mapReturned(name);
      model.uphold(common.SAME_ADDRESS);
      return true;
    }
    // In a parallel block, two calls may map the same frames at once.
    const first = same.find((life) => life!.mapped < model.called && life!.unmapBegan > model.now);
    if (!first) return false;
    const where = printLocation(first.start, 0, model.page);
    model.violate(common.SAME_ADDRESS, `${where}: a${first.name}, which maps the same frames`);
    return true;
  }

  /** In a parallel block, an unmapping call was called: whether the area stays, because it has another name. */
  beginsToLeave(life: Life): boolean {
    const users = this.#users.get(life);
    if (!users || users.names - users.leaving < 2) return false;
    users.leaving++;
    return true;
  }

  /** An unmapping call returned: whether the area stays, because it has another name. */
  leave(life: Life): boolean {
    const users = this.#users.get(life);
    if (!users || users.names < 2) return false;
    users.names--;
    if (users.leaving > 0) users.leaving--;
    return true;
  }
}
