import { Tally } from '../clauses/tally.ts';
import type { Address } from '../notation/address.ts';
import type { FrameId } from '../notation/frame.ts';
import type { Traits } from '../profiles/traits.ts';
import { Model } from './model.ts';
import { NOTHING } from './view.ts';

/** An access of a CPU to the memory at an address of a bound name. */
export interface Access {
  readonly cpu: number;
  readonly address: Address;
  /** The address space of a user address, by the number of its name; -1 for the first one, and for areas. */
  readonly space: number;
  /** The page number that the address lies in. */
  readonly location: number;
  /** The frame that it reached, or NOTHING. */
  readonly frame: FrameId;
}

/**
 * A model that is watched while it follows a trace, for example to draw a picture. It judges nothing, so it does not
 * stop at a step that breaks the contract. Such a step has the effect that the contract allows.
 */
export class WatchedModel extends Model {
  override readonly lenient = true;
  /** The access that the last step made, if any. */
  access: Access | undefined;

  /**
   * @param frames size of the kit's pool of frames.
   * @param page page size in bytes.
   */
  constructor(traits: Traits, frames: number, page: number) {
    super(traits, new Tally(), frames, page, new Map());
  }

  override violate(): void {}

  override giveUp(): void {}

  override observe(address: Address, write: number): void {
    const named = (address.base === 'a' ? this.kernel : this.user).named[address.index];
    const { kind, value } = this.outcome;
    if (named && (address.base === 'a' || address.base === 'v')) {
      const location = named.start + Math.floor(address.offset / this.page);
      const space = address.base === 'v' ? this.space : -1;
      this.access = { cpu: this.cpu, address, space, location, frame: kind === 'frame' ? value : NOTHING };
    }
    super.observe(address, write);
  }
}
