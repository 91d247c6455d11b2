import type { Program } from '../../reference/calls/valid.ts';
import { printOutcome } from '../../reference/notation/outcome.ts';
import { lanesOf } from '../../reference/notation/program.ts';
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
  /** How often a lane waited for a lane that was held. */
  readonly stuck: number;
}

const traceText = ({ outcomes, times }: Answer): string => {
  const texts = outcomes.map((outcome) => (outcome.kind === 'address' ? 'address' : printOutcome(outcome)));
  return JSON.stringify([texts, times]);
};

/** Compares all runs of a program. An answer with fewer than `RUNS` runs is a run that crashed: nothing is the same. */
export function samenessOf(answer: Answer): Sameness {
  const runs = [...(answer.earlier ?? []), answer];
  const alike = (text: (run: Answer) => string): boolean => runs.length === RUNS && new Set(runs.map(text)).size === 1;
  const stops = runs.flatMap(({ courses }) => courses ?? []).flatMap((course) => course.stops);
  return {
    interleaving: alike(({ courses }) => JSON.stringify(courses)),
    trace: alike(traceText),
    stuck: stops.filter(({ stuck }) => stuck).length,
  };
}
