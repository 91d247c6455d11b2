import { spawn } from 'node:child_process';
import { ownedEnvironment } from './supervisor.ts';

/** A command failed. The message ends with the last lines of its output. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly output: string;

  constructor(command: readonly string[], how: string, output: string) {
    const lastLines = output.trim().split('\n').slice(-8).join('\n');
    super(`${command.slice(0, 3).join(' ')} ... ${how}${lastLines === '' ? '' : `:\n${lastLines}`}`);
    this.output = output;
  }
}

/**
 * Runs a command and waits for its end.
 * @returns its standard output, and with `both` its standard error, too.
 * @throws CommandFailure if it cannot be started, or if its exit code is not 0.
 */
export function runCommand(
  command: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly both?: boolean } = {},
): Promise<string> {
  const [file, ...args] = command;
  const { both, ...rest } = options;
  const env = ownedEnvironment(options.env);
  const child = spawn(file, args, { ...rest, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let error = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    error += chunk;
    if (both) out += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => reject(new CommandFailure(command, `could not be started (${cause.message})`, '')));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(out);
      else reject(new CommandFailure(command, signal ? `was killed by ${signal}` : `ended with ${code}`, error || out));
    });
  });
}
