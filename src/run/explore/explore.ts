import type { Step } from '../../../reference/calls/call.ts';
import { type Program, predictStep } from '../../../reference/calls/valid.ts';
import { Known } from '../../../reference/model/known.ts';
import { NO_BLOCKS } from '../../../reference/notation/program.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';
import { poolFrames } from '../../programs/arguments.ts';
import type { Alphabet } from '../../programs/enumerate/alphabet.ts';
import { stepsFrom } from '../../programs/enumerate/steps.ts';

/** What small programs may use. */
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

/** True for steps that only observe: two of them in a row may change places. */
const observes = ({ call }: Step): boolean => call.side === 'observe' && call.effect === 'none';

/** The part of an alphabet that the target has. */
function restricted(alphabet: Alphabet, ground: Ground): Alphabet {
  const has = (call: Step['call']): boolean =>
    ground.calls.has(call.name) && (!call.ability || ground.can.has(call.ability));
  return { ...alphabet, calls: alphabet.calls.filter(has), cpus: Math.min(alphabet.cpus, ground.cpus) };
}

function knownAfter(steps: readonly Step[], cpus: number, ground: Ground): Known {
  const known = new Known(ground.traits, cpus, ground.frames, ground.page);
  for (const step of steps) predictStep(known, step);
  return known;
}

/**
 * All programs of exactly `length` steps over an alphabet, in a fixed order. Of programs that differ only in names,
 * frames or CPUs there is one: these are numbered by first use. Observations in a row come in one order and without
 * repetition, and the last step is one that can fail.
 */
export function* programsOf(alphabet: Alphabet, length: number, ground: Ground): Generator<Program, void> {
  const letters = restricted(alphabet, ground);
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
      const look = observes(step);
      if (look && i < least) continue;
      // A flush or an unmapping cannot fail: its effect shows only in an observation that follows.
      if (last && !look && step.call.binds === undefined && step.call.outcomes.length === 1) continue;
      yield* extend(
        [...steps, step],
        Math.max(frames, poolFrames(step)),
        Math.max(used, step.cpu + 1),
        look ? i + 1 : 0,
      );
    }
  }
  yield* extend([], 0, 0, 0);
}

/** All programs of at most `length` steps, the short ones first: so the first failure found is a shortest one. */
export function* programsUpTo(alphabet: Alphabet, length: number, ground: Ground): Generator<Program, void> {
  for (let steps = 1; steps <= length; steps++) yield* programsOf(alphabet, steps, ground);
}
