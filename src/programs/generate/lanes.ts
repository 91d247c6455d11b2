import type { Step } from '../../../reference/calls/call.ts';
import { cannotOverlap, claims, predictBlock } from '../../../reference/calls/valid.ts';
import type { Known } from '../../../reference/model/known.ts';
import type { Block } from '../../../reference/notation/program.ts';
import type { Random } from './random.ts';
import type { Repertoire } from './repertoire.ts';
import { Walk } from './walk.ts';

/** Names reserved for each lane: different lanes must bind different names. */
const NAMES_PER_LANE = 16;

/** Which lane of a block uses which name, and whether exclusively. */
class Holders {
  readonly #held = new Map<string, { cpu: number; own: boolean }[]>();

  /** Takes the names that the step claims; false, without taking any, if another lane's claim conflicts. */
  take(known: Known, step: Step): boolean {
    const wanted = claims(known, step);
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

/** `count` random CPUs of `cpus`, in ascending order. */
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
 * Appends a parallel block to a walk; undefined if all lanes stay empty. `write` writes the lane of each of the CPUs.
 * A lane does not know what the other lanes do.
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
  const lanes: Known[] = [];
  for (let n = 0; n < cpus.length; n++) {
    const known = walk.known.copy();
    // Lanes run in the first address space.
    known.child = -1;
    known.areas.length = areas + n * NAMES_PER_LANE;
    known.vmas.length = vmas + n * NAMES_PER_LANE;
    const fits = (now: Known, step: Step): boolean =>
      cannotOverlap(step, now.traits) === undefined && holders.take(now, step);
    const lane = new Walk(repertoire, random, { walk, cpu: cpus[n], known, fits });
    write(lane, n);
    for (const step of lane.steps) walk.steps.push(step);
    lanes.push(known);
  }
  const end = walk.steps.length;
  if (end === start) return undefined;
  predictBlock(walk.steps, start, end, walk.known, lanes);
  return { start, end, attributes: new Map() };
}
