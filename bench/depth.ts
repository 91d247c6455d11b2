import type { Program } from '../reference/calls/valid.ts';
import { Tally } from '../reference/clauses/tally.ts';
import { judge } from '../reference/judge/judge.ts';
import { printSteps } from '../reference/notation/print.ts';
import { keyOf } from '../src/findings/finding.ts';
import { generator } from '../src/programs/generate/index.ts';
import { shrinkNow } from '../src/programs/shrink/index.ts';
import { agree } from '../src/targets/agreement.ts';
import { type EmbeddedTarget, mutant } from '../src/targets/embedded/index.ts';
import { runCommands } from './commands.ts';

/** Mutants of growing depth: from two calls to a block that must be filled first. */
export const DEPTHS: readonly string[] = [
  'zap-returns-zero',
  'zap-misses-last-page',
  'insert-busy-keeps-reference',
  'zap-one-page-more',
  'purge-skips-last-cpu',
  'flush-skips-full-blocks',
];

/** One way of finding and shrinking, over many seeds. */
export interface Column {
  /** Seeds that found the fault. */
  readonly found: number;
  /** Medians over these. */
  readonly programs: number;
  readonly executions: number;
  readonly length: number;
  /** The most executions that any seed took. */
  readonly most: number;
  readonly texts: number;
  /** Distinct failures (clause, call, kind of outcome): one text each is the least there can be. */
  readonly keys: number;
}

export interface Row {
  readonly mutant: string;
  readonly ours: Column;
  readonly commands: Column;
}

interface Hunt {
  readonly programs: number;
  readonly executions: number;
  readonly length: number;
  readonly text: string;
  readonly key: string | undefined;
}

const MOST_PROGRAMS = 20_000;

function ours(target: EmbeddedTarget, seed: number): Hunt | undefined {
  const { terms, traits } = agree(target.manifest);
  const { page, calls, can } = target.manifest;
  const tally = new Tally();
  const draw = generator({ traits, cpus: 2, frames: 64, page, calls, can, warnings: true });
  const verdict = (program: Program) => {
    const trace = { program, outcomes: target.execute(program) };
    const violation = judge(trace, terms, tally);
    return violation && { key: keyOf(trace, violation), step: violation.step };
  };
  for (let programs = 1; programs <= MOST_PROGRAMS; programs++) {
    const program = draw(seed, programs - 1);
    const failed = verdict(program);
    if (!failed) continue;
    const shrunk = shrinkNow(program, (candidate) => verdict(candidate)?.key, { traits, page, ...failed });
    const text = printSteps(shrunk.program);
    return { programs, executions: shrunk.executions, length: shrunk.program.steps.length, text, key: failed.key };
  }
  return undefined;
}

function baseline(target: EmbeddedTarget, seed: number): Hunt | undefined {
  const run = runCommands(target, seed, MOST_PROGRAMS);
  return run.key === undefined ? undefined : run;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

function column(hunts: readonly (Hunt | undefined)[]): Column {
  const found = hunts.filter((hunt) => hunt !== undefined);
  return {
    found: found.length,
    programs: median(found.map((hunt) => hunt.programs)),
    executions: median(found.map((hunt) => hunt.executions)),
    length: median(found.map((hunt) => hunt.length)),
    most: Math.max(0, ...found.map((hunt) => hunt.executions)),
    texts: new Set(found.map((hunt) => hunt.text)).size,
    keys: new Set(found.map((hunt) => hunt.key)).size,
  };
}

/** Finds and shrinks one mutant from the seeds 1 to `seeds`, both ways. */
export function depth(name: string, seeds: number): Row {
  const target = mutant(name)!;
  const all = Array.from({ length: seeds }, (_, i) => i + 1);
  return {
    mutant: name,
    ours: column(all.map((seed) => ours(target, seed))),
    commands: column(all.map((seed) => baseline(target, seed))),
  };
}
