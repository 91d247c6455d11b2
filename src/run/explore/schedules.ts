import type { Program } from '../../../reference/calls/valid.ts';
import type { Trace } from '../../../reference/judge/judge.ts';
import { UsageError } from '../../common/errors.ts';
import { type Chooser, parseSchedule, printSchedule } from '../../targets/embedded/schedule.ts';
import type { OpenTarget } from '../../targets/open.ts';

/** A target that lets a chooser interleave the lanes of parallel blocks. */
export interface Schedulable {
  executeTrace(program: Program, chooser?: Chooser): Trace;
}

/**
 * The target as one whose lanes can be interleaved at will.
 * @throws UsageError where it cannot, with what can.
 */
export function schedulable({ spec, direct }: OpenTarget): Schedulable {
  if (direct?.schedulable) return direct as Schedulable;
  throw new UsageError(
    `${spec} cannot be told how lanes interleave; embedded and mutant:NAME can (elsewhere it is left to chance: mmspec run --parallel 100, mmspec replay --times 1000)`,
  );
}

/** A choice that was made, and what it could have been. */
interface Turn {
  readonly ready: readonly number[];
  readonly last: number;
  readonly choice: number;
}

/** Follows a prefix of choices, then preempts nobody, and notes what there was to choose from. */
class Following implements Chooser {
  readonly turns: Turn[] = [];
  readonly #prefix: readonly number[];

  constructor(prefix: readonly number[]) {
    this.#prefix = prefix;
  }

  next(ready: readonly number[], last: number): number {
    const given = this.#prefix[this.turns.length];
    const choice = given ?? (ready.includes(last) ? last : ready[0]);
    this.turns.push({ ready: [...ready], last, choice });
    return choice;
  }
}

/** Leaving a lane that could have gone on is a preemption; to choose who goes on where it cannot is none. */
const preempts = ({ ready, last }: Turn, choice: number): number => (choice !== last && ready.includes(last) ? 1 : 0);

/** The trace with schedules that end with the last of so many choices: what follows by itself is left out. */
function shortened(trace: Trace, choices: number): Trace {
  let left = choices;
  const blocks = trace.program.blocks.map((block) => {
    const written = block.attributes.get('schedule');
    if (written === undefined) return block;
    const all = parseSchedule(written);
    const schedule = printSchedule(all.slice(0, Math.max(left, 0)));
    left -= all.length;
    return { ...block, attributes: new Map(block.attributes).set('schedule', schedule) };
  });
  return { ...trace, program: { ...trace.program, blocks } };
}

/**
 * Runs a program under every schedule of its parallel blocks that has at most `bound` preemptions, those with fewer
 * first among those that begin alike. Each trace has its schedule written into its program, up to the last choice
 * that is not made by itself.
 */
export function* schedules(target: Schedulable, program: Program, bound: number): Generator<Trace, void> {
  const prefixes: number[][] = [[]];
  for (let prefix = prefixes.pop(); prefix; prefix = prefixes.pop()) {
    const chooser = new Following(prefix);
    yield shortened(target.executeTrace(program, chooser), prefix.length);
    const { turns } = chooser;
    let spent = 0;
    for (const [at, turn] of turns.entries()) {
      if (at >= prefix.length) {
        for (const choice of turn.ready) {
          if (choice === turn.choice || spent + preempts(turn, choice) > bound) continue;
          prefixes.push([...turns.slice(0, at).map((before) => before.choice), choice]);
        }
      }
      spent += preempts(turn, turn.choice);
    }
  }
}
