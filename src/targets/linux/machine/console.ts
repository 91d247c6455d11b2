import { stripVTControlCharacters } from 'node:util';
import { LineSplitter } from '../../wire/lines.ts';
import { BoundedLog } from '../../wire/log.ts';

/** Messages of a kernel that dies, the most informative ones first. */
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

/** The check of the kernel that failed, in the dump of the page that it was about. */
const FAILED_CHECK = /\bpage dumped because: (VM_\w*BUG\w*\(.*\))/;

/** The message of the harness's init when a step hangs. It then resets the machine. */
const HANG = /\bmmspec: a step hangs/;

/** The console of a virtual machine. Keeps its output, and finds the reason why the kernel died. */
export class Console {
  readonly #log = new BoundedLog(400);
  readonly #lines: LineSplitter;
  readonly #placePattern: RegExp;
  #rank = FATAL.length;
  #message = '';
  #place = '';
  #check = '';
  #hung = false;

  /** @param place finds the function in a line that says where the kernel died: the first group. */
  constructor(place: RegExp) {
    this.#placePattern = place;
    this.#lines = new LineSplitter(
      (line) => this.#take(line),
      () => {},
    );
  }

  push(chunk: Buffer): void {
    this.#lines.push(chunk);
  }

  /** Why the kernel died: message, failed check and function. '' while it runs. */
  get reason(): string {
    if (this.#message === '') return '';
    const check = this.#check === '' ? '' : `: ${this.#check}`;
    return `${this.#message}${check}${this.#place === '' ? '' : ` in ${this.#place}`}`;
  }

  /** Whether a step hung. */
  get hung(): boolean {
    return this.#hung;
  }

  /** The first and the last lines of the output, and then the reason, if there is one. */
  get text(): string {
    return this.#log.text + (this.reason === '' ? '' : `${this.reason}\n`);
  }

  #take(line: string): void {
    // The firmware sends control sequences of terminals.
    const plain = stripVTControlCharacters(line).trimEnd();
    this.#log.add(plain);
    const text = plain.replace(/^\[[ 0-9.]+\]\s*/, '');
    if (HANG.test(text)) this.#hung = true;
    this.#check = FAILED_CHECK.exec(text)?.[1] ?? this.#check;
    if (this.#place === '') {
      const place = this.#placePattern.exec(text);
      // Warnings have a place, too, and are not fatal.
      if (place && this.#message !== '') this.#place = place[1];
    }
    const rank = FATAL.findIndex((pattern) => pattern.test(text));
    if (rank < 0 || rank >= this.#rank) return;
    this.#rank = rank;
    // Addresses and oops counts differ between runs.
    this.#message = (FATAL[rank].exec(text)?.[0] ?? text)
      .replace(/\b[0-9a-f]{16}\b/g, 'ADDRESS')
      .replace(/\s*\[#\d+\].*$/, '')
      .trim();
  }
}
