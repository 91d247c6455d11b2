import { mutant } from '../../src/targets/embedded/index.ts';
import { type BaselineRun, runCommands } from '../baseline/commands.ts';
import { type Hunt, hunt } from './hunt.ts';
import type { Row } from './table.ts';

/** Which mutant to measure, and how. */
export interface Order {
  readonly name: string;
  readonly seeds: number;
  /** The most programs to run until one fails, with the kit and with the baseline. */
  readonly programs: number;
  readonly baseline: number;
}

async function measured({ name, seeds, programs, baseline }: Order): Promise<Row> {
  const target = mutant(name)!;
  const kit: Hunt[] = [];
  const commands: BaselineRun[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const found = await hunt(target, seed, programs);
    if (found) kit.push(found);
  }
  for (let seed = 1; seed <= seeds; seed++) {
    const run = runCommands(target, seed, baseline);
    if (run.key !== undefined) commands.push(run);
  }
  return { mutant: name, kit, commands };
}

// This file is a process of its own. It receives orders from the process that started it, and ends with it.
process.on('message', async (order: Order) => process.send!(await measured(order)));
process.on('disconnect', () => process.exit());
