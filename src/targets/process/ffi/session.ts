import type { Address } from '../../../../reference/notation/address.ts';
import type { FrameId } from '../../../../reference/notation/frame.ts';
import type { Step } from '../../../../reference/notation/program.ts';
import type { Library } from './library.ts';
import { Memory } from './memory.ts';

/** The address of `hole`: below every library's window, so that nothing maps it. */
const HOLE = 0x10000n;

/** A step needs a name that is not bound. */
export class Unbound extends Error {}

/** The program that a library executes: what its names are bound to, and its memory. */
export class LibrarySession {
  readonly library: Library;
  readonly memory: Memory;
  /** Page size in bytes. */
  readonly page: number;
  /** Addresses of areas, by the number of their name. */
  #areas = new Map<number, bigint>();

  /** @param page page size in bytes. */
  constructor(library: Library, page: number) {
    this.library = library;
    this.page = page;
    this.memory = new Memory(library, page);
  }

  /** Begins a program from scratch. */
  begin(cpus: number, frames: number): void {
    this.library.begin(cpus, frames);
    this.memory.begin();
    this.#areas = new Map();
  }

  /** The frames as the library takes them. */
  frames(frames: readonly FrameId[]): Uint32Array {
    return Uint32Array.from(frames, (frame) => this.memory.frame(frame));
  }

  /** @throws Unbound if the address needs a name that is not bound. */
  address({ base, index, offset }: Address): bigint {
    let start = base === 'hole' ? HOLE : 0n;
    if (base !== 'hole' && base !== 'null') {
      const bound = base === 'a' ? this.#areas.get(index) : undefined;
      if (bound === undefined) throw new Unbound();
      start = bound;
    }
    return BigInt.asUintN(64, start + BigInt(offset));
  }

  /** The address of the aligned word that an address hits. */
  word(address: Address): bigint {
    return this.address(address) & ~7n;
  }

  /** Binds the step's name to the address that a mapping call returned. Returns the outcome. */
  bind(step: Step, address: number | bigint): string {
    if (!address) {
      this.#areas.delete(step.binds);
      return 'null';
    }
    this.#areas.set(step.binds, BigInt(address));
    return `0x${address.toString(16)}`;
  }
}
