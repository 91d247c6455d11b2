import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The result of a command. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the standard error so far whenever more arrives. May send signals. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Variables that would change what the kit does, such as those of CI systems. */
const REMOVED_VARIABLES = /^(CI_NODE|JOB_COMPLETION|SLURM_|GITHUB_|MMSPEC_)/;

/** Width of reports: wide enough for most lines that tests look for. */
const COLUMNS = '120';

/** Runs a command, and waits for its end. */
export function command(program: string, args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(([name]) => !REMOVED_VARIABLES.test(name));
  const child = spawn(program, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...Object.fromEntries(inherited), NO_COLOR: '1', COLUMNS, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    options.onStderr?.(stderr, (signal) => child.kill(signal));
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs the command line of the checkout. */
export const mmspec = (args: readonly string[], options: CommandOptions = {}): Promise<Ended> =>
  command(process.execPath, [join(ROOT, 'bin/mmspec.mjs'), ...args], options);

const folders: string[] = [];

/** An empty folder, which is removed when the process exits. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mmspec-test-'));
  folders.push(path);
  return path;
}

process.once('exit', () => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});
