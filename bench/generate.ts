import { CALLS } from '../reference/contract.ts';
import { type Options, optionsWith } from '../src/programs/generate/options.ts';
import { SequentialGenerator } from '../src/programs/generate/sequential.ts';
import { pagesOf } from '../src/programs/shrink/order.ts';

/** What generating costs, and what was generated. */
export interface GenerateFigures {
  /** Which mix of programs this is about. */
  readonly mix: string;
  readonly programs: number;
  readonly steps: number;
  /** Pages in the arguments of a step, on average. */
  readonly pagesPerStep: number;
  readonly microsecondsPerStep: number;
  readonly microsecondsPerProgram: number;
  /** Share of the steps, by call, the most frequent first. */
  readonly calls: ReadonlyMap<string, number>;
}

/** Kernel calls that give nothing back: what is mapped stays mapped. */
const KEEPING = CALLS.filter(
  ({ side, ability, parameters }) => side !== 'user' && !ability && !parameters.some(({ origins }) => origins),
);
const full = (livePages: number): Options => optionsWith({ pages: 4, steps: 50_000, calls: KEEPING, livePages });

/** Mixes that are measured, by name. */
export const MIXES: Readonly<Record<string, Options>> = {
  'everyday programs': optionsWith(),
  'up to 4 pages a mapping': optionsWith({ pages: 4, steps: 1000 }),
  'nothing is given back, 10 pages live': full(10),
  'nothing is given back, 10,000 pages live': full(10_000),
};

/** Generates `steps` steps of a mix (and half of that before, to warm up) and tells what it cost. */
export function benchGenerate(mix: string, steps = 1_000_000, seed = 1): GenerateFigures {
  const generator = new SequentialGenerator(MIXES[mix]);
  const run = (first: number, most: number) => {
    let made = 0;
    let index = first;
    while (made < most) made += generator.program(seed, index++).steps.length;
    return { made, programs: index - first };
  };
  run(1_000_000, steps / 2);
  const from = performance.now();
  const { made, programs } = run(0, steps);
  const microseconds = (performance.now() - from) * 1000;
  return {
    mix,
    programs,
    steps: made,
    microsecondsPerStep: microseconds / made,
    microsecondsPerProgram: microseconds / programs,
    ...contents(generator, seed, Math.min(programs, 1000)),
  };
}

/** What the first programs of a seed consist of. */
function contents(generator: SequentialGenerator, seed: number, programs: number) {
  const { page } = generator.options;
  const counts = new Map<string, number>();
  let pages = 0;
  let total = 0;
  for (let i = 0; i < programs; i++) {
    for (const step of generator.program(seed, i).steps) {
      counts.set(step.call.name, (counts.get(step.call.name) ?? 0) + 1);
      pages += pagesOf(step, page);
      total++;
    }
  }
  const shares = [...counts].sort(([, a], [, b]) => b - a).map(([name, n]): [string, number] => [name, n / total]);
  return { pagesPerStep: pages / total, calls: new Map(shares) };
}
