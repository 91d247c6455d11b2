import type { Program } from '../../reference/calls/valid.ts';
import type { Shard } from './campaign/options.ts';
import { shardShare, WHOLE_RUN } from './campaign/sharding.ts';
import type { Phase } from './report/report.ts';

/** One part of a run: programs in a fixed order. */
export interface Part {
  readonly name: string;
  readonly programs: () => Iterable<Program>;
  /** The number of programs, if it is known before they are made. */
  readonly count?: number;
  /** Programs that were left out because the target cannot run them. */
  readonly unfit: number;
  /** Why it cannot, the most frequent reasons first. */
  readonly reasons?: Phase['reasons'];
}

/** Longest time to count the programs of parts that did not run to their end, in milliseconds. */
const COUNTING_MS = 300;
/** Programs that are counted before the clock is read again. */
const COUNTED_BETWEEN_CLOCKS = 1024;

/** Yields the programs of several parts one after the other, and knows how far it got. */
export class Parts {
  readonly #parts: readonly Part[];
  /** Number of programs that each part has yielded. */
  readonly #yielded = new Map<Part, number>();
  /** The parts that were read to their end. */
  readonly #finished = new Set<Part>();

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  *programs(): Generator<Program, void> {
    for (const part of this.#parts) {
      let count = 0;
      for (const program of part.programs()) {
        this.#yielded.set(part, ++count);
        yield program;
      }
      this.#finished.add(part);
    }
  }

  /**
   * How far a campaign got.
   * @param done programs that it judged in all.
   * @param random random programs that follow these parts; no phase is reported for 'none'.
   */
  phases(done: number, random: number | 'none', shard: Shard = WHOLE_RUN): Phase[] {
    const phases: Phase[] = [];
    let from = 0;
    let rest = done;
    const add = (name: string, { count, more }: Count, unfit: number, reasons: Phase['reasons'] = []): void => {
      const share = shardShare(from, count, shard);
      const run = Math.min(share, rest);
      phases.push({
        name,
        done: run,
        left: share - run,
        unfit,
        ...(reasons.length > 0 ? { reasons } : {}),
        ...(more ? { more } : {}),
      });
      rest -= run;
      from += count;
    };
    const until = performance.now() + COUNTING_MS;
    for (const part of this.#parts) add(part.name, this.#count(part, until), part.unfit, part.reasons);
    if (random !== 'none') add('random', { count: random, more: false }, 0);
    return phases;
  }

  #count(part: Part, until: number): Count {
    const yielded = this.#yielded.get(part) ?? 0;
    const known = part.count ?? (this.#finished.has(part) ? yielded : undefined);
    if (known !== undefined) return { count: known, more: false };
    let count = 0;
    for (const _ of part.programs()) {
      count++;
      if (count % COUNTED_BETWEEN_CLOCKS !== 0 || count < yielded) continue;
      if (performance.now() > until) return { count, more: true };
    }
    return { count, more: false };
  }
}

interface Count {
  readonly count: number;
  /** There are more: counting took too long. */
  readonly more: boolean;
}
