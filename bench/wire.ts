import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Program } from '../reference/calls/valid.ts';
import { Tally } from '../reference/clauses/tally.ts';
import { judge, type Trace } from '../reference/judge/judge.ts';
import { printSteps } from '../reference/notation/print.ts';
import { generator } from '../src/programs/generate/index.ts';
import { agree } from '../src/targets/agreement.ts';
import { openAdapter } from '../src/targets/process/index.ts';

/** What a run through a wire costs; times in microseconds a step. */
export interface WireFigures {
  readonly steps: number;
  /** Mean length of a program, in steps. */
  readonly length: number;
  /** Generated, sent, executed, read and judged. */
  readonly stepsPerSecond: number;
  /** Processor time of the kit: all of it, and these parts of it; the rest is the wire itself. */
  readonly kit: number;
  readonly generate: number;
  readonly judge: number;
  /** The adapter alone, from a file to nowhere. */
  readonly adapter: number;
}

const BATCH = 64;
const adapterSource = fileURLToPath(new URL('../fixtures/adapters/c/adapter.c', import.meta.url));

/** Processor time of this process so far, in milliseconds. */
function used(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** How long the adapter takes for the same programs with nobody at the other end, in milliseconds; best of three. */
function bare(adapter: string, folder: string, programs: readonly Program[]): number {
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
 * Runs random programs of up to 4 pages a step through stdio, on the adapter in C, 64 programs in flight, and judges
 * them. The kit makes the next batch while the adapter executes the one before.
 * @param count programs.
 */
export async function measureWire(count = 40_000): Promise<WireFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'mmspec-bench-'));
  const adapter = join(folder, 'adapter');
  execFileSync('cc', ['-std=c99', '-O2', '-o', adapter, adapterSource]);
  const target = await openAdapter(`exec:${adapter}`);
  const { traits, terms } = agree(target.manifest);
  const draw = generator({ ...target.manifest, traits, cpus: 2, frames: 64, pages: 4 });
  const tally = new Tally();
  const spent = { generate: 0, judge: 0 };
  const timed = <T>(part: keyof typeof spent, work: () => T): T => {
    const started = used();
    const result = work();
    spent[part] += used() - started;
    return result;
  };
  const finish = async (batch: Promise<readonly unknown[]>): Promise<void> => {
    const traces = (await batch) as readonly Trace[];
    timed('judge', () => {
      for (const trace of traces) {
        const violation = judge(trace, terms, tally);
        if (violation) throw new Error(`the adapter in C broke ${violation.clause.id}`);
      }
    });
  };
  const through = async (from: number, to: number): Promise<void> => {
    let before: Promise<void> | undefined;
    for (let at = from; at < to; at += BATCH) {
      const programs = timed('generate', () => Array.from({ length: BATCH }, (_, i) => draw(1, at + i)));
      const batch = target.run(programs);
      await before;
      before = finish(batch);
    }
    await before;
  };
  await through(count, count + 20 * BATCH);
  tally.steps = spent.generate = spent.judge = 0;
  const started = performance.now();
  const before = used();
  await through(0, count);
  const took = performance.now() - started;
  const kit = ((used() - before) * 1000) / tally.steps;
  await target.close();
  const { steps } = tally;
  const sample = Array.from({ length: Math.min(count, 4000) }, (_, i) => draw(1, i));
  const sampled = sample.reduce((sum, program) => sum + program.steps.length, 0);
  const alone = bare(adapter, folder, sample);
  rmSync(folder, { recursive: true });
  return {
    steps,
    length: steps / count,
    stepsPerSecond: (steps / took) * 1000,
    kit,
    generate: (spent.generate * 1000) / steps,
    judge: (spent.judge * 1000) / steps,
    adapter: (alone * 1000) / sampled,
  };
}

/** The figures as lines of text. */
export function printWire({ steps, length, stepsPerSecond, kit, generate, judge, adapter }: WireFigures): string {
  const us = (value: number) => `${value.toFixed(2)} us a step`;
  const share = (100 * kit) / (kit + adapter);
  return [
    `through stdio, adapter in C, ${BATCH} programs in flight, up to 4 pages a step, ${length.toFixed(0)} steps a program:`,
    `  ${Math.round(stepsPerSecond).toLocaleString('en-US')} steps/s generated, executed and judged (${steps} steps)`,
    `  kit      ${us(kit)} of processor time, ${share.toFixed(0)}% of all`,
    `           generate ${us(generate)}, judge ${us(judge)}, print, send and read ${us(kit - generate - judge)}`,
    `  adapter  ${us(adapter)} alone`,
    '',
  ].join('\n');
}
