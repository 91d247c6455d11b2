/** Longest line that is taken from a target, in bytes; what is longer cannot be protocol. */
export const LONGEST_LINE = 1 << 20;

/** Characters of an overlong line that are kept, for the log and for messages. */
const KEPT = 200;

const NEWLINE = 0x0a;

/**
 * Cuts a stream of bytes into lines, whatever the borders of its chunks. Bytes become characters one by one
 * (Latin-1): the protocol is ASCII, and a broken UTF-8 sequence must not change where a line ends. Holds at most one
 * unfinished line of `longest` bytes; the rest of a longer one is passed over.
 */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #onLong: (start: string, bytes: number) => void;
  readonly #longest: number;
  #rest = '';
  /** Bytes of the overlong line that is being passed over, 0 where there is none. */
  #passed = 0;
  #start = '';

  /**
   * @param onLine gets each line, without its end.
   * @param onLong gets the first characters of a line that was too long, and its length in bytes.
   */
  constructor(
    onLine: (line: string) => void,
    onLong: (start: string, bytes: number) => void = () => {},
    longest = LONGEST_LINE,
  ) {
    this.#onLine = onLine;
    this.#onLong = onLong;
    this.#longest = longest;
  }

  push(chunk: Buffer): void {
    let text = chunk.toString('latin1');
    let at = 0;
    if (this.#passed > 0) {
      const end = chunk.indexOf(NEWLINE);
      if (end < 0) {
        this.#passed += chunk.length;
        return;
      }
      this.#long(this.#start, this.#passed + end);
      at = end + 1;
    } else if (this.#rest !== '') {
      // Only the new part is searched for the end of the line that is already known to have none.
      const end = text.indexOf('\n');
      if (end < 0) return this.#keep(this.#rest + text);
      text = this.#rest + text;
      this.#rest = '';
    }
    for (;;) {
      const end = text.indexOf('\n', at);
      if (end < 0) break;
      const line = text.charCodeAt(end - 1) === 13 && end > at ? text.slice(at, end - 1) : text.slice(at, end);
      if (line.length > this.#longest) this.#long(line.slice(0, KEPT), line.length);
      else this.#onLine(line);
      at = end + 1;
    }
    this.#keep(at === 0 ? text : text.slice(at));
  }

  /** The unfinished last line, where the stream ended within one. */
  get rest(): string {
    return this.#passed > 0 ? this.#start : this.#rest;
  }

  #keep(rest: string): void {
    if (rest.length <= this.#longest) {
      this.#rest = rest;
      return;
    }
    this.#passed = rest.length;
    this.#start = rest.slice(0, KEPT);
    this.#rest = '';
  }

  #long(start: string, bytes: number): void {
    this.#passed = 0;
    this.#start = '';
    this.#rest = '';
    this.#onLong(start, bytes);
  }
}

/** What a line says to people, which may be UTF-8. */
export const utf8 = (line: string): string => Buffer.from(line, 'latin1').toString('utf8');
