import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { LineSplitter } from '../wire/lines.ts';
import type { Link } from '../wire/link.ts';
import { BoundedLog } from '../wire/log.ts';
import { ownedEnvironment } from './supervisor.ts';

/** Children that are running. They are killed when this process exits. */
const living = new Set<ChildProcess>();

/** Kills a child and all processes that it started: it leads a process group of its own. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}

process.on('exit', () => {
  for (const child of living) killGroup(child);
});

/** Whether a file exists and may be executed. A folder may not. */
function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

const onPath = (name: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => executable(join(folder, name)));

/**
 * Checks that a command can be started, because the error of `setpriv` would not say what is missing.
 * @param program the first word of the command: a path, or a name to look up in PATH.
 * @throws Error with the reason.
 */
export function checkProgram(program: string): void {
  if (!program.includes(sep)) {
    if (!onPath(program)) throw new Error(`there is no program ${program} in PATH`);
  } else if (!existsSync(program)) throw new Error(`there is no file ${program}; build the adapter first`);
  else if (!executable(program)) throw new Error(`${program} is no executable file`);
}

let setpriv: boolean | undefined;

/** Wraps a command so that it dies with this process, even on SIGKILL. Unchanged if setpriv is not installed. */
function dyingWithUs(command: readonly string[]): string[] {
  setpriv ??= process.platform === 'linux' && onPath('setpriv');
  return setpriv ? ['setpriv', '--pdeathsig', 'KILL', '--', ...command] : [...command];
}

/** How a process ended, in words. */
function ending(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ? `killed by ${signal}` : `exited with code ${code}`;
}

/** Options of `spawn` that callers may set. */
export interface ChildOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Starts a command that speaks the wire protocol over its standard input and output. Its standard error is the log.
 * @param command the words of the command, the program first.
 */
export function startChild(command: readonly string[], options: ChildOptions = {}): Link {
  const [file, ...args] = dyingWithUs(command);
  const child = spawn(file, args, {
    ...options,
    env: ownedEnvironment(options.env),
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const log = new BoundedLog();
  const lines = new LineSplitter(
    (line) => log.add(line),
    (start, bytes) => log.add(`${start}... (a line of ${bytes} bytes)`),
  );
  living.add(child);
  child.stderr.on('data', (chunk: Buffer) => lines.push(chunk));
  child.stderr.on('error', () => {});
  const ended = new Promise<string>((resolve) => {
    let how = '';
    child.on('error', (error) => {
      living.delete(child);
      resolve(`${command[0]} could not be started: ${error.message}`);
    });
    child.on('exit', (code, signal) => {
      how = ending(code, signal);
      // Processes that it left behind would keep the pipes open and disturb the next target.
      killGroup(child);
      living.delete(child);
    });
    // `close` comes after the pipes are read to their ends, so no output is lost.
    child.on('close', () => {
      if (lines.rest !== '') log.add(lines.rest);
      resolve(how);
    });
  });
  return {
    from: child.stdout,
    to: child.stdin,
    ended,
    log: () => log.text,
    async kill() {
      killGroup(child);
      // A process that left the group may still hold a pipe.
      child.stdin.destroy();
      child.stdout.destroy();
      child.stderr.destroy();
      await ended;
    },
  };
}
