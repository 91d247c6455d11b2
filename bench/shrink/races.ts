import type { Program } from '../../reference/calls/valid.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { lanesOf } from '../../reference/notation/program.ts';
import { type Judged, sample } from '../../src/findings/execution.ts';
import { keyOf } from '../../src/findings/finding.ts';
import { run } from '../../src/run/run.ts';
import { agree } from '../../src/targets/agreement.ts';
import { mutant } from '../../src/targets/embedded/index.ts';
import { openDirect } from '../../src/targets/open.ts';
import { median, textsByKey } from './table.ts';

/** One hunt for a fault that only overlap shows. */
interface Hunt {
  readonly key: string;
  readonly text: string;
  /** Of processor time: others may be at work on the machine. */
  readonly seconds: number;
  readonly executions: number;
  readonly steps: number;
  readonly lanes: number;
  /** Of a hundred replays of the text so many fail in the same way. */
  readonly again: number;
}

/** Seconds of processor time to find and shrink a race in. */
const CEILING = 30;
/** So many times as long at most, by the clock. */
const PATIENCE = 4;
const REPLAYS = 100;
export const RACE_SEEDS = 5;

const mostLanes = ({ steps, blocks }: Program): number =>
  Math.max(0, ...blocks.map((block) => lanesOf(steps, block).length));

/** How often a program fails in the same way, of so many replays. */
async function replayed(name: string, program: Program, key: string): Promise<number> {
  const target = openDirect(name, mutant(name)!);
  const { terms } = agree(target.manifest);
  const failing = ({ trace, violation }: Judged): boolean => violation !== undefined && keyOf(trace, violation) === key;
  const { failed } = await sample(program, { target, terms, most: REPLAYS, failing });
  return failed.length;
}

async function hunt(name: string, seed: number): Promise<Hunt | undefined> {
  const from = process.cpuUsage();
  const budget = { milliseconds: 1000 * CEILING * PATIENCE };
  const { findings } = await run({ target: `mutant:${name}`, seed, budget, bail: true });
  const { user, system } = process.cpuUsage(from);
  const seconds = (user + system) / 1e6;
  if (findings.length === 0 || seconds > CEILING) return undefined;
  const { key, trace, executions } = findings[0];
  const program = trace.program as Program;
  return {
    key,
    text: printSteps(program),
    seconds,
    executions,
    steps: program.steps.length,
    lanes: mostLanes(program),
    again: await replayed(name, program, key),
  };
}

export const raceHeading = (): string =>
  '| race | found | seconds, most | executions | steps | lanes, most | texts | replays that fail |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |';

/** Finds and shrinks one race from each seed: a row of Markdown. */
export async function raceRow(name: string): Promise<string> {
  const hunts: Hunt[] = [];
  for (let seed = 1; seed <= RACE_SEEDS; seed++) {
    const found = await hunt(name, seed);
    if (found) hunts.push(found);
  }
  const all = (figure: (hunt: Hunt) => number): number[] => hunts.map(figure);
  const cells = [
    name,
    `${hunts.length}/${RACE_SEEDS}`,
    Math.max(...all(({ seconds }) => seconds)).toFixed(1),
    median(all(({ executions }) => executions)),
    [...new Set(all(({ steps }) => steps))].sort((a, b) => a - b).join(' '),
    Math.max(...all(({ lanes }) => lanes)),
    textsByKey(hunts).join('+'),
    `${Math.min(...all(({ again }) => again))}/${REPLAYS}`,
  ];
  return `| ${cells.join(' | ')} |`;
}
