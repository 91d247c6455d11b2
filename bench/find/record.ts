import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

/** What all runs of a table have in common. */
export interface Settings {
  readonly seeds: readonly number[];
  /** Processor time of each run. */
  readonly seconds: number;
  /** The older revision whose programs are compared, or `none`. */
  readonly base: string;
}

/** One run: one generator, one mutant, one seed, until the first program that fails or until the time is up. */
export interface Run {
  /** `now`, or the older revision. */
  readonly generator: string;
  readonly mutant: string;
  readonly seed: number;
  /** Clause, call and kind of outcome of the first failure; null if no program failed. */
  readonly found: string | null;
  /** Executions: each is a program under one schedule. */
  readonly executions: number;
  /** Steps that were executed and judged. */
  readonly steps: number;
  /** Processor time to generate, execute and judge, in seconds. */
  readonly seconds: number;
}

/** Which run it is. */
export type RunId = Pick<Run, 'generator' | 'mutant' | 'seed'>;

const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;

/** The runs so far, one JSON line each after a line of settings, so that an interrupted measurement can go on. */
export class FindRecord {
  readonly settings: Settings;
  readonly runs: Run[];
  readonly #path: string | undefined;

  /**
   * @param path the file; undefined to keep the runs in memory only.
   * @param settings those of a new measurement. A file that exists keeps its own.
   */
  constructor(path: string | undefined, settings: Settings) {
    this.#path = path;
    // A last line that was not written to its end is left out.
    const text = path !== undefined && existsSync(path) ? readFileSync(path, 'utf8') : '';
    const [first, ...runs] = text
      .split('\n')
      .slice(0, -1)
      .map((line): unknown => JSON.parse(line));
    this.settings = (first as Settings | undefined) ?? settings;
    this.runs = runs as Run[];
    if (path !== undefined) writeFileSync(path, [this.settings, ...this.runs].map(lineOf).join(''));
  }

  has({ generator, mutant, seed }: RunId): boolean {
    return this.runs.some((run) => run.generator === generator && run.mutant === mutant && run.seed === seed);
  }

  add(run: Run): void {
    this.runs.push(run);
    if (this.#path !== undefined) appendFileSync(this.#path, lineOf(run));
  }
}
