/**
 * A text that does not follow the notation. The message says where, what was expected there and what was found.
 *
 * @example
 * ```ts
 * import { NotationError, parse } from 'mmspec';
 *
 * try {
 *   parse('mmspec program 1\n@0 a0 = vmpa f0\n');
 * } catch (error) {
 *   if (!(error instanceof NotationError)) throw error;
 *   console.log(error.line, error.column); // 2 9
 * }
 * ```
 */
export class NotationError extends Error {
  override readonly name = 'NotationError';
  /** Line number, from 1. */
  readonly line: number;
  /** Column number, from 1. */
  readonly column: number;
  readonly expected: string;

  /** `found`: the word at that place, '' at the end of a line, undefined at the end of the text. */
  constructor(line: number, column: number, expected: string, found: string | undefined) {
    const shown =
      found === undefined
        ? 'the end of the text'
        : found === ''
          ? 'the end of the line'
          : JSON.stringify(found.length > 40 ? `${found.slice(0, 40)}...` : found);
    super(`line ${line}, column ${column}: expected ${expected}, found ${shown}`);
    this.line = line;
    this.column = column;
    this.expected = expected;
  }
}

const SPACE = 32;
const TAB = 9;
const CARRIAGE_RETURN = 13;
const HASH = 35;

/** The longest range that is kept although it goes beyond the pool, in frames. */
const MAX_FRAMES_BEYOND_POOL = 4096;

/** What the ranges of a document may stand for. */
export interface Allowance {
  /** Frames of the pool: the numbers of frames are below it. */
  pool: number;
  /** How many frames all ranges together may still stand for. */
  frames: number;
}

/** Whether a character separates words. A carriage return does, wherever it stands: at the end of a line it is no word. */
const isBlank = (c: number): boolean => c === SPACE || c === TAB || c === CARRIAGE_RETURN;

/** Where the blanks begin that a line ends with. */
function endOf(text: string): number {
  let end = text.length;
  while (end > 0 && isBlank(text.charCodeAt(end - 1))) end--;
  return end;
}

/** Reads one line word by word. Blanks separate words; `#` outside quotes starts a comment. */
export class Scanner {
  readonly text: string;
  readonly line: number;
  /** The offset of the next unread character. */
  at = 0;
  /** The offset of the word that `next` returned last. */
  wordAt = 0;
  readonly #end: number;

  readonly #allowance: Allowance | undefined;

  /** `allowance`: shared by the lines of a document; undefined for no limit. */
  constructor(text: string, line: number, allowance?: Allowance) {
    this.text = text;
    this.line = line;
    this.#end = endOf(text);
    this.#allowance = allowance;
  }

  /** Counts frames that a short word such as `f0..f999999` stands for; `last` is the highest of them. */
  spend(frames: number, last: number): void {
    if (!this.#allowance) return;
    // `findInvalid` says more about a short range; a long one must not be kept until then.
    if (frames > MAX_FRAMES_BEYOND_POOL && last >= this.#allowance.pool)
      this.fail(`frames below f${this.#allowance.pool} (header line frames)`);
    this.#allowance.frames -= frames;
    if (this.#allowance.frames < 0) this.fail('fewer frames: all ranges of the text together stand for too many');
  }

  #skipBlanks(): void {
    while (this.at < this.#end && isBlank(this.text.charCodeAt(this.at))) this.at++;
    if (this.at < this.#end && this.text.charCodeAt(this.at) === HASH) this.at = this.#end;
  }

  /** Whether only blanks or a comment are left. */
  done(): boolean {
    this.#skipBlanks();
    return this.at >= this.#end;
  }

  /** Reads the next word; '' at the end. */
  next(): string {
    this.#skipBlanks();
    const start = this.at;
    this.wordAt = start;
    while (this.at < this.#end && !isBlank(this.text.charCodeAt(this.at))) this.at++;
    return this.text.slice(start, this.at);
  }

  /** The next word, without reading it. */
  peek(): string {
    const { at, wordAt } = this;
    const word = this.next();
    this.at = at;
    this.wordAt = wordAt;
    return word;
  }

  /** Reads a JSON string: the text after `crash`, `warn` and `leak`. */
  quoted(): string {
    this.#skipBlanks();
    this.wordAt = this.at;
    // A regular expression would need a stack as deep as the text is long.
    let end = this.text[this.at] === '"' ? this.at + 1 : this.#end;
    while (end < this.#end && this.text[end] !== '"') end += this.text[end] === '\\' ? 2 : 1;
    if (end >= this.#end) return this.fail('a text in double quotes');
    const quoted = this.text.slice(this.at, end + 1);
    this.at = end + 1;
    try {
      return JSON.parse(quoted) as string;
    } catch {
      return this.fail('a text in double quotes, escaped as in JSON');
    }
  }

  /** Throws a NotationError at the word that was read last. */
  fail(expected: string): never {
    const rest = this.text.slice(this.wordAt);
    const word = /^\S*/.exec(rest)?.[0] ?? '';
    throw new NotationError(this.line, this.wordAt + 1, expected, word);
  }

  /** Throws a NotationError unless the line ends here. */
  end(): void {
    if (this.done()) return;
    this.next();
    this.fail('the end of the line');
  }
}
