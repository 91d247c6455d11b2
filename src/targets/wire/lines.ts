/** Maximum length of a line from a target, in bytes. A longer one cannot be protocol. */
export const MAX_LINE = 1 << 20;

/** How many characters of an overlong line are kept, for the log and for messages. */
const KEPT_OF_OVERLONG = 200;

const NEWLINE = 0x0a;

/**
 * Splits a stream of bytes into lines, wherever its chunks begin and end. Each byte becomes one character (Latin-1): the
 * protocol is ASCII, and a broken UTF-8 sequence must not change where a line ends. At most one unfinished line of
 * `maxLength` bytes is kept in memory; the rest of an overlong line is dropped.
 */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #onOverlong: (start: string, bytes: number) => void;
  readonly #maxLength: number;
  #rest = '';
  /** Bytes read so far of an overlong line; 0 outside such a line. */
  #overlong = 0;
  /** The first characters of that line. */
  #start = '';

  /**
   * @param onLine called with each line, without its end.
   * @param onOverlong called with the first characters of each overlong line, and its length in bytes.
   */
  constructor(
    onLine: (line: string) => void,
    onOverlong: (start: string, bytes: number) => void = () => {},
    maxLength = MAX_LINE,
  ) {
    this.#onLine = onLine;
    this.#onOverlong = onOverlong;
    this.#maxLength = maxLength;
  }

  push(chunk: Buffer): void {
    let text = chunk.toString('latin1');
    let at = 0;
    if (this.#overlong > 0) {
      const end = chunk.indexOf(NEWLINE);
      if (end < 0) {
        this.#overlong += chunk.length;
        return;
      }
      this.#endOverlong(this.#start, this.#overlong + end);
      at = end + 1;
    } else if (this.#rest !== '') {
      // The part that was read before has no end of line, so only the new part is searched.
      const end = text.indexOf('\n');
      if (end < 0) return this.#keep(this.#rest + text);
      text = this.#rest + text;
      this.#rest = '';
    }
    for (;;) {
      const end = text.indexOf('\n', at);
      if (end < 0) break;
      const line = text.charCodeAt(end - 1) === 13 && end > at ? text.slice(at, end - 1) : text.slice(at, end);
      if (line.length > this.#maxLength) this.#endOverlong(line.slice(0, KEPT_OF_OVERLONG), line.length);
      else this.#onLine(line);
      at = end + 1;
    }
    this.#keep(at === 0 ? text : text.slice(at));
  }

  /** The unfinished last line; '' if the stream ended with a complete one. */
  get rest(): string {
    return this.#overlong > 0 ? this.#start : this.#rest;
  }

  #keep(rest: string): void {
    if (rest.length <= this.#maxLength) {
      this.#rest = rest;
      return;
    }
    this.#overlong = rest.length;
    this.#start = rest.slice(0, KEPT_OF_OVERLONG);
    this.#rest = '';
  }

  #endOverlong(start: string, bytes: number): void {
    this.#overlong = 0;
    this.#start = '';
    this.#rest = '';
    this.#onOverlong(start, bytes);
  }
}

/** Decodes the UTF-8 in a line, for people to read. */
export const utf8 = (line: string): string => Buffer.from(line, 'latin1').toString('utf8');

/** The names in a line, which blanks separate, for people to read. */
export const namesIn = (line: string): string[] => (line.trim() === '' ? [] : utf8(line).trim().split(/\s+/));
