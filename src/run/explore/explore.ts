import type { Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { Known } from '../../../reference/model/known.ts';
import { isPoolFrame } from '../../../reference/notation/frame.ts';
import { NO_BLOCKS } from '../../../reference/notation/program.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';
import type { Alphabet } from '../../programs/enumerate/alphabet.ts';
import { stepsFrom } from '../../programs/enumerate/steps.ts';

/** What small programs are written for. */
export interface Ground {
  readonly traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  /** Names of the calls, and abilities, that the target has. */
  readonly calls: ReadonlySet<string>;
  readonly can: ReadonlySet<string>;
  /** CPUs and frames that programs may use. */
  readonly cpus: number;
  readonly frames: number;
}

/** True for steps that only look: two of them in a row may change places. */
const looks = ({ call }: Step): boolean => call.side === 'observe' && call.effect === 'none';

/** How many pool frames a step names, counted from 0 on. */
function framesIn(step: Step): number {
  let most = 0;
  for (let i = 0; i < step.args.length; i++) {
    const { type } = step.call.parameters[i];
    const value = step.args[i];
    if (value === undefined) continue;
    if (type === 'frame') most = Math.max(most, (value as number) + 1);
    else if (type === 'frames')
      for (const frame of value as readonly number[]) if (isPoolFrame(frame)) most = Math.max(most, frame + 1);
  }
  return most;
}

/** The alphabet as far as the target has it. */
function narrowed(alphabet: Alphabet, ground: Ground): Alphabet {
  const has = (call: Step['call']): boolean =>
    ground.calls.has(call.name) && (!call.ability || ground.can.has(call.ability));
  return { ...alphabet, calls: alphabet.calls.filter(has), cpus: Math.min(alphabet.cpus, ground.cpus) };
}

function knownAfter(steps: readonly Step[], cpus: number, ground: Ground): Known {
  const known = new Known(ground.traits, cpus, ground.frames, ground.page);
  for (const step of steps) step.call.predict?.(known, step);
  return known;
}

/**
 * All programs of exactly `length` steps over an alphabet, up to the names of things: names, frames and CPUs are
 * numbered by first use, looks in a row stand in one order and are not repeated, and the last step is one that can
 * fail. Depth first, in a fixed order.
 */
export function* programsOf(alphabet: Alphabet, length: number, ground: Ground): Generator<Program, void> {
  const letters = narrowed(alphabet, ground);
  const cpus = letters.cpus;
  function* extend(steps: readonly Step[], frames: number, used: number, least: number): Generator<Program, void> {
    if (steps.length === length) {
      yield { cpus, frames: ground.frames, steps, blocks: NO_BLOCKS };
      return;
    }
    const known = knownAfter(steps, cpus, ground);
    const last = steps.length + 1 === length;
    const next = stepsFrom({ known, alphabet: letters, frames, cpus: used });
    for (let i = 0; i < next.length; i++) {
      const step = next[i];
      const look = looks(step);
      if (look && i < least) continue;
      // What a flush or an unmapping has done only shows in a look that follows.
      if (last && !look && step.call.binds === undefined && step.call.outcomes.length === 1) continue;
      yield* extend([...steps, step], Math.max(frames, framesIn(step)), Math.max(used, step.cpu + 1), look ? i + 1 : 0);
    }
  }
  yield* extend([], 0, 0, 0);
}

/** All programs of at most `length` steps, the short ones first: what is found first is as short as can be. */
export function* programsUpTo(alphabet: Alphabet, length: number, ground: Ground): Generator<Program, void> {
  for (let steps = 1; steps <= length; steps++) yield* programsOf(alphabet, steps, ground);
}
