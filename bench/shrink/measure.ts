import { mutant } from '../../src/targets/embedded/index.ts';
import { runCommands } from '../commands.ts';
import { hunt } from './ours.ts';
import type { Row } from './table.ts';

/** What is to be measured of one mutant. */
export interface Order {
  readonly name: string;
  readonly seeds: number;
  /** Programs to try at most, and those of fc.commands. */
  readonly programs: number;
  readonly baseline: number;
}

async function measured({ name, seeds, programs, baseline }: Order): Promise<Row> {
  const target = mutant(name)!;
  const row = { mutant: name, ours: [] as Row['ours'][number][], commands: [] as Row['commands'][number][] };
  for (let seed = 1; seed <= seeds; seed++) {
    const found = await hunt(target, seed, programs);
    if (found) row.ours.push(found);
  }
  for (let seed = 1; seed <= seeds; seed++) {
    const run = runCommands(target, seed, baseline);
    if (run.key !== undefined) row.commands.push(run);
  }
  return row;
}

// A process of its own: takes orders from the one that started it, and ends with it.
process.on('message', async (order: Order) => process.send!(await measured(order)));
process.on('disconnect', () => process.exit());
