/** Limits of the programs that run at a time on a target: the clock is read only between such groups. */
export interface GroupLimits {
  readonly programs: number;
  readonly milliseconds: number;
}

/** Programs of the first group, while the pace is unknown. Few: a target may crash in each, and starts again each time. */
const FIRST_PROGRAMS = 4;

/** How fast a target runs programs, and how many of them may run at a time. */
export class Pace {
  readonly #limits: GroupLimits;
  /** Milliseconds for one program; 0 while unknown. */
  #ofProgram = 0;

  constructor(limits: GroupLimits) {
    this.#limits = limits;
  }

  /** Takes in how long a group of programs took. */
  measured(milliseconds: number, programs: number): void {
    this.#ofProgram = milliseconds / programs;
  }

  /** Programs of the next group, at least 1. `remaining`: milliseconds of the budget that remain. */
  fitting(remaining: number): number {
    const { programs, milliseconds } = this.#limits;
    const fitting =
      this.#ofProgram > 0 ? Math.floor(Math.min(milliseconds, remaining) / this.#ofProgram) : FIRST_PROGRAMS;
    return Math.max(1, Math.min(programs, fitting));
  }
}
