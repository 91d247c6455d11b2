import type { KnownArea } from '../../../reference/model/known.ts';
import type { Address } from '../../../reference/notation/address.ts';
import type { Random } from './random.ts';

const SLOTS = 8;

/**
 * The addresses that a program comes back to. Most bugs of a TLB need the same address looked at before an unmapping,
 * after it, and after the flush, on the right CPU; so what was looked at once is looked at again.
 */
export class Focus {
  readonly #ring: Address[] = [];
  #next = 0;

  /** A copy that can go its own way. */
  fork(): Focus {
    const copy = new Focus();
    for (const address of this.#ring) copy.add(address);
    return copy;
  }

  /** An address was looked at. */
  add(address: Address): void {
    if (this.#ring.length < SLOTS) {
      this.#ring.push(address);
      return;
    }
    this.#ring[this.#next] = address;
    this.#next = (this.#next + 1) % SLOTS;
  }

  /** One of the addresses, if there are any. */
  any(random: Random): Address | undefined {
    return this.#ring.length === 0 ? undefined : this.#ring[random.below(this.#ring.length)];
  }

  /** An address relative to the given name, if there is one. */
  in(base: Address['base'], index: number): Address | undefined {
    for (const address of this.#ring) if (address.index === index && address.base === base) return address;
    return undefined;
  }

  /** A live area of one of the origins that was looked at, if there is one. */
  area(areas: readonly (KnownArea | undefined)[], origins: readonly string[], random: Random): KnownArea | undefined {
    const { length } = this.#ring;
    for (let n = 0, at = random.below(Math.max(length, 1)); n < length; n++, at = at + 1 < length ? at + 1 : 0) {
      const { base, index } = this.#ring[at];
      const area = base === 'a' ? areas[index] : undefined;
      if (area?.live && origins.includes(area.origin)) return area;
    }
    return undefined;
  }
}
