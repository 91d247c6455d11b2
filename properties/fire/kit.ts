import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../support/cli.ts';

/** Runs the command line in a process of its own, as users do, and watches it. */

const HOSTILE = fileURLToPath(new URL('hostile.mjs', import.meta.url));

/** The command of a target that does harm: see hostile.mjs. */
export const hostile = (behaviour: string, after: number): string =>
  `${process.execPath} '${HOSTILE}' ${behaviour} ${after}`;

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}

/** Processes that have this text in their environment: those that a run of the kit started. */
export const marked = (mark: string): string[] =>
  readdirSync('/proc').filter((name) => /^\d+$/.test(name) && readOr(`/proc/${name}/environ`, '').includes(mark));

export interface KitEnd {
  readonly code: number | null;
  readonly output: string;
  /** The most memory that the kit used, in bytes. */
  readonly memory: number;
  readonly milliseconds: number;
  /** How long the kit could have run, but had to wait for a core, in milliseconds. Part of `milliseconds`. */
  readonly waited: number;
}

/** Starts the kit. All processes that it starts have `mark` in their environment. */
export function runKit(
  args: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>> = {},
  nodeOptions: readonly string[] = [],
) {
  const mark = randomUUID();
  const env = { ...process.env, NO_COLOR: '1', ...variables, FIRE_MARK: mark };
  const from = performance.now();
  const child = spawn(process.execPath, [...nodeOptions, join(ROOT, 'bin/mmspec.mjs'), ...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let memory = 0;
  // How long the first thread has waited for a core, in milliseconds. The scheduler counts it.
  let queued = 0;
  const waited = (): number => {
    const nanoseconds = readOr(`/proc/${child.pid}/schedstat`, '').split(' ')[1] ?? 0;
    queued = Math.max(queued, Number(nanoseconds) / 1e6);
    return queued;
  };
  const look = setInterval(() => {
    waited();
    const peak = /VmHWM:\s+(\d+) kB/.exec(readOr(`/proc/${child.pid}/status`, ''))?.[1];
    memory = Math.max(memory, Number(peak ?? 0) * 1024);
  }, 20);
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  const ended = new Promise<KitEnd>((resolve) => {
    child.on('close', (code) => {
      clearInterval(look);
      resolve({ code, output, memory, milliseconds: performance.now() - from, waited: queued });
    });
  });
  return { child, mark, ended, output: () => output, waited };
}

/** How much longer than its limit a run may take, besides its start. */
export const MARGIN_MS = 2000;

/** How long the kit takes to start on this machine now, in milliseconds. */
export const startTime = async (): Promise<number> => (await runKit(['list', 'profiles'], ROOT).ended).milliseconds;
