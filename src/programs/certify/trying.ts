import type { Program } from '../../../reference/calls/valid.ts';
import { compare } from '../shrink/index.ts';
import type { Verdict } from '../shrink/pass.ts';
import type { Enumeration, Written } from './enumeration.ts';

/** Work that yields programs to run, expects their verdicts, and returns `T`. */
export type Trying<T> = Generator<readonly Program[], T, readonly Verdict[]>;

/** What a search may spend. */
export interface Limits {
  /** Programs to run. */
  readonly programs: number;
  readonly milliseconds: number;
  readonly signal?: AbortSignal;
}

/** Counts programs, and tells when to stop. */
export class Budget {
  /** Programs that were run. */
  tried = 0;
  readonly #limits: Limits;
  readonly #until: number;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#until = performance.now() + limits.milliseconds;
  }

  /** Whether a signal ended the search. */
  get interrupted(): boolean {
    return this.#limits.signal?.aborted === true;
  }

  get over(): boolean {
    return this.interrupted || this.tried >= this.#limits.programs || performance.now() > this.#until;
  }
}

/** What is looked for, and how. */
export interface Wanted {
  /** The key of the failure. */
  readonly key: string;
  /** Page size in bytes. */
  readonly page: number;
  readonly budget: Budget;
  /** Programs that are run in one batch. */
  readonly batch: number;
}

/**
 * Tries all programs of a length that are smaller than `below`. Returns the smallest one that fails in the wanted way;
 * undefined if none does; 'over' if the budget ended before that was known.
 */
export function* smallestOfLength(
  enumeration: Enumeration,
  length: number,
  wanted: Wanted,
  below?: Program,
): Trying<Program | 'over' | undefined> {
  let best = below;
  let batch: Written[] = [];
  for (const written of enumeration.ofLength(length)) {
    if (best && compare(written.program, best, wanted.page) >= 0) continue;
    if (wanted.budget.over) return best === below ? 'over' : best;
    batch.push(written);
    if (batch.length < wanted.batch) continue;
    best = yield* smallestFailing(batch, enumeration, wanted, best);
    batch = [];
  }
  if (batch.length > 0) best = yield* smallestFailing(batch, enumeration, wanted, best);
  return best === below ? undefined : best;
}

/** Runs some programs. Returns the smallest of those that fail in the wanted way and of `best`. */
function* smallestFailing(
  batch: readonly Written[],
  enumeration: Enumeration,
  { key, page, budget }: Wanted,
  best: Program | undefined,
): Trying<Program | undefined> {
  const verdicts = yield batch.map(({ program }) => program);
  let smallest = best;
  batch.forEach(({ program, path }, i) => {
    if (verdicts[i] !== undefined) enumeration.dead.add(path);
    if (verdicts[i] === key && (!smallest || compare(program, smallest, page) < 0)) smallest = program;
  });
  budget.tried += batch.length;
  return smallest;
}
