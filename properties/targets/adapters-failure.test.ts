import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Call } from '../../reference/calls/call.ts';
import { failAfter } from '../../reference/calls/observe/fail_after.ts';
import type { Program } from '../../reference/calls/valid.ts';
import { Tally } from '../../reference/clauses/tally.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { judge } from '../../reference/judge/judge.ts';
import { parse } from '../../reference/notation/document.ts';
import { callsOf, optionsFor } from '../../src/programs/generate/options.ts';
import { SequentialGenerator } from '../../src/programs/generate/sequential.ts';
import { agree } from '../../src/targets/agreement.ts';
import { openAdapter } from '../../src/targets/process/index.ts';
import type { WireTarget } from '../../src/targets/wire/target.ts';
import { adapterFile, answersOf } from '../support/wire.ts';

const folder = mkdtempSync(join(tmpdir(), 'mmspec-failure-'));
const targets: Record<string, WireTarget> = {};

const vocabulary: ReadonlyMap<string, Call> = new Map([...VOCABULARY, [failAfter.name, failAfter]]);
const programOf = (...steps: string[]): Program =>
  parse(`mmspec program 1\ncpus 2\nframes 64\n${steps.join('\n')}\n`, vocabulary).entries[0].trace.program as Program;

beforeAll(async () => {
  for (const [name, ...flags] of [['right'], ['wrong', '-DFAULT_NO_ROLLBACK']] as const) {
    execFileSync('cc', ['-std=c99', '-O2', ...flags, '-o', join(folder, name), adapterFile('c/adapter.c')]);
    targets[name] = await openAdapter(`exec:${join(folder, name)}`);
  }
});
afterAll(async () => {
  await Promise.all(Object.values(targets).map((target) => target.close()));
  rmSync(folder, { recursive: true });
});

/** Fails each allocation of a call in turn, until the call gets through; the traces, the last one without a failure. */
async function eachFailure(target: WireTarget, call: string) {
  const traces = [];
  for (let k = 0; ; k++) {
    const [trace] = await target.run([
      programOf(`@0 fail_after ${k}`, `@0 a0 = ${call}`, '@0 page_count f0', '@0 a1 = vmap f0', '@1 read a1'),
    ]);
    traces.push(trace);
    if (trace.outcomes[1].kind === 'address') return traces;
  }
}

test.each([
  ['vmap f0..f40', 4],
  ['vmap f0..f40 flags=put_pages', 4],
  ['vm_map_ram f0..f40', 4],
  ['vmalloc 0x8000', 8],
])('every allocation of %s can fail, and nothing is left of it', async (call, least) => {
  const traces = await eachFailure(targets.right, call);
  expect(traces.length).toBeGreaterThan(least);
  for (const trace of traces.slice(0, -1)) {
    expect(answersOf(trace).slice(1, 3)).toEqual(['null', '0']);
    expect(answersOf(trace)[4]).toBe('f0');
    expect(trace.leaks).toBeUndefined();
  }
});

test('what a failed call leaves behind is told as a leak', async () => {
  const traces = await eachFailure(targets.wrong, 'vmap f0..f40');
  const leaks = traces.map((trace) => trace.leaks);
  // Without its first allocation the call has made nothing yet.
  expect(leaks[0]).toBeUndefined();
  expect(leaks[1]).toEqual(['42 pages of addresses']);
  expect(leaks.at(-1)).toBeUndefined();
});

test('random programs with failures hold, and fail', async () => {
  const { manifest } = targets.right;
  const { traits, terms } = agree(manifest);
  const calls = [...new Set([...callsOf(manifest), failAfter])];
  const generator = new SequentialGenerator(optionsFor(manifest, traits, { calls, steps: 100, pages: 40 }));
  const programs = Array.from({ length: 400 }, (_, index) => generator.program(7, index));
  const traces = await targets.right.run(programs);
  const tally = new Tally();
  for (const trace of traces) expect(judge(trace as Parameters<typeof judge>[0], terms, tally)).toBeUndefined();
  const failed = traces.filter((trace) => trace.outcomes.some((outcome) => outcome.kind === 'null')).length;
  expect(failed).toBeGreaterThan(20);
  expect(traces.flatMap((trace) => trace.leaks ?? [])).toEqual([]);
});
