import { CLAUSES } from '../../reference/contract.ts';
import { duration, grouped } from '../common/words.ts';
import type { Progress } from '../run/campaign/options.ts';

/** Milliseconds between two updates: on a terminal, and in a log. */
const UPDATE_MS = { terminal: 100, log: 10_000 };
/** Width of a terminal that does not say how wide it is, in characters. */
const USUAL_COLUMNS = 100;
const CLEAR_LINE = '\r\u001b[2K';

/** Progress in one line that a terminal rewrites again and again; elsewhere, a new line now and then. */
export class LiveLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #terminal: boolean;
  readonly #total: number | undefined;
  #lastUpdate = 0;
  #shown = false;

  /** @param total how long the work will take, in milliseconds, if that is known. */
  constructor(stream: NodeJS.WriteStream, total?: number) {
    this.#stream = stream;
    this.#terminal = stream.isTTY === true && process.env.TERM !== 'dumb';
    this.#total = total;
  }

  update(progress: Progress): void {
    const now = performance.now();
    const pause = this.#terminal ? UPDATE_MS.terminal : UPDATE_MS.log;
    if (now - this.#lastUpdate < pause && progress.doing === undefined) return;
    if (!this.#terminal && this.#lastUpdate === 0) {
      this.#lastUpdate = now;
      return;
    }
    this.#lastUpdate = now;
    const text = this.#text(progress);
    if (!this.#terminal) {
      this.#stream.write(`${text}\n`);
      return;
    }
    const width = this.#stream.columns ?? USUAL_COLUMNS;
    this.#stream.write(`${CLEAR_LINE}${text.slice(0, width - 1)}`);
    this.#shown = true;
  }

  /** Removes the line, so that other text can be written. */
  clear(): void {
    if (this.#shown) this.#stream.write(CLEAR_LINE);
    this.#shown = false;
  }

  #text({ tally, programs, steps, milliseconds, findings, doing }: Progress): string {
    const exercised = CLAUSES.filter((clause) => tally.exercised(clause) > 0).length;
    const parts = [
      `${grouped(programs)} programs`,
      `${grouped((steps / Math.max(milliseconds, 1)) * 1000)} steps/s`,
      `${exercised} clauses exercised`,
    ];
    if (findings.length > 0) parts.push(`${findings.length} violations`);
    if (this.#total !== undefined) parts.push(`${duration(Math.max(0, this.#total - milliseconds))} left`);
    if (doing !== undefined) parts.push(doing);
    return parts.join(', ');
  }
}
