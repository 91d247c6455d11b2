import { type Command, CommanderError } from 'commander';
import { commandLineProgram } from '../../../src/cli/program.ts';
import { UsageError } from '../../../src/common/errors.ts';

/** Wrong inputs, and what the command line answers to each. */
export const WRONG_INPUTS: readonly (readonly string[])[] = [
  ['rnu'],
  ['run', '--programms', '5'],
  ['run', '--target', 'mutant:no-guard-pag'],
  ['run', '--target', 'mutant:nothing-like-it'],
  ['run', '--target', 'bookworm'],
  ['run', '--target', 'mutant:bookworm'],
  ['run', '--clause', 'ALAIS-1'],
  ['run', '--time', '10'],
  ['run', '--profile', 'linux-6'],
  ['run', '--traits', 'tlb=lasy'],
  ['run', '--report', 'jsno'],
  ['gate', '--require', 'goal stale-vew'],
  ['explore', '--alphabet', 'zapp'],
  ['linux', 'prepare', 'bookwrm'],
  ['init', 'adaptr'],
];

/** Lets a command and those below it pass what they print about errors to `write`. */
function redirect(command: Command, write: (text: string) => void): void {
  command.exitOverride().configureOutput({ writeErr: write });
  for (const child of command.commands) redirect(child, write);
}

/** What a command prints about wrong arguments. */
export async function answerTo(args: readonly string[]): Promise<string> {
  let printed = '';
  const program = await commandLineProgram(args);
  redirect(program, (text) => {
    printed += text;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof UsageError) return `error: ${error.message}`;
    if (error instanceof CommanderError && error.exitCode !== 0) return printed.trimEnd();
    throw error;
  }
  throw new Error(`mmspec ${args.join(' ')} is not a wrong input: it succeeded`);
}
