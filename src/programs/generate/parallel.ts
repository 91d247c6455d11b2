import type { Program } from '../../../reference/calls/valid.ts';
import { type Block, lanesOf } from '../../../reference/notation/program.ts';
import { DeepGenerator } from './deep/deep.ts';
import { drawDelays, drawPicks, drawRepeat, drawSchedule, drawSweep } from './interleave.ts';
import { someCpus, writeBlock } from './lanes.ts';
import type { Options } from './options.ts';
import { Random } from './random.ts';
import { type Repertoire, repertoireOf } from './repertoire.ts';
import { ReuseGenerator } from './reuse.ts';
import { SamePageGenerator } from './same-page.ts';
import { TightGenerator } from './tight.ts';
import { Walk } from './walk.ts';

/** Steps of the longest lane in a loose program. */
const MAX_LANE_STEPS = 6;
/**
 * The first programs of a seed all differ: most faults are found by them, if they are as different as possible. Later on,
 * the same steps run under several schedules, since drawing another schedule is cheaper than drawing another program.
 */
const DIFFERENT_PROGRAMS = 2048;
const SCHEDULES_PER_PROGRAM = 4;

/** Which steps program `index` has. Programs with the same steps differ in their schedules. */
const stepsOf = (index: number): number =>
  index < DIFFERENT_PROGRAMS
    ? index
    : DIFFERENT_PROGRAMS + Math.floor((index - DIFFERENT_PROGRAMS) / SCHEDULES_PER_PROGRAM);
/** Percentage of programs that are tight: short, with few mappings. Most races need no more, and they run fast. */
const TIGHT_PERCENT = 90;
/**
 * Percentages of programs about addresses that are taken again, and about a page that two calls fill. Only for targets that
 * repeat programs: they run fewer different ones, and on others tight programs reach the same by themselves.
 */
const REUSE_PERCENT = 15;
const SAME_PAGE_PERCENT = 5;

/** Pages that a large program takes, at least. On Linux with 2 CPUs, 16,384 lazy pages are the threshold of a purge. */
const LARGE_PAGES = 4096;

/** Percentage of programs whose target sweeps a preemption or picks schedules; the others rely on chance. */
const SWEEP_PERCENT = 50;

/** Makes random valid programs with a parallel block, and steps before and after it. */
export class ParallelGenerator {
  readonly options: Options;
  readonly #repertoire: Repertoire;
  readonly #tight: TightGenerator;
  readonly #reuse: ReuseGenerator;
  readonly #samePage: SamePageGenerator;
  readonly #deep: DeepGenerator;
  /** Whether the target can run a program with a block several times in a row. */
  readonly #repeats: boolean;
  /** The last program, without schedules, and the seed and index that it was made from. */
  #last: { readonly seed: number; readonly index: number; readonly program: Program } | undefined;

  constructor(options: Options) {
    this.options = options;
    this.#repertoire = repertoireOf(options);
    this.#tight = new TightGenerator(this.#repertoire);
    this.#reuse = new ReuseGenerator(this.#repertoire);
    this.#samePage = new SamePageGenerator(this.#repertoire);
    this.#deep = new DeepGenerator(this.#repertoire);
    this.#repeats = options.can.has('repeat');
  }

  /**
   * Program `index` of a seed. It depends on the options, the seed and the index only. Neighbouring programs may differ
   * in their schedules alone.
   */
  program(seed: number, index = 0): Program {
    const program = this.#unscheduled(seed, this.#repeats ? index : stepsOf(index));
    const random = new Random(seed ^ 0x3c6ef372, index);
    // Drawn apart, so that programs without sweeps are the same as on targets that cannot sweep.
    const { overlap } = this.options;
    const sweeps =
      overlap === 'swept' || (overlap === 'mixed' && new Random(seed ^ 0x27d4eb2f, index).chance(SWEEP_PERCENT));
    const large = this.#repeats && pagesTaken(program, this.options.page) >= LARGE_PAGES;
    const blocks = program.blocks.map((block) => {
      const attributes = this.#attributes(random, lanesOf(program.steps, block), sweeps, large);
      return { ...block, attributes };
    });
    return { ...program, blocks };
  }

  #attributes(random: Random, cpus: readonly number[], sweeps: boolean, large: boolean): ReadonlyMap<string, string> {
    const { overlap, can } = this.options;
    if (overlap === 'scheduled') return new Map([['schedule', drawSchedule(random, cpus)]]);
    const draw = can.has('pick') ? drawPicks : drawSweep;
    if (sweeps && cpus.length > 1) return new Map(draw(random, cpus, large));
    const delays = drawDelays(random, cpus);
    return new Map([
      ...(this.#repeats ? [['repeat', String(drawRepeat(random, large))] as const] : []),
      ...(delays === '' ? [] : [['delay', delays] as const]),
    ]);
  }

  #unscheduled(seed: number, index: number): Program {
    const { seed: lastSeed, index: lastIndex, program } = this.#last ?? {};
    if (program && lastSeed === seed && lastIndex === index) return program;
    this.#last = { seed, index, program: this.#draw(seed, index) };
    return this.#last.program;
  }

  #draw(seed: number, index: number): Program {
    const { cpus } = this.options;
    const random = new Random(seed ^ 0x5bd1e995, index);
    const theme =
      cpus > 1 ? this.#deep.themeOf(seed ^ 0x5bd1e995, index, this.#repeats ? 'repeated' : 'parallel') : undefined;
    if (theme) return this.#deep.program(random, theme, true);
    const special = this.#repeats && cpus > 1 ? random.below(100) : 100;
    if (special < REUSE_PERCENT && this.#reuse.possible) return this.#reuse.program(random);
    if (special >= 100 - SAME_PAGE_PERCENT && special < 100 && this.#samePage.possible)
      return this.#samePage.program(random);
    const tight = cpus > 1 && this.#tight.possible && random.chance(TIGHT_PERCENT);
    return tight ? this.#tight.program(random) : this.#loose(random);
  }

  /** A program of any steps, in its blocks and around them. */
  #loose(random: Random): Program {
    const { cpus, frames, steps } = this.options;
    const walk = new Walk(this.#repertoire, random);
    walk.run(random.upTo(Math.min(24, steps)));
    const blocks: Block[] = [];
    for (let count = random.chance(80) ? 1 : 2; count > 0; count--) {
      const block = cpus > 1 ? this.#block(walk) : undefined;
      if (block) blocks.push(block);
      walk.run(random.upTo(12));
    }
    return { cpus, frames, steps: walk.steps, blocks };
  }

  #block(walk: Walk): Block | undefined {
    const { random } = walk;
    const count = random.chance(70) ? 2 : random.between(2, 4);
    const lanes = someCpus(random, this.options.cpus, count);
    return writeBlock(this.#repertoire, walk, lanes, (lane) => lane.run(random.upTo(MAX_LANE_STEPS)));
  }
}

/** Pages of address space that the calls of a program take, all together. */
const pagesTaken = ({ steps }: Program, page: number): number =>
  steps.reduce((pages, step) => pages + (step.call.takes?.(step, page) ?? 0), 0);
