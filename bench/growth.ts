import type { Step } from '../reference/calls/call.ts';
import type { Program } from '../reference/calls/valid.ts';
import { Tally } from '../reference/clauses/tally.ts';
import { VOCABULARY } from '../reference/contract.ts';
import { judge } from '../reference/judge/judge.ts';
import { inArea } from '../reference/notation/address.ts';
import { NO_BLOCKS } from '../reference/notation/program.ts';
import { agree } from '../src/targets/agreement.ts';
import { embedded } from '../src/targets/embedded/index.ts';

/** What judging a step costs with so many pages live. */
export interface Growth {
  readonly live: number;
  readonly microseconds: number;
}

const CYCLES = 10_000;
const ROUNDS = 5;

/** `live` areas of one page each, and then map, read, unmap over and over beside them. */
function program(live: number, cycles: number): Program {
  const call = (name: string) => VOCABULARY.get(name)!;
  const [map, read, unmap] = [call('vm_map_ram'), call('read'), call('vm_unmap_ram')];
  const steps: Step[] = [];
  for (let name = 0; name < live; name++) steps.push({ cpu: 0, call: map, binds: name, args: [[name % 64]] });
  for (let name = live; name < live + cycles; name++) {
    steps.push(
      { cpu: 0, call: map, binds: name, args: [[name % 64]] },
      { cpu: 1, call: read, binds: -1, args: [inArea(name, 0)] },
      { cpu: 0, call: unmap, binds: -1, args: [inArea(name, 0), 1] },
    );
  }
  return { cpus: 2, frames: 64, steps, blocks: NO_BLOCKS };
}

/** The cost of judging a step beside `live` live pages, without the steps that made them. */
export function growth(live: number): Growth {
  const target = embedded('lazy')!;
  const { terms } = agree(target.manifest);
  const tally = new Tally();
  const time = (cycles: number): number => {
    const one = program(live, cycles);
    const trace = { program: one, outcomes: target.execute(one) };
    let least = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS; round++) {
      const from = performance.now();
      judge(trace, terms, tally);
      least = Math.min(least, performance.now() - from);
    }
    return least;
  };
  return { live, microseconds: ((time(CYCLES) - time(0)) * 1000) / (3 * CYCLES) };
}
