import type { Program } from '../../reference/calls/valid.ts';
import { programAsRun, type Stop } from '../../src/targets/course.ts';
import type { EmbeddedTarget } from '../../src/targets/embedded/index.ts';
import { type Chooser, FixedSchedule, parseSchedule } from '../../src/targets/embedded/schedule.ts';
import type { OpenTarget } from '../../src/targets/open.ts';
import type { Answer } from '../../src/targets/target.ts';

/** Follows a schedule and counts how often each lane goes on, up to its first preemption. */
class Counting implements Chooser {
  readonly stops: Stop[] = [];
  readonly passages: number[];
  choices = 0;
  readonly #chooser: Chooser;

  constructor(schedule: string, cpus: number) {
    this.#chooser = new FixedSchedule(parseSchedule(schedule));
    this.passages = new Array<number>(cpus).fill(0);
  }

  next(ready: readonly number[], last: number): number {
    const choice = this.#chooser.next(ready, last);
    this.choices++;
    if (last >= 0 && choice !== last && ready.includes(last))
      this.stops.push({ cpu: last, passages: this.passages[last], place: 'somewhere', visit: 1, stuck: false });
    this.passages[choice]++;
    return choice;
  }
}

/** A target of this process, used like one outside that sweeps schedules and answers with courses. */
export function sweeping(target: EmbeddedTarget): OpenTarget & { readonly runs: { count: number } } {
  const runs = { count: 0 };
  /** Only the first block is scheduled: the programs of these tests have one. */
  function once(program: Program, run: number): Answer & { readonly choices: number } {
    runs.count++;
    const asRun = programAsRun(program, run, []);
    const [block] = asRun.blocks;
    const chooser = new Counting(block?.attributes.get('schedule') ?? '-', program.cpus);
    const { outcomes, times, leaks } = target.executeTrace(asRun, chooser);
    const courses = [{ stops: chooser.stops, passages: chooser.passages }];
    const answer = { outcomes, ...(times ? { times } : {}), ...(leaks ? { leaks } : {}), courses };
    return { ...answer, program: programAsRun(program, run, courses), choices: chooser.choices };
  }
  function all(program: Program): Answer {
    const [block] = program.blocks;
    if (!block) return { ...target.executeTrace(program) };
    const most = Number(block.attributes.get('repeat') ?? 1);
    const answers: Answer[] = [];
    for (let run = 1; run <= most; run++) {
      const one = once(program, run);
      answers.push(one);
      // The sweep ends once a larger turn makes no difference.
      const turns = one.program.blocks[0].attributes.get('schedule')!.split(',');
      const swept = turns.slice(0, Number(block.attributes.get('step') ?? 0));
      const needed = swept.reduce((sum, turn) => sum + Number(turn.split(':')[1] ?? 1), 0);
      if (block.attributes.has('step') && one.choices < needed) break;
    }
    return { ...answers.at(-1)!, earlier: answers.slice(0, -1) };
  }
  return {
    spec: 'sweeping',
    manifest: { ...target.manifest, can: new Set([...target.manifest.can, 'repeat']) },
    runs,
    run: async (programs) => programs.map(all),
    close: async () => {},
  };
}
