const LONGEST = 400;

/**
 * What a target said besides the protocol: its first and its last lines, however much it says. Lines are given as
 * bytes read one by one (Latin-1) and kept as the UTF-8 that they were meant to be.
 */
export class BoundedLog {
  readonly #most: number;
  readonly #first: string[] = [];
  readonly #last: string[] = [];
  /** Where the oldest of `#last` stands, once it is full. */
  #oldest = 0;
  #dropped = 0;

  /** Keeps the first `most` lines and the last `most` lines. */
  constructor(most = 200) {
    this.#most = most;
  }

  add(line: string): void {
    // A copy: a slice would keep the whole chunk that it was cut from.
    const copy = Buffer.from(line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line, 'latin1').toString('utf8');
    if (this.#first.length < this.#most) this.#first.push(copy);
    else if (this.#last.length < this.#most) this.#last.push(copy);
    else {
      this.#last[this.#oldest] = copy;
      this.#oldest = (this.#oldest + 1) % this.#most;
      this.#dropped++;
    }
  }

  /** The last line that says something, '' where there is none. */
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
    const gap = this.#dropped > 0 ? [`... ${this.#dropped} lines not kept ...`] : [];
    return [...this.#first, ...gap, ...last];
  }
}
