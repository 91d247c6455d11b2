import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { folder, ROOT } from '../support/cli.ts';
import { until } from '../support/processes.ts';
import { BEHAVIOURS, BUDGET_MS, MAX_MEMORY } from './behaviours.ts';

/** Each hostile behaviour against each promise: the command line runs as users run it, in a process of its own. */

const HOSTILE = fileURLToPath(new URL('hostile.mjs', import.meta.url));
const MMSPEC = join(ROOT, 'bin/mmspec.mjs');

/** How much longer than its budget a run may take. On a busy machine the start of the kit counts too, as measured. */
const MARGIN_MS = 2000;
let startMs = 0;

const readOr = (path: string, otherwise: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
};

/** Processes that have a variable with this value in their environment. */
const marked = (mark: string): string[] =>
  readdirSync('/proc').filter((name) => /^\d+$/.test(name) && readOr(`/proc/${name}/environ`, '').includes(mark));

/** Runs the kit, and watches it. */
function runKit(args: readonly string[], cwd: string) {
  const mark = randomUUID();
  const env = { ...process.env, NO_COLOR: '1', FIRE_MARK: mark };
  const from = performance.now();
  const child = spawn(process.execPath, [MMSPEC, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let memory = 0;
  const look = setInterval(() => {
    const peak = /VmHWM:\s+(\d+) kB/.exec(readOr(`/proc/${child.pid}/status`, ''))?.[1];
    memory = Math.max(memory, Number(peak ?? 0) * 1024);
  }, 20);
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  const ended = new Promise<{ code: number | null; output: string; memory: number; milliseconds: number }>(
    (resolve) => {
      child.on('close', (code) => {
        clearInterval(look);
        resolve({ code, output, memory, milliseconds: performance.now() - from });
      });
    },
  );
  return { child, mark, ended };
}

beforeAll(async () => {
  const { milliseconds } = await runKit(['list', 'profiles'], ROOT).ended;
  startMs = milliseconds;
});

describe.each(BEHAVIOURS)('$name', ({ name, after = 3, says, exit, saves }) => {
  test('every promise holds', async () => {
    const cwd = folder();
    const target = `exec:${process.execPath} '${HOSTILE}' ${name} ${after}`;
    const { mark, ended } = runKit(['run', '--target', target, '--time', `${BUDGET_MS}ms`, '--seed', '1'], cwd);
    const { code, output, memory, milliseconds } = await ended;
    expect(output).toContain(says);
    expect(exit, output).toContain(code);
    expect(output).not.toContain('\u001b');
    const files = readdirSync(cwd, { recursive: true }).join('\n');
    if (saves === 'counterexample') expect(files).toMatch(/\.mm$/m);
    if (saves === 'programs') expect(files).toMatch(/failed-.*\.txt$/m);
    expect(memory).toBeLessThan(MAX_MEMORY);
    expect(milliseconds).toBeLessThan(BUDGET_MS + MARGIN_MS + 4 * startMs);
    await until(() => marked(mark).length === 0);
  });
});
