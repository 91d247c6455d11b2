import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Blame } from './measure.ts';

/** What all runs of a table have in common. */
export interface Settings {
  readonly seeds: readonly number[];
  /** Processor time of each run. */
  readonly seconds: number;
  /** The base version, as Git names it. */
  readonly base: string;
}

/** One run, as it is recorded. */
export interface Line {
  /** `now`, or the base version. */
  readonly version: string;
  readonly mutant: string;
  readonly seed: number;
  /** Null if nothing was found. */
  readonly blame: Blame | null;
}

/** The results so far. In a file, there is one JSON line for the settings and one for each run, so that a table can go on. */
export class Record {
  readonly settings: Settings;
  readonly #lines: Line[];
  readonly #path: string | undefined;

  /**
   * @param path the file; undefined to keep the results in memory only.
   * @param settings those of a new table. A file that exists keeps its own.
   */
  constructor(path: string | undefined, settings: Settings) {
    this.#path = path;
    const [first, ...lines] = path !== undefined && existsSync(path) ? linesOf(readFileSync(path, 'utf8')) : [];
    this.settings = (first as Settings | undefined) ?? settings;
    this.#lines = lines as Line[];
    // Written again, since the last line may be incomplete.
    if (path !== undefined) writeFileSync(path, [this.settings, ...this.#lines].map(lineOf).join(''));
  }

  find({ version, mutant, seed }: Omit<Line, 'blame'>): Line | undefined {
    return this.#lines.find((one) => one.version === version && one.mutant === mutant && one.seed === seed);
  }

  add(line: Line): void {
    this.#lines.push(line);
    if (this.#path !== undefined) appendFileSync(this.#path, lineOf(line));
  }

  /** The runs of a version that found something. */
  found(version: string): Blame[] {
    return this.#lines.flatMap((line) => (line.version === version && line.blame ? [line.blame] : []));
  }

  /** How many runs of a version are recorded. */
  count(version: string): number {
    return this.#lines.filter((line) => line.version === version).length;
  }
}

const lineOf = (value: Settings | Line): string => `${JSON.stringify(value)}\n`;

/** The values of a text with one JSON value on each line. A last line that was not written to its end is left out. */
function linesOf(text: string): unknown[] {
  const lines = text.split('\n');
  return lines.slice(0, -1).map((line): unknown => JSON.parse(line));
}
