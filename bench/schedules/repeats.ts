import type { Call } from '../../reference/calls/call.ts';
import type { Program } from '../../reference/calls/valid.ts';
import { Tally } from '../../reference/clauses/tally.ts';
import type { Terms } from '../../reference/judge/judge.ts';
import { printOutcome } from '../../reference/notation/outcome.ts';
import { lanesOf } from '../../reference/notation/program.ts';
import { failureOf, judged } from '../../src/findings/execution.ts';
import { generator } from '../../src/programs/generate/index.ts';
import { drawSchedule } from '../../src/programs/generate/interleave.ts';
import { Random } from '../../src/programs/generate/random.ts';
import { agree } from '../../src/targets/agreement.ts';
import type { Answer, Manifest } from '../../src/targets/target.ts';

/** How often each program runs. */
export const RUNS = 5;

/** Draws the parallel programs of a seed, each with a drawn schedule for each block, to be run `RUNS` times. */
export function scheduledPrograms(manifest: Manifest, seed: number): () => Program {
  const { traits } = agree(manifest);
  const draw = generator({
    ...manifest,
    traits,
    frames: Math.min(64, manifest.frames),
    parallel: 100,
    warnings: false,
  });
  let next = 0;
  return () => {
    let program: Program;
    do program = draw(seed, next++);
    while (program.blocks.length === 0);
    const random = new Random(seed, next);
    const blocks = program.blocks.map((block, i) => {
      const schedule = drawSchedule(random, lanesOf(program.steps, block));
      const repeat = i === 0 ? [['repeat', String(RUNS)] as const] : [];
      return { ...block, attributes: new Map([...repeat, ['schedule', schedule]]) };
    });
    return { ...program, blocks };
  };
}

/** What the runs of a program have in common. */
export interface Sameness {
  /** Lanes stopped at the same places, and made the same number of passages. */
  readonly interleaving: boolean;
  /** Outcomes and times are the same. Addresses may differ: an allocator may choose another one each time. */
  readonly trace: boolean;
  /**
   * The trace is the same, or differs only in what accesses reached while every run holds. A run that holds shows that
   * each access reached what the contract decides, or that the contract leaves it open, as after a lazy unmapping.
   */
  readonly decided: boolean;
  /** How often a lane waited for a lane that was held. */
  readonly stuck: number;
}

/** Whether a step of the call accesses memory through the TLB, so that it may use an old translation. */
const isAccess = ({ side, sees }: Call): boolean => side === 'observe' && sees === 'translations';

/** `open`: to leave out what accesses reached. */
function traceText({ program, outcomes, times }: Answer, open = false): string {
  const texts = outcomes.map((outcome, step) => {
    if (open && isAccess(program.steps[step].call)) return 'access';
    return outcome.kind === 'address' ? 'address' : printOutcome(outcome);
  });
  return JSON.stringify([texts, times]);
}

/**
 * Compares all runs of a program, judged by `terms`. An answer with fewer than `RUNS` runs is a run that crashed: nothing
 * is the same.
 */
export function samenessOf(answer: Answer, terms: Terms): Sameness {
  const runs = [...(answer.earlier ?? []), answer];
  const alike = (text: (run: Answer) => string): boolean => runs.length === RUNS && new Set(runs.map(text)).size === 1;
  const stops = runs.flatMap(({ courses }) => courses ?? []).flatMap((course) => course.stops);
  const holds = (run: Answer): boolean => failureOf(judged(run, terms, new Tally())) === undefined;
  const trace = alike((run) => traceText(run));
  return {
    interleaving: alike(({ courses }) => JSON.stringify(courses)),
    trace,
    decided: trace || (alike((run) => traceText(run, true)) && runs.every(holds)),
    stuck: stops.filter(({ stuck }) => stuck).length,
  };
}
