import type { Program } from '../../../reference/calls/valid.ts';
import { isRead } from '../look.ts';
import { type Family, familiesOf } from './family.ts';
import { someCpus, writeBlock } from './lanes.ts';
import type { Random } from './random.ts';
import type { Plan, Repertoire } from './repertoire.ts';
import { drawTheme, drawTightMix } from './theme.ts';
import { Walk } from './walk.ts';

/** VMAs that are created until a call has an empty page to fill, at most. */
const MAX_VMAS = 6;
/** Attempts to draw such a call: most arguments do not fit. */
const ATTEMPTS = 40;
/** Percentage of programs in which a lane does one more thing before it fills the page, or after. */
const MORE_PERCENT = 20;
const LOOK_PERCENT = 50;

/**
 * Writes programs in which two CPUs map frames in one empty page of a VMA. Only one of the calls may find it empty. Two
 * calls rarely meet at a page by chance, as each fits some kinds of VMAs only.
 */
export class SamePageGenerator {
  readonly #repertoire: Repertoire;
  readonly #family: Family | undefined;
  readonly #reads: readonly Plan[];

  constructor(repertoire: Repertoire) {
    this.#repertoire = repertoire;
    const { plans, looks } = repertoire;
    this.#family = familiesOf(repertoire).find(({ side, fillers }) => side === 'user' && fillers.length > 0);
    this.#reads = looks.map((at) => plans[at]).filter(({ call }) => isRead(call));
  }

  /** Whether the target has the calls. */
  get possible(): boolean {
    return this.#family !== undefined && this.#reads.length > 0;
  }

  program(random: Random): Program {
    const { cpus, frames } = this.#repertoire.options;
    const family = this.#family!;
    const theme = drawTheme(random, [family]);
    const mix = { ...drawTightMix(random, this.#repertoire, theme, this.#reads), vmaSizes: [1] };
    const walk = new Walk(this.#repertoire, random, undefined, mix);
    let fitting: readonly Plan[] = [];
    for (let n = 0; n < MAX_VMAS && fitting.length === 0; n++) {
      walk.draw(family.makers);
      fitting = family.fillers.filter((plan) => walk.could(plan));
    }
    const block = writeBlock(this.#repertoire, walk, someCpus(random, cpus, 2), (lane) => {
      if (random.chance(MORE_PERCENT)) lane.draw([...theme.changers, ...theme.shared]);
      lane.draw(fitting, lane.lane, ATTEMPTS);
      if (random.chance(MORE_PERCENT)) lane.draw([...theme.changers, ...theme.shared]);
      if (random.chance(LOOK_PERCENT)) lane.draw(this.#reads);
    });
    for (let cpu = 0; cpu < cpus; cpu++) walk.draw(this.#reads, cpu);
    return { cpus, frames, steps: walk.steps, blocks: block ? [block] : [] };
  }
}
