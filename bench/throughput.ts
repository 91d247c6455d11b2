import type { Program } from '../reference/calls/valid.ts';
import { Tally } from '../reference/clauses/tally.ts';
import { judge } from '../reference/judge/judge.ts';
import { type GeneratorOptions, generator } from '../src/programs/generate/index.ts';
import { agree } from '../src/targets/agreement.ts';
import { type EmbeddedTarget, embedded } from '../src/targets/embedded/index.ts';
import { runCommands } from './baseline/commands.ts';
import { processorMs } from './clock.ts';

/** One part of the work, and what a step of it costs. */
export interface Cost {
  readonly part: string;
  /** What the part does, for the reader of the output. */
  readonly meaning: string;
  /** Of processor time, per step. */
  readonly microseconds: number;
}

/** Pages of the largest mapping, and steps of the longest program. */
export const MAX_PAGES = 4;
export const MAX_STEPS = 400;
/** Steps that are measured, roughly. */
const STEPS = 400_000;
/** Each part is measured this often. The fastest round counts, since noise only adds time. */
export const ROUNDS = 3;
/** Programs of the baseline. */
const BASELINE_PROGRAMS = 4000;

function cost(part: string, meaning: string, steps: number, work: () => void): Cost {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const from = processorMs();
    work();
    least = Math.min(least, processorMs() - from);
  }
  return { part, meaning, microseconds: (least * 1000) / steps };
}

const optionsFor = ({ manifest }: EmbeddedTarget): GeneratorOptions => ({
  traits: agree(manifest).traits,
  cpus: 2,
  frames: 64,
  page: manifest.page,
  calls: manifest.calls,
  can: manifest.can,
  length: MAX_STEPS,
  pages: MAX_PAGES,
  warnings: true,
});

/** Measures generation, execution and judging alone, then all three in turn, then the baseline. */
export function throughput(): Cost[] {
  const target = embedded('lazy')!;
  const { terms } = agree(target.manifest);
  const draw = generator(optionsFor(target));
  const programs: Program[] = [];
  let steps = 0;
  for (let i = 0; steps < STEPS; i++) {
    const program = draw(1, i);
    programs.push(program);
    steps += program.steps.length;
  }
  const traces = programs.map((program) => ({ program, outcomes: target.execute(program) }));
  const tally = new Tally();
  const parts = [
    cost('generate', 'draw random programs', steps, () => {
      for (let i = 0; i < programs.length; i++) draw(1, i);
    }),
    cost('execute', 'run them on the simulated machine', steps, () => {
      for (const program of programs) target.execute(program);
    }),
    cost('judge', 'judge the recorded traces', steps, () => {
      for (const trace of traces) judge(trace, terms, tally);
    }),
    cost('end to end', 'generate, execute and judge each program in turn', steps, () => {
      for (let i = 0; i < programs.length; i++) {
        const program = draw(1, i);
        judge({ program, outcomes: target.execute(program) }, terms, tally);
      }
    }),
  ];
  const baseline = runCommands(target, 1, BASELINE_PROGRAMS);
  const meaning = 'the same calls, model, target and judge through fc.commands';
  return [...parts, { part: 'fc.commands', meaning, microseconds: (baseline.milliseconds * 1000) / baseline.steps }];
}
