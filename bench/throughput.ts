import type { Program } from '../reference/calls/valid.ts';
import { Tally } from '../reference/clauses/tally.ts';
import { judge } from '../reference/judge/judge.ts';
import { type GeneratorOptions, generator } from '../src/programs/generate/index.ts';
import { agree } from '../src/targets/agreement.ts';
import { type EmbeddedTarget, embedded } from '../src/targets/embedded/index.ts';

/** One kind of work, and what a step of it costs. */
export interface Cost {
  readonly what: string;
  readonly steps: number;
  /** Microseconds a step: the best of the rounds, since noise only ever adds. */
  readonly microseconds: number;
}

/** Programs of which kind are measured. */
export interface Workload {
  readonly name: string;
  /** The most pages of a mapping. */
  readonly pages: number;
  /** The most steps of a program. */
  readonly length: number;
  /** Steps to measure, about. */
  readonly steps: number;
}

/** The programs of everyday runs, but of at most four pages a mapping: what the aims are stated for. */
export const SMALL: Workload = { name: 'up to 4 pages a step', pages: 4, length: 400, steps: 400_000 };

const ROUNDS = 3;

function best(what: string, steps: number, work: () => void): Cost {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const from = performance.now();
    work();
    least = Math.min(least, performance.now() - from);
  }
  return { what, steps, microseconds: (least * 1000) / steps };
}

/** What programs of a workload are drawn under. */
export const generatorOptionsFor = ({ manifest }: EmbeddedTarget, workload: Workload): GeneratorOptions => ({
  traits: agree(manifest).traits,
  cpus: 2,
  frames: 64,
  page: manifest.page,
  calls: manifest.calls,
  can: manifest.can,
  length: workload.length,
  pages: workload.pages,
  warnings: true,
});

/** Generation, execution and judging alone, and all three in turn, each over the same programs. */
export function throughput(workload: Workload = SMALL): Cost[] {
  const target = embedded('lazy')!;
  const { terms } = agree(target.manifest);
  const draw = generator(generatorOptionsFor(target, workload));
  const programs: Program[] = [];
  let steps = 0;
  for (let i = 0; steps < workload.steps; i++) {
    const program = draw(1, i);
    programs.push(program);
    steps += program.steps.length;
  }
  const traces = programs.map((program) => ({ program, outcomes: target.execute(program) }));
  const tally = new Tally();
  return [
    best('generate', steps, () => {
      for (let i = 0; i < programs.length; i++) draw(1, i);
    }),
    best('execute', steps, () => {
      for (const program of programs) target.execute(program);
    }),
    best('judge', steps, () => {
      for (const trace of traces) judge(trace, terms, tally);
    }),
    best('the whole way', steps, () => {
      for (let i = 0; i < programs.length; i++) {
        const program = draw(1, i);
        judge({ program, outcomes: target.execute(program) }, terms, tally);
      }
    }),
  ];
}
