import type { Step } from '../../../reference/calls/call.ts';
import { claims, type Program } from '../../../reference/calls/valid.ts';
import type { Known } from '../../../reference/model/known.ts';
import { argumentOf, namedAddress } from '../arguments.ts';
import { type Family, familiesOf } from './family.ts';
import { someCpus, writeBlock } from './lanes.ts';
import type { Random } from './random.ts';
import { type Plan, type Repertoire, readsOf } from './repertoire.ts';
import { drawTheme, drawTightMix } from './theme.ts';
import { Walk } from './walk.ts';

/** VMAs that are created until two calls can fill the same empty page, at most. */
const MAX_VMAS = 6;
/** Attempts to draw a call that fills the page: most arguments do not fit. */
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
    this.#family = familiesOf(repertoire).find(({ side, fillers }) => side === 'user' && fillers.length > 0);
    this.#reads = readsOf(repertoire);
  }

  /** Whether the target has the calls. */
  get possible(): boolean {
    return this.#family !== undefined && this.#reads.length > 0;
  }

  program(random: Random): Program {
    const { cpus, frames } = this.#repertoire.options;
    const family = this.#family!;
    const theme = drawTheme(random, [family]);
    const mix = { ...drawTightMix(random, this.#repertoire, theme, this.#reads), vmaSizes: [1], vmas: MAX_VMAS };
    const walk = new Walk(this.#repertoire, random, undefined, mix);
    const fits = (step: Step): boolean =>
      isEmpty(walk.known, step) && claims(walk.known, step).every(({ own }) => !own);
    let fitting: readonly Plan[] = [];
    for (let n = 0; n < MAX_VMAS && fitting.length === 0; n++) {
      walk.draw(family.makers);
      fitting = family.fillers.filter((plan) => walk.could(plan, fits));
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

/** Whether a step fills a page of a VMA, and finds it empty. */
function isEmpty({ vmas, page }: Known, step: Step): boolean {
  const address = namedAddress(argumentOf(step, 'address'));
  return address?.base === 'v' && vmas[address.index]?.perhaps[Math.floor(address.offset / page)] === 0;
}
