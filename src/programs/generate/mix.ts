import type { Call } from '../../../reference/calls/call.ts';
import type { FrameRange, FrameStyle } from './frames.ts';
import type { Random } from './random.ts';
import type { Plan, Repertoire } from './repertoire.ts';
import { drawPalette } from './sizes.ts';

/**
 * What one program is like (swarm testing): programs that differ in what they leave out, and in what they do all the
 * time, find more than programs that do a little of everything.
 */
export interface Mix {
  /** Calls as often as they are drawn. */
  readonly table: readonly Plan[];
  /** Calls that make something, likewise: for when there is nothing to do the others with. */
  readonly makers: readonly Plan[];
  /** Looks as often as they are drawn after a step that changed something. */
  readonly looks: readonly Plan[];
  /** Page counts of kernel areas, and of VMAs. */
  readonly sizes: readonly number[];
  readonly vmaSizes: readonly number[];
  readonly frames: FrameRange;
  readonly style: FrameStyle;
  /** The CPU that most steps run on, and how many percent do so on purpose. */
  readonly cpu: number;
  readonly loyalty: number;
  /** Areas and VMAs that are live at a time, about. */
  readonly areas: number;
  readonly vmas: number;
  /** Percent of steps at which a burst of like calls starts, and its length at most. */
  readonly bursts: number;
  readonly burst: number;
  /** Percent of changes that are looked at right away. */
  readonly curious: number;
  /** Percent of addresses that are drawn from those that were looked at before. */
  readonly faithful: number;
}

const SLOTS = 64;
const FACTORS = [0.3, 1, 1, 3];

/** Which sides a program has to do with: often one only, so that it gets deep there, but always those it leans to. */
function drawSides(random: Random, { sides, options }: Repertoire): (call: Call) => boolean {
  const which = sides.has('kernel') && sides.has('user') ? random.below(100) : 100;
  const on = new Set<Call['side']>(which < 45 ? ['kernel'] : which < 75 ? ['user'] : ['kernel', 'user']);
  if (options.favour.size > 0) for (const call of options.favour.keys()) on.add(call.side);
  return ({ side }) => side === 'observe' || on.has(side);
}

function drawWeights(random: Random, repertoire: Repertoire): Float64Array {
  const { plans, weights, makers, looks, options } = repertoire;
  const off = random.of([0, 15, 15, 40]);
  const onSide = drawSides(random, repertoire);
  const drawn = new Float64Array(plans.length);
  for (let i = 0; i < plans.length; i++) {
    const { call } = plans[i];
    const kept = options.favour.has(call);
    drawn[i] = !kept && random.chance(off) ? 0 : weights[i] * random.of(FACTORS) * (onSide(call) ? 1 : 0);
  }
  keepOne(random, drawn, makers, weights, (i) => onSide(plans[i].call));
  keepOne(random, drawn, looks, weights, (i) => plans[i].call.side === 'observe');
  return drawn;
}

/** Of the calls at `positions` one at least is on: a program that makes nothing, or never looks, shows nothing. */
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

/** A table in which each position stands as often as its share of the weights; each that is on at least once. */
function tableOf(plans: readonly Plan[], weights: Float64Array, positions: readonly number[]): readonly Plan[] {
  const table: Plan[] = [];
  let total = 0;
  for (const i of positions) total += weights[i];
  for (const i of positions) {
    const slots = weights[i] === 0 ? 0 : Math.max(1, Math.round((weights[i] / total) * SLOTS));
    for (let n = 0; n < slots; n++) table.push(plans[i]);
  }
  return table;
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
  const refused = options.traits.alias === 'refused';
  return {
    table: tableOf(plans, weights, all),
    makers: tableOf(plans, weights, makers),
    looks: tableOf(plans, weights, looks),
    sizes: drawPalette(random, sizes, options.pages),
    vmaSizes: [random.upTo(8), random.upTo(8), random.chance(5) ? random.upTo(Math.min(64, options.pages)) : 1],
    // Where a second alias is refused, only frames that were not used for long are likely to be mapped.
    frames: refused ? { first: 0, count: options.frames } : drawRange(random, options.frames),
    style: refused ? 'fresh' : random.of(STYLES),
    cpu: random.below(options.cpus),
    loyalty: random.of([0, 0, 50, 80, 100]),
    areas: random.of([2, 4, 8, 16, 50, 50, 200, 5000]),
    vmas: random.between(1, 4),
    bursts: random.of([0, 1, 2, 4, 8]),
    burst: random.of([6, 12, 20, 40, 40]),
    curious: random.of([0, 20, 50, 80]),
    faithful: random.of([30, 50, 70]),
  };
}
