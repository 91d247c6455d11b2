import type { Step } from '../../../reference/calls/call.ts';
import { claims, predictBlock } from '../../../reference/calls/valid.ts';
import type { Known } from '../../../reference/model/known.ts';
import type { Block } from '../../../reference/notation/program.ts';
import type { Random } from './random.ts';
import type { Repertoire } from './repertoire.ts';
import { Walk } from './walk.ts';

/** Names that a lane may bind: names of different lanes must differ. */
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

/** Some of the CPUs, ascending. */
export function someCpus(random: Random, cpus: number, count: number): readonly number[] {
  const chosen: number[] = [];
  for (let cpu = 0, left = Math.min(count, cpus); left > 0; cpu++) {
    if (random.below(cpus - cpu) >= left) continue;
    chosen.push(cpu);
    left--;
  }
  return chosen;
}

/**
 * Appends a parallel block to a walk: `write` writes the lane of each of the CPUs. What one lane does, the others do
 * not know.
 */
export function writeBlock(
  repertoire: Repertoire,
  walk: Walk,
  cpus: readonly number[],
  write: (lane: Walk, position: number) => void,
): Block | undefined {
  const { random } = walk;
  const holders = new Holders();
  const start = walk.steps.length;
  const areas = walk.known.areas.length;
  const vmas = walk.known.vmas.length;
  const forks: Known[] = [];
  for (let n = 0; n < cpus.length; n++) {
    const known = walk.known.fork();
    known.areas.length = areas + n * LANE_NAMES;
    known.vmas.length = vmas + n * LANE_NAMES;
    const fits = (now: Known, step: Step): boolean => holders.take(now, step);
    const lane = new Walk(repertoire, random, { walk, cpu: cpus[n], known, fits });
    write(lane, n);
    for (const step of lane.steps) walk.steps.push(step);
    forks.push(known);
  }
  const end = walk.steps.length;
  if (end === start) return undefined;
  predictBlock(walk.steps, start, end, walk.known, forks);
  return { start, end, attributes: new Map() };
}
