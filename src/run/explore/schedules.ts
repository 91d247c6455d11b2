import type { Program } from '../../../reference/calls/valid.ts';
import type { Trace } from '../../../reference/judge/judge.ts';
import { UsageError } from '../../common/errors.ts';
import { type Chooser, parseSchedule, printSchedule } from '../../targets/embedded/schedule.ts';
import type { OpenTarget } from '../../targets/open.ts';

/** A target that lets a chooser interleave the lanes of parallel blocks. */
interface Schedulable {
  executeTrace(program: Program, chooser?: Chooser): Trace;
}

/**
 * The target as one that runs a chosen interleaving of lanes.
 * @throws UsageError when it cannot; the message names targets that can.
 */
export function schedulable({ spec, direct }: OpenTarget): Schedulable {
  if (direct?.schedulable) return direct as Schedulable;
  throw new UsageError(
    `${spec} cannot run a chosen schedule; embedded, mutant:NAME and linux:KERNEL (x86-64, 6.1 and later) can. On other targets the schedule is chance; repeat it with: mmspec run --parallel 100, or mmspec replay --times 1000`,
  );
}

/** One choice of a schedule, with the alternatives. */
interface Turn {
  /** CPUs whose lanes could run. */
  readonly ready: readonly number[];
  /** The CPU whose lane ran before. */
  readonly last: number;
  readonly choice: number;
}

/** Makes the choices of a prefix, then continues without preemption; records every choice and its alternatives. */
class FollowPrefix implements Chooser {
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

/** 1 for a preemption: another lane is chosen although the last one could continue. */
const preempts = ({ ready, last }: Turn, choice: number): number => (choice !== last && ready.includes(last) ? 1 : 0);

/** The trace with its schedules cut to the first `choices` choices: the rest follows by itself. */
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
 * Runs a program under every schedule of its parallel blocks with at most `bound` preemptions. Each trace has its
 * schedule written into its program, up to the last choice that does not follow by itself.
 */
export function* schedules(target: Schedulable, program: Program, bound: number): Generator<Trace, void> {
  const prefixes: number[][] = [[]];
  for (let prefix = prefixes.pop(); prefix; prefix = prefixes.pop()) {
    const chooser = new FollowPrefix(prefix);
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
