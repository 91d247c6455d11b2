import type { Program } from '../reference/calls/valid.ts';
import { Tally } from '../reference/clauses/tally.ts';
import { judge } from '../reference/judge/judge.ts';
import { keyOf } from '../src/findings/finding.ts';
import { generator } from '../src/programs/generate/index.ts';
import { agree } from '../src/targets/agreement.ts';
import type { EmbeddedTarget } from '../src/targets/embedded/index.ts';

/** CPUs and frames of all programs that are searched for failures. */
export const CPUS = 2;
export const FRAMES = 64;

/** How a program failed. */
export interface Failed {
  readonly key: string;
  /** Index of the failing step. */
  readonly step: number;
}

/** Runs and judges programs on a target. `run` returns how a program failed, or undefined if it passed. */
export function oracleOf(target: EmbeddedTarget) {
  const { terms, traits } = agree(target.manifest);
  const tally = new Tally();
  const run = (program: Program): Failed | undefined => {
    const trace = { program, outcomes: target.execute(program) };
    const violation = judge(trace, terms, tally);
    return violation && { key: keyOf(trace, violation), step: violation.step };
  };
  return { terms, traits, run };
}

/** The first random program of a seed that fails. */
export interface FirstFailure extends Failed {
  readonly program: Program;
  /** Programs that were run until then. */
  readonly programs: number;
}

/** The first of at most `maxPrograms` random programs that fails on a target; undefined if all pass. */
export function firstFailure(target: EmbeddedTarget, seed: number, maxPrograms: number): FirstFailure | undefined {
  const { traits, run } = oracleOf(target);
  const { page, calls, can } = target.manifest;
  const draw = generator({ traits, cpus: CPUS, frames: FRAMES, page, calls, can, warnings: true });
  for (let programs = 1; programs <= maxPrograms; programs++) {
    const program = draw(seed, programs - 1);
    const failed = run(program);
    if (failed) return { ...failed, program, programs };
  }
  return undefined;
}
