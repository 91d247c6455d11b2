import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

/** What all runs of a table of embedded targets have in common. */
export interface Settings {
  readonly seeds: readonly number[];
  /** Processor time of each run, at most. */
  readonly seconds: number;
  /** The older revision to compare with, as Git names it, or `none`. */
  readonly base: string;
}

const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;

/**
 * The runs so far. In a file, the first line has the settings and each further line a run, all in JSON, so that an
 * interrupted measurement can go on.
 */
export class RunRecord<R extends object, S extends object = Settings> {
  readonly settings: S;
  readonly runs: R[];
  readonly #path: string | undefined;

  /**
   * @param path the file; undefined to keep the runs in memory only.
   * @param settings those of a new measurement. A file that exists keeps its own.
   */
  constructor(path: string | undefined, settings: S) {
    this.#path = path;
    const text = path !== undefined && existsSync(path) ? readFileSync(path, 'utf8') : '';
    // The last line is left out: it is empty, or was not written to its end.
    const lines = text.split('\n').slice(0, -1);
    const [first, ...runs] = lines.map((line): unknown => JSON.parse(line));
    this.settings = (first as S | undefined) ?? settings;
    this.runs = runs as R[];
    if (path !== undefined) writeFileSync(path, [this.settings, ...this.runs].map(lineOf).join(''));
  }

  /** Whether a run with these values is recorded. */
  has(id: Partial<R>): boolean {
    const wanted = Object.entries(id) as [keyof R, unknown][];
    return this.runs.some((run) => wanted.every(([name, value]) => run[name] === value));
  }

  add(run: R): void {
    this.runs.push(run);
    if (this.#path !== undefined) appendFileSync(this.#path, lineOf(run));
  }
}
