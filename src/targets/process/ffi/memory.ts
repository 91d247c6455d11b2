import type { Library } from './library.ts';

/**
 * A 64-bit word of a stamped page: MARK and the index of the page's identity in the high half, a value in the low half.
 */
const MARK = 0x6d6d0000;
const MARK_BITS = 0xffff0000;
const MAX_IDENTITIES = 0x10000;

/** Stamps the pages of a library's implementation, so that every word says which page it belongs to. */
export class Memory {
  readonly #library: Library;
  readonly #page: number;
  /** The identities of the stamped pages, as reads answer them: `f3`, `a0:2`. */
  #identities: string[] = [];
  /** Positions in `#identities`. */
  readonly #indices = new Map<string, number>();
  readonly #word = Buffer.alloc(8);

  /** @param page page size in bytes. */
  constructor(library: Library, page: number) {
    this.#library = library;
    this.#page = page;
  }

  /** A program begins: no page is stamped. */
  begin(): void {
    this.#identities = [];
    this.#indices.clear();
  }

  /** Stamps a frame of the pool when it is named for the first time. Returns the frame. */
  frame(frame: number): number {
    const name = `f${frame}`;
    if (!this.#indices.has(name)) this.#stamp(this.#library.frame(frame), name);
    return frame;
  }

  /** Stamps a page that the implementation allocated. Returns whether it was all zero. */
  allocated(pointer: unknown, identity: string): boolean {
    const words = this.#library.words(pointer, this.#page);
    const zero = words.every((word) => word === 0);
    this.#stamp(pointer, identity);
    return zero;
  }

  /** The identity of the page at a pointer; `other` if it has none. */
  identity(pointer: unknown): string {
    return this.#name(this.#library.words(pointer, this.#page)[1]) ?? 'other';
  }

  /** Reads the word at an address on a CPU. Returns the outcome as the notation writes it. */
  read(cpu: number, at: bigint): string {
    if (!this.#library.load(cpu, at, this.#word)) return 'fault';
    const name = this.#name(this.#word.readUInt32LE(4));
    const value = this.#word.readUInt32LE(0);
    if (name === undefined) return 'other';
    return value === 0 ? name : `${name}:${value}`;
  }

  /** Writes a value to the word at an address on a CPU, if it lies in a stamped page. Returns the outcome. */
  write(cpu: number, at: bigint, value: number): string {
    if (!this.#library.load(cpu, at, this.#word)) return 'fault';
    const high = this.#word.readUInt32LE(4);
    const name = this.#name(high);
    if (name === undefined) return 'other';
    return this.#library.store(cpu, at, (BigInt(high) << 32n) | BigInt(value)) ? name : 'fault';
  }

  #name(high: number): string | undefined {
    return (high & MARK_BITS) >>> 0 === MARK ? this.#identities[high & ~MARK_BITS] : undefined;
  }

  #stamp(pointer: unknown, name: string): void {
    const index = this.#identities.length;
    if (index === MAX_IDENTITIES) throw new Error(`a program may use at most ${MAX_IDENTITIES} pages`);
    this.#identities.push(name);
    this.#indices.set(name, index);
    const words = this.#library.words(pointer, this.#page);
    // Every machine that Node runs on is little endian, so both halves can be written at once.
    new BigUint64Array(words.buffer).fill(BigInt(MARK + index) << 32n);
  }
}
