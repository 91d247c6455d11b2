import { type Phase, PLACES } from './vocabulary.ts';

/** One structure of a program, such as one block: how much it holds, and who looked at it. */
export class Fill {
  held = 0;
  most = 0;
  /** The CPUs that looked at it, as bits. */
  seen = 0;
  /** States that count once a CPU that looked before looks again. */
  awaiting: number[] | undefined;
}

/** The phases of a structure that things are added to and given back from. */
export interface Phases {
  readonly one?: Phase;
  readonly some?: Phase;
  readonly many?: Phase;
  readonly allButOne?: Phase;
  readonly full?: Phase;
  readonly oneBack?: Phase;
  readonly allButOneBack?: Phase;
  readonly emptied?: Phase;
}

/** Receives the states that one program reaches. */
export class Reached {
  /** For each state the last program that reached it. */
  readonly #programs: Int32Array;
  readonly #count: (state: number) => void;
  #program = 0;
  /** While the walk is in a parallel block: which calls other lanes run, as positions after a phase in `STATES`. */
  others: readonly number[] | undefined;

  constructor(states: number, count: (state: number) => void) {
    this.#programs = new Int32Array(states);
    this.#count = count;
  }

  /** Begins a new program. */
  begin(): void {
    this.#program++;
    this.others = undefined;
  }

  hit(state: number): void {
    if (this.#programs[state] === this.#program) return;
    this.#programs[state] = this.#program;
    this.#count(state);
  }

  /** A structure has reached a phase. */
  phase(phase: Phase, fill?: Fill): void {
    const place = PLACES[phase];
    this.hit(place);
    if (!this.others || !fill || fill.seen === 0) return;
    fill.awaiting ??= [];
    for (const call of this.others) fill.awaiting.push(place + call);
  }

  /** A CPU looks at the structure. */
  look(fill: Fill, cpu: number): void {
    const bit = 1 << cpu;
    if (fill.awaiting && !this.others && (fill.seen & bit) !== 0) {
      for (const state of fill.awaiting) this.hit(state);
      fill.awaiting = undefined;
    }
    fill.seen |= bit;
  }

  /** `amount` was added to a structure with room for `capacity`. */
  add(fill: Fill, amount: number, phases: Phases, many = Number.POSITIVE_INFINITY, capacity = many): void {
    fill.held += amount;
    if (fill.held > fill.most) fill.most = fill.held;
    const { held } = fill;
    if (held === capacity && phases.full) this.phase(phases.full, fill);
    else if (held + amount === capacity && phases.allButOne) this.phase(phases.allButOne, fill);
    else if (held >= many && phases.many) this.phase(phases.many, fill);
    else if (held > amount && phases.some) this.phase(phases.some, fill);
    else if (phases.one) this.phase(phases.one, fill);
  }

  /** `amount` was given back. With a `capacity`, only structures that had been full count. */
  remove(fill: Fill, amount: number, phases: Phases, capacity?: number): void {
    const before = fill.held;
    fill.held = Math.max(0, before - amount);
    const { held, most } = fill;
    if (most <= amount || (capacity !== undefined && most < capacity)) return;
    if (held === 0) {
      if (phases.emptied) this.phase(phases.emptied, fill);
      fill.most = 0;
    } else if (held === amount && most >= 3 * amount && phases.allButOneBack) this.phase(phases.allButOneBack, fill);
    else if (before === most && phases.oneBack) this.phase(phases.oneBack, fill);
  }
}
