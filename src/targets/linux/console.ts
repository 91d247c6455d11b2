import { stripVTControlCharacters } from 'node:util';
import { LineSplitter } from '../wire/lines.ts';
import { BoundedLog } from '../wire/log.ts';

/** How a kernel begins to say that it cannot go on, most telling first. */
const FATAL = [
  /\bBUG: .*/,
  /\bkernel BUG at .*/,
  /\bgeneral protection fault.*/,
  /\bUnable to handle .*/,
  /\bOops: .*/,
  /\bwatchdog: .*/,
  /\bINFO: .* (?:blocked|stall).*/,
  /\bmmspec: .*/,
  /\bKernel panic .*/,
];

/** What the harness's init says, and ends the machine, when a step does not come back. */
const HANG = /\bmmspec: a step does not come back/;

/** Where it happened: `RIP: 0010:vunmap+0x20/0x40`, on arm64 `pc : vunmap+0x20/0x40`. */
const PLACE = /(?:\bRIP: [0-9a-f]+:|\bpc : )([A-Za-z_][\w.]*)/;

/** The console of a virtual machine: what it said, and in one line why it died. */
export class Console {
  readonly #log = new BoundedLog(400);
  readonly #lines: LineSplitter;
  #rank = FATAL.length;
  #message = '';
  #place = '';
  #hung = false;

  constructor() {
    this.#lines = new LineSplitter(
      (line) => this.#take(line),
      () => {},
    );
  }

  push(chunk: Buffer): void {
    this.#lines.push(chunk);
  }

  /** Why the kernel died: message and function; '' while it lives. */
  get reason(): string {
    if (this.#message === '') return '';
    return this.#place === '' ? this.#message : `${this.#message} in ${this.#place}`;
  }

  /** True where a step did not come back. */
  get hung(): boolean {
    return this.#hung;
  }

  /** Everything (its beginning and its end); the last line is the reason, where there is one. */
  get text(): string {
    return this.#log.text + (this.reason === '' ? '' : `${this.reason}\n`);
  }

  #take(line: string): void {
    // The firmware likes to send the terminal's own control sequences.
    const plain = stripVTControlCharacters(line).trimEnd();
    this.#log.add(plain);
    const text = plain.replace(/^\[[ 0-9.]+\]\s*/, '');
    if (HANG.test(text)) this.#hung = true;
    if (this.#place === '') {
      const place = PLACE.exec(text);
      // A warning shows its place too, and is nothing to die of.
      if (place && this.#message !== '') this.#place = place[1];
    }
    const rank = FATAL.findIndex((pattern) => pattern.test(text));
    if (rank < 0 || rank >= this.#rank) return;
    this.#rank = rank;
    // Addresses and process numbers differ from one run to the next.
    this.#message = (FATAL[rank].exec(text)?.[0] ?? text)
      .replace(/\b[0-9a-f]{16}\b/g, 'ADDRESS')
      .replace(/\s*\[#\d+\].*$/, '')
      .trim();
  }
}
