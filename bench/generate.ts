import { CALLS } from '../reference/contract.ts';
import { type Options, optionsWith, SequentialGenerator } from '../src/programs/generate/index.ts';
import { pagesOf } from '../src/programs/shrink/order.ts';

/** What it costs to generate programs, and what they consist of. */
export interface GenerateFigures {
  readonly programs: number;
  readonly steps: number;
  /** Pages in the arguments of a step, on average. */
  readonly pagesPerStep: number;
  readonly microsecondsPerStep: number;
  readonly microsecondsPerProgram: number;
  /** Share of each call in the steps, the most frequent first. */
  readonly calls: ReadonlyMap<string, number>;
}

/** Kernel calls without those that unmap: mapped pages stay mapped. */
const KEEPING = CALLS.filter(({ side, ability, effect }) => side !== 'user' && !ability && effect !== 'ends');
const keeping = (livePages: number): Options => optionsWith({ pages: 4, steps: 50_000, calls: KEEPING, livePages });

/** Kinds of programs that are measured, by name. */
export const MIXES: Readonly<Record<string, Options>> = {
  'default options': optionsWith(),
  'up to 4 pages per mapping': optionsWith({ pages: 4, steps: 1000 }),
  'nothing unmapped, 10 live pages': keeping(10),
  'nothing unmapped, 10,000 live pages': keeping(10_000),
};

/** Measures how long it takes to generate `steps` steps, after half as many to warm up. */
export function benchGenerate(options: Options, steps = 1_000_000, seed = 1): GenerateFigures {
  const generator = new SequentialGenerator(options);
  const generate = (first: number, most: number) => {
    let made = 0;
    let index = first;
    while (made < most) made += generator.program(seed, index++).steps.length;
    return { made, programs: index - first };
  };
  generate(1_000_000, steps / 2);
  const from = performance.now();
  const { made, programs } = generate(0, steps);
  const microseconds = (performance.now() - from) * 1000;
  return {
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
