import pc from 'picocolors';
import { printable } from '../common/printable.ts';
import { printError } from '../common/terminal.ts';
import type { TargetFailure } from '../targets/target.ts';

/** Lines of a target's output to show. */
const LOG_LINES = 20;

/** Prints to standard error why a target failed, with the end of its output. */
export function printFailure({ message, log }: TargetFailure): void {
  printError(`${pc.red('the target failed:')} ${printable(message)}\n`);
  if (log !== '') printError(`last lines of its output:\n${printable(log.split('\n').slice(-LOG_LINES).join('\n'))}\n`);
}
