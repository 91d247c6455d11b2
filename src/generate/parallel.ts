import type { Step } from '../../reference/calls/call.ts';
import type { Known } from '../../reference/model/known.ts';
import { claims, foreseeBlock, type Program } from '../../reference/model/valid.ts';
import type { Block } from '../../reference/notation/program.ts';
import type { Mix } from './mix.ts';
import type { Options } from './options.ts';
import { Random } from './random.ts';
import { type Repertoire, repertoireOf } from './repertoire.ts';
import { Walk } from './walk.ts';

/** The most steps of a lane, and names that a lane may bind. */
const LANE_STEPS = 6;
const LANE_NAMES = 16;

/** Who holds which name in a block, and whether alone. */
class Holders {
  readonly #held = new Map<string, { cpu: number; own: boolean }[]>();

  /** Takes what the step claims; false, and nothing taken, where another lane is in the way. */
  take(known: Known, step: Step): boolean {
    const wanted = [...claims(known, step)];
    for (const { name, own } of wanted) {
      if (this.#held.get(name)?.some((one) => one.cpu !== step.cpu && (one.own || own))) return false;
    }
    for (const { name, own } of wanted) {
      const held = this.#held.get(name);
      if (held) held.push({ cpu: step.cpu, own });
      else this.#held.set(name, [{ cpu: step.cpu, own }]);
    }
    return true;
  }
}

/** A random interleaving: mostly a few preemptions, soon after a call began; at times wild. */
function drawSchedule(random: Random, cpus: readonly number[]): string {
  const wild = random.chance(15);
  const words: string[] = [];
  let cpu = random.of(cpus);
  for (let runs = wild ? random.between(4, 24) : random.between(1, 4); runs > 0; runs--) {
    const length = random.chance(50) ? random.upTo(3) : random.upTo(12);
    words.push(length > 1 ? `${cpu}:${length}` : `${cpu}`);
    const others = cpus.filter((other) => other !== cpu);
    cpu = random.of(others.length > 0 ? others : cpus);
  }
  return words.join(',');
}

/** How long the parts of a program are. */
interface Shape {
  readonly before: number;
  readonly lane: () => number;
  readonly after: number;
  readonly looks: number;
  readonly blocks: number;
}

/** A few steps on few small things: what most races need, and what a schedule can get right by chance. */
const tightMix = (random: Random, mix: Mix): Mix => ({
  ...mix,
  sizes: random.chance(70) ? [1] : [1, 1, random.of(mix.sizes)],
  vmaSizes: [1, 1, 2],
  areas: 3,
  vmas: 2,
  bursts: 0,
  curious: random.of([30, 60, 90]),
  faithful: 90,
});

function drawShape(random: Random, tight: boolean, steps: number): Shape {
  if (!tight) {
    const lane = () => random.upTo(LANE_STEPS);
    return {
      before: random.upTo(Math.min(24, steps)),
      lane,
      after: random.upTo(12),
      looks: 0,
      blocks: random.chance(80) ? 1 : 2,
    };
  }
  const lane = () => random.of([1, 1, 1, 2, 2, 3]);
  return { before: random.between(0, 7), lane, after: random.below(4), looks: random.between(0, 4), blocks: 1 };
}

/** Makes random valid programs with a parallel block between steps that come before and after it. */
export class ParallelGenerator {
  readonly options: Options;
  readonly #repertoire: Repertoire;

  constructor(options: Options) {
    this.options = options;
    this.#repertoire = repertoireOf(options);
  }

  /** Program `index` of a seed; it depends on nothing else. */
  program(seed: number, index = 0): Program {
    const { options } = this;
    const random = new Random(seed ^ 0x5bd1e995, index);
    const tight = random.chance(75);
    const shape = drawShape(random, tight, options.steps);
    const tune = tight ? (mix: Mix): Mix => tightMix(random, mix) : undefined;
    const walk = new Walk(this.#repertoire, random, undefined, tune);
    walk.run(shape.before);
    const blocks: Block[] = [];
    for (let count = shape.blocks; count > 0; count--) {
      const block = this.#block(walk, random, shape);
      if (block) blocks.push(block);
      walk.run(shape.after);
    }
    walk.lookAround(shape.looks);
    return { cpus: options.cpus, frames: options.frames, steps: walk.steps, blocks };
  }

  #block(walk: Walk, random: Random, shape: Shape): Block | undefined {
    const { cpus } = this.options;
    if (cpus < 2) return undefined;
    const first = random.below(cpus);
    const count = Math.min(cpus, random.chance(70) ? 2 : random.between(2, 4));
    const lanes = Array.from({ length: count }, (_, n) => (first + n) % cpus).sort((a, b) => a - b);
    const holders = new Holders();
    const start = walk.steps.length;
    const areas = walk.known.areas.length;
    const vmas = walk.known.vmas.length;
    const forks: Known[] = [];
    for (const [n, cpu] of lanes.entries()) {
      const known = walk.known.fork();
      // Names of different lanes must differ.
      known.areas.length = areas + n * LANE_NAMES;
      known.vmas.length = vmas + n * LANE_NAMES;
      const fits = (now: Known, step: Step): boolean => holders.take(now, step);
      const lane = new Walk(this.#repertoire, random, { walk, cpu, known, fits });
      lane.run(shape.lane());
      walk.steps.push(...lane.steps);
      forks.push(known);
    }
    const end = walk.steps.length;
    if (end === start) return undefined;
    foreseeBlock(walk.steps, start, end, walk.known, forks);
    return { start, end, attributes: new Map([['schedule', drawSchedule(random, lanes)]]) };
  }
}
