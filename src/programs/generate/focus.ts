import type { KnownArea } from '../../../reference/model/known.ts';
import type { Address } from '../../../reference/notation/address.ts';
import type { Random } from './random.ts';

/** Addresses that a program remembers at a time. */
const REMEMBERED_ADDRESSES = 8;

/**
 * The addresses that a program revisits. Most TLB bugs show only if the same address is read before an unmapping, after
 * it and after the flush, each time on the right CPU. So an address that was read once is read again.
 */
export class Focus {
  readonly #ring: Address[] = [];
  #next = 0;

  /** An independent copy. */
  copy(): Focus {
    const copy = new Focus();
    for (const address of this.#ring) copy.add(address);
    return copy;
  }

  /** Remembers an address, and forgets the oldest one if all slots are full. */
  add(address: Address): void {
    if (this.#ring.length < REMEMBERED_ADDRESSES) {
      this.#ring.push(address);
      return;
    }
    this.#ring[this.#next] = address;
    this.#next = (this.#next + 1) % REMEMBERED_ADDRESSES;
  }

  /** A random remembered address, if there is one. */
  any(random: Random): Address | undefined {
    return this.#ring.length === 0 ? undefined : this.#ring[random.below(this.#ring.length)];
  }

  /** A remembered address in the area or VMA of this name, if there is one. */
  in(base: Address['base'], index: number): Address | undefined {
    for (const address of this.#ring) if (address.index === index && address.base === base) return address;
    return undefined;
  }

  /** A live area of one of the origins with a remembered address, if there is one. */
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
