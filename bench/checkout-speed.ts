import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BENCH_NODE_OPTIONS } from './checkout.ts';

/** The speed of any revision, measured by commands that all of them have. */

/** What a benchmark of 0.1 calls a line, where it has another name now. */
const OLD_NAMES: Readonly<Record<string, string>> = { 'the whole way': 'end to end' };
/** The line that ends the first section of every benchmark. */
const LAST_LINE = 'fc.commands';

/** Reads `  judge   0.280 us ...` from the output of a benchmark. */
export function parseLine(text: string): readonly [line: string, microseconds: number] | undefined {
  const match = /^ {2}([a-z. ]+?) +([\d.]+) us/.exec(text);
  return match ? [OLD_NAMES[match[1]] ?? match[1], Number(match[2])] : undefined;
}

/** The lines of the benchmark's first section, in microseconds per step. */
export async function benchLines(folder: string): Promise<ReadonlyMap<string, number>> {
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly scripts: { readonly bench: string };
  };
  const script = scripts.bench.split(' ').find((word) => word.endsWith('.ts'))!;
  const child = spawn(process.execPath, [...BENCH_NODE_OPTIONS, script], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = new Map<string, number>();
  for await (const text of createInterface({ input: child.stdout })) {
    const line = parseLine(text);
    if (line) lines.set(...line);
    if (line?.[0] === LAST_LINE) break;
  }
  child.kill();
  if (!lines.has(LAST_LINE)) throw new Error(`the benchmark in ${folder} printed no line ${LAST_LINE}`);
  return lines;
}

/** What a run of random programs takes by the clock, in microseconds per step, without the start of the command. */
export function runMicroseconds(folder: string, args: readonly string[]): number {
  const file = join(folder, 'speed.json');
  const run = ['run', '--report', 'json', '-o', file, '--corpus', join(folder, 'no-corpus'), ...args];
  execFileSync(process.execPath, [join(folder, 'bin/mmspec.mjs'), ...run], { cwd: folder, stdio: 'ignore' });
  const { steps, time } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly steps: number;
    readonly time: { readonly running: number };
  };
  rmSync(file);
  return (time.running * 1000) / steps;
}
