import { judge, type Trace } from '../../../reference/judge/judge.ts';
import { Tally } from '../../../reference/judge/tally.ts';
import type { Program } from '../../../reference/model/valid.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import { keyOf } from '../../campaign/finding.ts';
import { agree } from '../../campaign/terms.ts';
import { run } from '../../run.ts';
import { type EmbeddedTarget, mutant } from '../../targets/embedded/index.ts';
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

const lanesOf = ({ steps, blocks }: Program): number =>
  Math.max(0, ...blocks.map(({ start, end }) => new Set(steps.slice(start, end).map(({ cpu }) => cpu)).size));

function replayed(target: EmbeddedTarget, program: Program, key: string): number {
  const { terms } = agree(target.manifest);
  let again = 0;
  for (let time = 0; time < REPLAYS; time++) {
    const trace: Trace = target.executeTrace(program);
    const violation = judge(trace, terms, new Tally());
    if (violation && keyOf(trace, violation) === key) again++;
  }
  return again;
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
    lanes: lanesOf(program),
    again: replayed(mutant(name)!, program, key),
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
