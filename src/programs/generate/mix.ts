import type { Call } from '../../../reference/calls/call.ts';
import type { FrameRange, FrameStyle } from './frames.ts';
import type { Random } from './random.ts';
import type { Plan, Repertoire } from './repertoire.ts';
import { drawPalette } from './sizes.ts';

/**
 * What one program is like (swarm testing). Programs that leave some calls out and use others all the time find more
 * bugs than programs that all use a little of everything.
 */
export interface Mix {
  /** Calls, each repeated according to how often it is drawn. */
  readonly table: readonly Plan[];
  /** Calls that create an area or VMA, likewise. Drawn when the other calls lack something to work on. */
  readonly makers: readonly Plan[];
  /** Calls that only look, likewise. Drawn after a step that changed something. */
  readonly looks: readonly Plan[];
  /** Page counts of kernel areas, and of VMAs. */
  readonly sizes: readonly number[];
  readonly vmaSizes: readonly number[];
  readonly frames: FrameRange;
  readonly style: FrameStyle;
  /** The main CPU. */
  readonly cpu: number;
  /** Percentage of steps that run on the main CPU; the others run on a random one. */
  readonly sameCpuPercent: number;
  /** How many areas and VMAs are live at a time, roughly. */
  readonly areas: number;
  readonly vmas: number;
  /** Percentage of steps that start a burst of similar calls, and the calls of the longest burst. */
  readonly burstPercent: number;
  readonly maxBurst: number;
  /** Percentage of changes that are followed by looks at what changed. */
  readonly lookAfterChangePercent: number;
  /** Percentage of addresses that are taken from the addresses looked at before. */
  readonly revisitPercent: number;
}

/** Entries of a table, roughly. */
const TABLE_ENTRIES = 64;
/** Factors by which the weights of calls vary from program to program. */
const FACTORS = [0.3, 1, 1, 3];

/** Which calls a program uses, by their side. Looks belong to both sides. */
type Sides = Readonly<Record<Call['side'], boolean>>;

/** The sides that a program uses: often only one, so that it gets deep there; always those of favoured calls. */
function drawSides(random: Random, { sides, options }: Repertoire): Sides {
  const which = sides.has('kernel') && sides.has('user') ? random.below(100) : 100;
  const on = { kernel: which < 45 || which >= 75, user: which >= 45, observe: true };
  if (options.favour.size > 0) for (const call of options.favour.keys()) on[call.side] = true;
  return on;
}

/** Whether a side is used. Compared one by one: a look-up by a varying key costs more. */
const isOn = (on: Sides, side: Call['side']): boolean =>
  side === 'kernel' ? on.kernel : side === 'user' ? on.user : on.observe;

function drawWeights(random: Random, repertoire: Repertoire): Float64Array {
  const { weights, sideOf, makers, looks, favoured } = repertoire;
  const offPercent = random.of([0, 15, 15, 40]);
  const on = drawSides(random, repertoire);
  const drawn = new Float64Array(weights.length);
  for (let i = 0; i < weights.length; i++) {
    const off = !favoured[i] && random.chance(offPercent);
    drawn[i] = off ? 0 : weights[i] * random.of(FACTORS) * (isOn(on, sideOf[i]) ? 1 : 0);
  }
  keepOne(random, drawn, makers, weights, (i) => isOn(on, sideOf[i]));
  keepOne(random, drawn, looks, weights, (i) => sideOf[i] === 'observe');
  return drawn;
}

/** Keeps at least one of the calls at `positions`: a program that creates nothing, or never looks, shows nothing. */
function keepOne(
  random: Random,
  drawn: Float64Array,
  positions: readonly number[],
  weights: readonly number[],
  fits: (position: number) => boolean,
): void {
  for (const position of positions) if (drawn[position] > 0 && fits(position)) return;
  const fitting = positions.filter(fits);
  const from = fitting.length > 0 ? fitting : positions;
  if (from.length === 0) return;
  const position = random.of(from);
  drawn[position] = weights[position];
}

/** Tables are made here while their length is not known. A copy then takes less memory than a list that has grown. */
const spareTable: Plan[] = [];

/** A table in which each position occurs in proportion to its weight, and at least once if its weight is not 0. */
function tableOf(plans: readonly Plan[], weights: Float64Array, positions: readonly number[]): readonly Plan[] {
  let length = 0;
  let total = 0;
  for (const i of positions) total += weights[i];
  for (const i of positions) {
    const entries = weights[i] === 0 ? 0 : Math.max(1, Math.round((weights[i] / total) * TABLE_ENTRIES));
    for (let n = 0; n < entries; n++) spareTable[length++] = plans[i];
  }
  return spareTable.slice(0, length);
}

const STYLES: readonly FrameStyle[] = [
  ...(['ascending', 'ascending', 'ascending', 'fresh', 'fresh', 'fresh', 'random', 'random', 'random'] as const),
  'repeated',
];

function drawRange(random: Random, frames: number): FrameRange {
  const count = random.chance(60) ? frames : Math.min(frames, random.of([2, 4, 8, 16]));
  return { first: random.below(frames - count + 1), count };
}

/** Draws what a program is like. */
export function drawMix(random: Random, repertoire: Repertoire): Mix {
  const { options, plans, all, makers, looks, sizes } = repertoire;
  const weights = drawWeights(random, repertoire);
  const aliasRefused = options.traits.alias === 'refused';
  return {
    table: tableOf(plans, weights, all),
    makers: tableOf(plans, weights, makers),
    looks: tableOf(plans, weights, looks),
    sizes: drawPalette(random, sizes, options.pages),
    vmaSizes: [random.upTo(8), random.upTo(8), random.chance(5) ? random.upTo(Math.min(64, options.pages)) : 1],
    // If a second alias is refused, only frames that have been unused for long are likely to be mapped.
    frames: aliasRefused ? { first: 0, count: options.frames } : drawRange(random, options.frames),
    style: aliasRefused ? 'fresh' : random.of(STYLES),
    cpu: random.below(options.cpus),
    sameCpuPercent: random.of([0, 0, 50, 80, 100]),
    areas: random.of([2, 4, 8, 16, 50, 50, 200, 5000]),
    vmas: random.between(1, 4),
    burstPercent: random.of([0, 1, 2, 4, 8]),
    maxBurst: random.of([6, 12, 20, 40, 40]),
    lookAfterChangePercent: random.of([0, 20, 50, 80]),
    revisitPercent: random.of([30, 50, 70]),
  };
}
