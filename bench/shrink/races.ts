import type { Program } from '../../reference/calls/valid.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { lanesOf } from '../../reference/notation/program.ts';
import { type Judged, sample } from '../../src/findings/execution.ts';
import { keyOf } from '../../src/findings/finding.ts';
import { run } from '../../src/run/run.ts';
import { agree } from '../../src/targets/agreement.ts';
import { mutant } from '../../src/targets/embedded/index.ts';
import { openDirect } from '../../src/targets/open.ts';
import { processorMs } from '../clock.ts';
import { row } from '../markdown.ts';
import { median } from '../quantile.ts';
import { textsByKey } from './table.ts';

/** The first failure of a race from one seed, shrunk. */
interface Race {
  readonly key: string;
  readonly text: string;
  /** Seconds of processor time, since other processes may use the machine. */
  readonly seconds: number;
  readonly executions: number;
  readonly steps: number;
  readonly lanes: number;
  /** Replays of the shrunk program that fail in the same way. */
  readonly failingReplays: number;
}

/** Seconds of processor time in which a race must be found and shrunk. */
export const MAX_SECONDS = 30;
/** The limit by the clock, as a multiple of that. */
const CLOCK_FACTOR = 4;
/** How often a shrunk program is replayed. */
export const REPLAYS = 100;
export const RACE_SEEDS = 5;

const maxLanes = ({ steps, blocks }: Program): number =>
  Math.max(0, ...blocks.map((block) => lanesOf(steps, block).length));

/** How many replays of a program fail in the same way. */
async function replay(name: string, program: Program, key: string): Promise<number> {
  const target = openDirect(name, mutant(name)!);
  const { terms } = agree(target.manifest);
  const failing = ({ trace, violation }: Judged): boolean => violation !== undefined && keyOf(trace, violation) === key;
  const { failed } = await sample(program, { target, terms, most: REPLAYS, failing });
  return failed.length;
}

async function hunt(name: string, seed: number): Promise<Race | undefined> {
  const from = processorMs();
  const budget = { milliseconds: 1000 * MAX_SECONDS * CLOCK_FACTOR };
  const { findings } = await run({ target: `mutant:${name}`, seed, budget, bail: true });
  const seconds = (processorMs() - from) / 1000;
  if (findings.length === 0 || seconds > MAX_SECONDS) return undefined;
  const { key, trace, executions } = findings[0];
  const { program } = trace;
  return {
    key,
    text: printSteps(program),
    seconds,
    executions,
    steps: program.steps.length,
    lanes: maxLanes(program),
    failingReplays: await replay(name, program, key),
  };
}

/** The heading of the table as Markdown. */
export const raceHeading = (): string =>
  '| race | found | seconds, most | executions | steps | lanes, most | texts | replays that fail |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |';

/** Finds and shrinks one race from each seed. Returns a row as Markdown. */
export async function raceRow(name: string): Promise<string> {
  const races: Race[] = [];
  for (let seed = 1; seed <= RACE_SEEDS; seed++) {
    const found = await hunt(name, seed);
    if (found) races.push(found);
  }
  const all = (figure: (race: Race) => number): number[] => races.map(figure);
  const cells = [
    name,
    `${races.length}/${RACE_SEEDS}`,
    Math.max(...all(({ seconds }) => seconds)).toFixed(1),
    median(all(({ executions }) => executions)),
    [...new Set(all(({ steps }) => steps))].sort((a, b) => a - b).join(' '),
    Math.max(...all(({ lanes }) => lanes)),
    textsByKey(races).join('+'),
    `${Math.min(...all(({ failingReplays }) => failingReplays))}/${REPLAYS}`,
  ];
  return row(cells);
}
