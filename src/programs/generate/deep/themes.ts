import type { Call } from '../../../../reference/calls/call.ts';
import { PHASES, touching } from '../../states/vocabulary.ts';
import { Random, shuffled } from '../random.ts';

/** What a deep program is about: a phase of a structure, and a call that another CPU runs at the same time. */
export interface Theme {
  readonly side: 'kernel' | 'user';
  readonly structure: string;
  readonly phase: string;
  readonly beside: Call;
}

/**
 * How often each theme of a phase comes up in a round, where it is not once: phases that measurements reached late come up
 * more often. `npm run bench:states` shows when each state is reached.
 */
const TIMES: Readonly<Record<string, number>> = {
  'lazy-many': 2,
  'lazy-all-but-one': 2,
  'lazy-full': 2,
  'tables-filled-across': 2,
  'tables-emptied-over-hole': 2,
  'frame-many': 2,
};
/**
 * Phases of which each theme comes up in one round only: those that other programs reach just as well, and one whose
 * programs take long.
 */
const RARE: ReadonlySet<string> = new Set([
  ...['areas-one', 'areas-some', 'areas-one-given-back', 'areas-all-but-one-given-back', 'areas-emptied'],
  ...['lazy-empty', 'lazy-one', 'lazy-emptied', 'lazy-crossed', 'arena-full'],
  ...['translations-one', 'translations-some', 'translations-emptied', 'object-some', 'vma-full', 'frame-one'],
]);
/** Rounds until the schedule starts again. In each, every phase meets every call once, and then every effect twice. */
const ROUNDS = 4;
const EFFECT_ROUNDS = 2;

/** The order of the themes is the same for all seeds. Each seed starts somewhere else. */
const ORDER_SEED = 0x7f4a7c15;

/**
 * The themes in the order in which deep programs take them up, over and over. `has` says whether the target can have
 * them.
 */
export function scheduleOf(calls: readonly Call[], has: (theme: Theme) => boolean): readonly Theme[] {
  const random = new Random(ORDER_SEED);
  const sharing = { kernel: sharingOf('kernel', calls), user: sharingOf('user', calls) };
  const schedule: Theme[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    schedule.push(...shuffled(random, themesOf(round, sharing, (among) => among).filter(has)));
    // Otherwise a phase would meet an effect less often if only few calls have it.
    for (let n = 0; n < EFFECT_ROUNDS; n++)
      schedule.push(
        ...shuffled(
          random,
          themesOf(round, sharing, (among, side) => [
            ...ofEachEffect(random, among),
            ...ofOtherSide(random, calls, side),
          ]).filter(has),
        ),
      );
  }
  return schedule;
}

const idOf = ({ structure, phase }: Pick<Theme, 'structure' | 'phase'>): string => `${structure}-${phase}`;

/** Those of the calls that share the structures of a side. */
const sharingOf = (side: Theme['side'], calls: readonly Call[]): readonly Call[] =>
  touching(side).filter((call) => calls.includes(call));

/** One call of each effect. */
function ofEachEffect(random: Random, calls: readonly Call[]): readonly Call[] {
  const effects = [...new Set(calls.map(({ effect }) => effect))];
  return effects.map((effect) => random.of(calls.filter((call) => call.effect === effect)));
}

/** A call that maps memory on the other side: both sides share frames, the memory for page tables, and TLBs. */
function ofOtherSide(random: Random, calls: readonly Call[], side: Theme['side']): readonly Call[] {
  const makers = calls.filter((call) => call.effect === 'makes' && call.side !== side);
  return makers.length > 0 ? [random.of(makers)] : [];
}

function themesOf(
  round: number,
  sharing: Readonly<Record<Theme['side'], readonly Call[]>>,
  pick: (among: readonly Call[], side: Theme['side']) => readonly Call[],
): Theme[] {
  return PHASES.flatMap(({ side, structure, phase }) => {
    const id = idOf({ structure, phase });
    const chosen = pick(sharing[side], side);
    const now = RARE.has(id) ? chosen.filter((_, n) => n % ROUNDS === round) : chosen;
    return now.flatMap((beside) => new Array<Theme>(TIMES[id] ?? 1).fill({ side, structure, phase, beside }));
  });
}
