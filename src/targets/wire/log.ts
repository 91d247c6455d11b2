/** Maximum length of a line in the log, in characters. */
const MAX_LINE = 400;

/**
 * A target's output besides the protocol. Only the first and the last lines are kept. Lines are added as `LineSplitter`
 * delivers them (Latin-1), and stored as UTF-8.
 */
export class BoundedLog {
  readonly #maxLines: number;
  readonly #first: string[] = [];
  readonly #last: string[] = [];
  /** Position of the oldest line in `#last`, once that is full: it is a ring buffer. */
  #oldest = 0;
  #dropped = 0;

  /** Keeps the first `maxLines` and the last `maxLines` lines. */
  constructor(maxLines = 200) {
    this.#maxLines = maxLines;
  }

  add(line: string): void {
    // This is a copy, as a slice would keep the whole chunk of input alive.
    const copy = Buffer.from(line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}...` : line, 'latin1').toString(
      'utf8',
    );
    if (this.#first.length < this.#maxLines) this.#first.push(copy);
    else if (this.#last.length < this.#maxLines) this.#last.push(copy);
    else {
      this.#last[this.#oldest] = copy;
      this.#oldest = (this.#oldest + 1) % this.#maxLines;
      this.#dropped++;
    }
  }

  /** The last line that is not blank; '' if all lines are blank. */
  get lastLine(): string {
    const lines = this.#lines();
    for (let i = lines.length - 1; i >= 0; i--) if (lines[i].trim() !== '') return lines[i].trim();
    return '';
  }

  get text(): string {
    return this.#lines()
      .map((line) => `${line}\n`)
      .join('');
  }

  #lines(): string[] {
    const last = [...this.#last.slice(this.#oldest), ...this.#last.slice(0, this.#oldest)];
    const gap = this.#dropped > 0 ? [`... ${this.#dropped} lines dropped ...`] : [];
    return [...this.#first, ...gap, ...last];
  }
}
