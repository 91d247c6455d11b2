import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Program } from '../reference/calls/valid.ts';
import { Tally } from '../reference/clauses/tally.ts';
import { printSteps } from '../reference/notation/print.ts';
import { type Judged, judgeAnswer } from '../src/findings/execution.ts';
import { generator } from '../src/programs/generate/index.ts';
import { agree } from '../src/targets/agreement.ts';
import { openAdapter } from '../src/targets/process/index.ts';
import { processorMs } from './clock.ts';

/** What it costs to test an adapter behind a pipe. Times are in microseconds per step. */
export interface WireFigures {
  readonly steps: number;
  /** Steps of a program, on average. */
  readonly length: number;
  /** Steps that are generated, sent, executed, read and judged in a second. */
  readonly stepsPerSecond: number;
  /** Processor time of the kit: in total, and for two of its parts. The rest is printing, sending and reading. */
  readonly kit: number;
  readonly generate: number;
  readonly judge: number;
  /** The adapter alone, reading from a file and writing to /dev/null. */
  readonly adapter: number;
}

/** Programs in a batch. One batch is generated while the adapter executes another. */
const PROGRAMS_PER_BATCH = 64;
/** Batches that are run first to warm up. */
const WARM_UP = 20;
/** Programs with which the adapter alone is measured. */
const SAMPLE = 4000;
const ADAPTER_SOURCE = fileURLToPath(new URL('../fixtures/adapters/c/adapter.c', import.meta.url));

/** Milliseconds that the adapter needs for some programs without the kit: the fastest of three rounds. */
function adapterAlone(adapter: string, folder: string, programs: readonly Program[]): number {
  const texts = programs.map((p, i) => `program ${i} cpus ${p.cpus} frames ${p.frames}\n${printSteps(p)}end ${i}\n`);
  const recorded = join(folder, 'programs');
  writeFileSync(recorded, `hello mmspec 1\n${texts.join('')}`);
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    const input = openSync(recorded, 'r');
    const started = performance.now();
    spawnSync(adapter, [], { stdio: [input, 'ignore', 'inherit'] });
    least = Math.min(least, performance.now() - started);
    closeSync(input);
  }
  return least;
}

/**
 * Tests the adapter in C through a pipe with `count` random programs of up to 4 pages per mapping. Needs a C compiler
 * (`cc`).
 */
export async function measureWire(count = 40_000): Promise<WireFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'mmspec-bench-'));
  const adapter = join(folder, 'adapter');
  execFileSync('cc', ['-std=c99', '-O2', '-o', adapter, ADAPTER_SOURCE]);
  const target = await openAdapter(`exec:${adapter}`);
  const { traits, terms } = agree(target.manifest);
  const draw = generator({ ...target.manifest, traits, cpus: 2, frames: 64, pages: 4 });
  const tally = new Tally();
  const spent = { generate: 0, judge: 0 };
  const timed = <T>(part: keyof typeof spent, work: () => T): T => {
    const started = processorMs();
    const result = work();
    spent[part] += processorMs() - started;
    return result;
  };
  const judgeBatch = async (answers: ReturnType<typeof target.run>): Promise<void> => {
    const received = await answers;
    const failed = timed('judge', () => received.map((answer) => judgeAnswer(answer, terms, tally))).find(
      ({ violation }: Judged) => violation,
    );
    if (failed) throw new Error(`the adapter in C broke ${failed.violation!.clause.id}`);
  };
  const runThrough = async (from: number, to: number): Promise<void> => {
    let before: Promise<void> | undefined;
    for (let at = from; at < to; at += PROGRAMS_PER_BATCH) {
      const programs = timed('generate', () => Array.from({ length: PROGRAMS_PER_BATCH }, (_, i) => draw(1, at + i)));
      const answers = target.run(programs);
      await before;
      before = judgeBatch(answers);
    }
    await before;
  };
  await runThrough(count, count + WARM_UP * PROGRAMS_PER_BATCH);
  tally.steps = spent.generate = spent.judge = 0;
  const started = performance.now();
  const before = processorMs();
  await runThrough(0, count);
  const took = performance.now() - started;
  const kit = ((processorMs() - before) * 1000) / tally.steps;
  await target.close();
  const { steps } = tally;
  const sample = Array.from({ length: Math.min(count, SAMPLE) }, (_, i) => draw(1, i));
  const sampledSteps = sample.reduce((sum, program) => sum + program.steps.length, 0);
  const alone = adapterAlone(adapter, folder, sample);
  rmSync(folder, { recursive: true });
  return {
    steps,
    length: steps / count,
    stepsPerSecond: (steps / took) * 1000,
    kit,
    generate: (spent.generate * 1000) / steps,
    judge: (spent.judge * 1000) / steps,
    adapter: (alone * 1000) / sampledSteps,
  };
}
