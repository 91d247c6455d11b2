import type { Program } from '../reference/calls/valid.ts';
import { printSteps } from '../reference/notation/print.ts';
import { shrinkNow } from '../src/programs/shrink/index.ts';
import { type EmbeddedTarget, mutant } from '../src/targets/embedded/index.ts';
import { runCommands } from './baseline/commands.ts';
import { firstFailure, oracleOf } from './oracle.ts';
import { median } from './quantile.ts';

/** Mutants that are increasingly hard to find: from two calls to a block that must be filled first. */
export const MUTANTS: readonly string[] = [
  'zap-returns-zero',
  'zap-misses-last-page',
  'insert-busy-keeps-reference',
  'zap-one-page-more',
  'purge-skips-last-cpu',
  'flush-skips-full-blocks',
];

/** What finding and shrinking one mutant took, over several seeds. */
export interface Column {
  /** Seeds that found the fault. The other figures are about these. */
  readonly found: number;
  /** Programs until the first failure: the median. */
  readonly programs: number;
  /** Programs that were run to shrink it: the median, and the maximum. */
  readonly executions: number;
  readonly maxExecutions: number;
  /** Steps of the shrunk program: the median. */
  readonly length: number;
  /** Distinct shrunk programs. At best there is one for each failure. */
  readonly texts: number;
  /** Distinct failures: clause, call and kind of outcome. */
  readonly keys: number;
}

/** A mutant, with the kit and with the baseline. */
export interface Row {
  readonly mutant: string;
  readonly kit: Column;
  readonly commands: Column;
}

/** One seed that found the fault. */
interface Found {
  readonly programs: number;
  readonly executions: number;
  readonly length: number;
  readonly text: string;
  readonly key: string | undefined;
}

const MAX_PROGRAMS = 20_000;

function withKit(target: EmbeddedTarget, seed: number): Found | undefined {
  const found = firstFailure(target, seed, MAX_PROGRAMS);
  if (!found) return undefined;
  const { traits, run } = oracleOf(target);
  const { page } = target.manifest;
  const { program, programs, key, step } = found;
  const shrunk = shrinkNow(program, (candidate: Program) => run(candidate)?.key, { traits, page, key, step });
  const { steps } = shrunk.program;
  return { programs, executions: shrunk.executions, length: steps.length, text: printSteps(shrunk.program), key };
}

function withCommands(target: EmbeddedTarget, seed: number): Found | undefined {
  const run = runCommands(target, seed, MAX_PROGRAMS);
  return run.key === undefined ? undefined : run;
}

function columnOf(seeds: readonly (Found | undefined)[]): Column {
  const found = seeds.filter((seed) => seed !== undefined);
  return {
    found: found.length,
    programs: median(found.map(({ programs }) => programs)),
    executions: median(found.map(({ executions }) => executions)),
    maxExecutions: Math.max(0, ...found.map(({ executions }) => executions)),
    length: median(found.map(({ length }) => length)),
    texts: new Set(found.map(({ text }) => text)).size,
    keys: new Set(found.map(({ key }) => key)).size,
  };
}

/** Finds and shrinks one mutant from the seeds 1 to `seeds`, with the kit and with the baseline. */
export function find(name: string, seeds: number): Row {
  const target = mutant(name)!;
  const all = Array.from({ length: seeds }, (_, i) => i + 1);
  return {
    mutant: name,
    kit: columnOf(all.map((seed) => withKit(target, seed))),
    commands: columnOf(all.map((seed) => withCommands(target, seed))),
  };
}
