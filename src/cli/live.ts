import { CLAUSES } from '../../reference/contract.ts';
import { duration, grouped } from '../common/words.ts';
import type { Progress } from '../run/campaign/options.ts';

/** One line that is written over again where the output is a terminal; now and then a plain line where it is none. */
export class LiveLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #terminal: boolean;
  readonly #total: number | undefined;
  #last = 0;
  #shown = false;

  /** `total`: milliseconds that the work is to take, where that is known. */
  constructor(stream: NodeJS.WriteStream, total?: number) {
    this.#stream = stream;
    this.#terminal = stream.isTTY === true && process.env.TERM !== 'dumb';
    this.#total = total;
  }

  update(progress: Progress): void {
    const now = performance.now();
    if (now - this.#last < (this.#terminal ? 100 : 10_000) && progress.doing === undefined) return;
    if (!this.#terminal && this.#last === 0) {
      this.#last = now;
      return;
    }
    this.#last = now;
    const text = this.#text(progress);
    if (!this.#terminal) {
      this.#stream.write(`${text}\n`);
      return;
    }
    const width = this.#stream.columns ?? 100;
    this.#stream.write(`\r\u001b[2K${text.slice(0, width - 1)}`);
    this.#shown = true;
  }

  /** Takes the line away, so that something else can be written. */
  clear(): void {
    if (this.#shown) this.#stream.write('\r\u001b[2K');
    this.#shown = false;
  }

  #text({ tally, programs, steps, milliseconds, findings, doing }: Progress): string {
    const exercised = CLAUSES.filter((clause) => tally.exercised(clause) > 0).length;
    const parts = [
      `${grouped(programs)} programs`,
      `${grouped((steps / Math.max(milliseconds, 1)) * 1000)} steps/s`,
      `${exercised} clauses exercised`,
    ];
    if (findings.length > 0) parts.push(`${findings.length} violated`);
    if (this.#total !== undefined) parts.push(`${duration(Math.max(0, this.#total - milliseconds))} left`);
    if (doing !== undefined) parts.push(doing);
    return parts.join(', ');
  }
}
