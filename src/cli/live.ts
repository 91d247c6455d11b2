import { CLAUSES } from '../../reference/contract.ts';
import { USUAL_COLUMNS } from '../common/terminal.ts';
import { counted, cut, duration, grouped } from '../common/words.ts';
import type { Finding } from '../findings/finding.ts';
import type { Progress } from '../run/campaign/options.ts';

/** Milliseconds between two updates: on a terminal, and in a log. */
const UPDATE_MS = { terminal: 100, log: 10_000 };
const CLEAR_LINE = '\r\u001b[2K';

/** A stream that progress is written to. */
type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>;

/**
 * Progress of a run: on a terminal one line that is rewritten again and again; elsewhere a line for each event, and one
 * every ten seconds.
 */
export class LiveLine {
  readonly #stream: Stream;
  readonly #terminal: boolean;
  readonly #clock: () => number;
  #lastUpdate: number;
  #doing = false;
  #shown = false;

  /** @param clock milliseconds, as `performance.now()`. */
  constructor(stream: Stream, clock = (): number => performance.now()) {
    this.#stream = stream;
    this.#terminal = stream.isTTY === true && process.env.TERM !== 'dumb';
    this.#clock = clock;
    this.#lastUpdate = this.#terminal ? Number.NEGATIVE_INFINITY : clock();
  }

  update(progress: Progress): void {
    const now = this.#clock();
    // What begins now may take long, so a terminal shows it at once.
    const begins = this.#terminal && progress.doing !== undefined && !this.#doing;
    const pause = this.#terminal ? UPDATE_MS.terminal : UPDATE_MS.log;
    if (now - this.#lastUpdate < pause && !begins) return;
    this.#lastUpdate = now;
    this.#doing = progress.doing !== undefined;
    const text = progressText(progress);
    if (!this.#terminal) {
      this.#stream.write(`${text}\n`);
      return;
    }
    this.#stream.write(`${CLEAR_LINE}${cut(text, (this.#stream.columns || USUAL_COLUMNS) - 1)}`);
    this.#shown = true;
  }

  /** Removes the line, so that other text can be written. */
  clear(): void {
    if (this.#shown) this.#stream.write(CLEAR_LINE);
    this.#shown = false;
  }
}

/** How a run goes, in one line. What changes most comes first, as a narrow terminal cuts the end. */
export function progressText({
  tally,
  states,
  programs,
  steps,
  milliseconds,
  findings,
  left,
  doing,
}: Progress): string {
  const exercised = CLAUSES.filter((clause) => tally.exercised(clause) > 0).length;
  const rate = grouped((steps / Math.max(milliseconds, 1)) * 1000);
  const parts = doing === undefined ? [`${counted(programs, 'program')}, ${rate} steps/s`] : [doing];
  if (left) parts.push(`${left.estimated ? 'about' : 'at most'} ${timeText(left.milliseconds)} left`);
  if (findings.length > 0) parts.push(`found ${findings.map(foundWord).join(', ')}`);
  parts.push(`${exercised} clauses, ${states.reached} states`);
  return parts.join('; ');
}

/** `ALIAS-1`, with the rate if it does not fail every time: `ALIAS-1 (9 of 10)`. */
const foundWord = ({ violation, rate: { failed, of } }: Finding): string =>
  failed === of && of > 0 ? violation.clause.id : `${violation.clause.id} (${failed} of ${of})`;

/** A duration without fractions: `12 s`, `3 min`. */
const timeText = (milliseconds: number): string => {
  if (milliseconds < 1000) return duration(milliseconds);
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
};
