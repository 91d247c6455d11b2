import type { Program } from '../../../reference/calls/valid.ts';
import type { Shard } from '../campaign/options.ts';
import type { Phase } from '../report/report.ts';

/** One part of a gate: programs in a fixed order. */
export interface Part {
  readonly name: string;
  readonly programs: () => Iterable<Program>;
  /** How many there are, where that is known before they are written. */
  readonly count?: number;
  /** Programs that were left out, since they are not defined on the target. */
  readonly unfit: number;
}

/** How many of the ordinals `[from, from + count)` are the shard's. */
function shareOf(from: number, count: number, { index, of }: Shard): number {
  const before = (ordinals: number): number => Math.max(0, Math.ceil((ordinals - index) / of));
  return before(from + count) - before(from);
}

/** Parts that were not gone through to their end are counted for so long, in milliseconds. */
const COUNTING = 300;

/** Gives out the programs of several parts one after the other, and knows how far it got. */
export class Parts {
  readonly #parts: readonly Part[];
  /** Programs that were given out, by part, where it was gone through to its end. */
  readonly #counts = new Map<Part, number>();

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  *programs(): Generator<Program, void> {
    for (const part of this.#parts) {
      let count = 0;
      for (const program of part.programs()) {
        count++;
        yield program;
      }
      this.#counts.set(part, count);
    }
  }

  /**
   * How far a campaign got that ran these parts and then `random` random programs, and judged `done` programs in all.
   */
  phases(done: number, random: number, shard: Shard = { index: 0, of: 1 }): Phase[] {
    const phases: Phase[] = [];
    let from = 0;
    let rest = done;
    const add = (name: string, { count, more }: Count, unfit: number): void => {
      const share = shareOf(from, count, shard);
      const run = Math.min(share, rest);
      phases.push({ name, done: run, left: share - run, unfit, ...(more ? { more } : {}) });
      rest -= run;
      from += count;
    };
    const until = performance.now() + COUNTING;
    for (const part of this.#parts) add(part.name, this.#count(part, until), part.unfit);
    add('random', { count: random, more: false }, 0);
    return phases;
  }

  #count(part: Part, until: number): Count {
    const known = part.count ?? this.#counts.get(part);
    if (known !== undefined) return { count: known, more: false };
    let count = 0;
    for (const _ of part.programs()) {
      if (++count % 1024 === 0 && performance.now() > until) return { count, more: true };
    }
    return { count, more: false };
  }
}

interface Count {
  readonly count: number;
  /** There are more than that. */
  readonly more: boolean;
}
