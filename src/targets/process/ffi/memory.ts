import type { Library } from './library.ts';

/** The high half of every word that is the kit's: a mark, and whose page it is. The low half is the value. */
const MARK = 0x6d6d0000;
const MARK_BITS = 0xffff0000;
const MOST_OWNERS = 0x10000;

/** Keeps the memory of a library's implementation recognisable: each word tells whose page it lies in. */
export class Memory {
  readonly #library: Library;
  readonly #page: number;
  /** Whose a page is, as reads answer it: `f3`, `a0:2`. */
  #owners: string[] = [];
  readonly #owner = new Map<string, number>();
  readonly #word = Buffer.alloc(8);

  /** @param page page size in bytes. */
  constructor(library: Library, page: number) {
    this.#library = library;
    this.#page = page;
  }

  /** A program begins: nothing is known. */
  begin(): void {
    this.#owners = [];
    this.#owner.clear();
  }

  /** A frame of the pool is named; stamped when that happens for the first time. */
  frame(frame: number): number {
    const name = `f${frame}`;
    if (!this.#owner.has(name)) this.#stamp(this.#library.frame(frame), name);
    return frame;
  }

  /** A page of memory that the step `a0 = vmalloc ...` brought, seen through the page tables; true if it was all zero. */
  brought(pointer: unknown, name: string): boolean {
    const words = this.#library.words(pointer, this.#page);
    const zero = words.every((word) => word === 0);
    this.#stamp(pointer, name);
    return zero;
  }

  /** Whose the page at a pointer is. */
  owner(pointer: unknown): string {
    return this.#name(this.#library.words(pointer, this.#page)[1]) ?? 'other';
  }

  /** What a CPU reaches at an address, as reads answer it. */
  read(cpu: number, at: bigint): string {
    if (!this.#library.load(cpu, at, this.#word)) return 'fault';
    const name = this.#name(this.#word.readUInt32LE(4));
    const value = this.#word.readUInt32LE(0);
    if (name === undefined) return 'other';
    return value === 0 ? name : `${name}:${value}`;
  }

  /** Writes a value through an address, unless that reaches what is nobody's; the frame that was reached. */
  write(cpu: number, at: bigint, value: number): string {
    if (!this.#library.load(cpu, at, this.#word)) return 'fault';
    const high = this.#word.readUInt32LE(4);
    const name = this.#name(high);
    if (name === undefined) return 'other';
    return this.#library.store(cpu, at, (BigInt(high) << 32n) | BigInt(value)) ? name : 'fault';
  }

  #name(high: number): string | undefined {
    return (high & MARK_BITS) >>> 0 === MARK ? this.#owners[high & ~MARK_BITS] : undefined;
  }

  #stamp(pointer: unknown, name: string): void {
    const index = this.#owners.length;
    if (index === MOST_OWNERS) throw new Error(`more than ${MOST_OWNERS} pages in one program`);
    this.#owners.push(name);
    this.#owner.set(name, index);
    const words = this.#library.words(pointer, this.#page);
    // Two 32-bit halves at once: a word of 64 bits, little endian as every machine that Node runs on.
    new BigUint64Array(words.buffer).fill(BigInt(MARK + index) << 32n);
  }
}
