import { EXIT } from '../common/exit.ts';
import { printError } from '../common/terminal.ts';

/** Standard output and standard error of the command line: what to do when they cannot be written. */

/** How long the output that is still buffered may take at the end, in milliseconds, for a reader that does not read. */
const MAX_FLUSH_MS = 5000;

/**
 * Ends the command with a code of its own when standard output cannot be written: a full disk, or a reader such as `head`
 * that closed it. Trouble with standard error is ignored, as there is no better place to report it.
 * @param failedAs turns the exit code of a failure into the one that this command uses for failures.
 */
export function guardOutput(failedAs: (code: number) => number): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') printError(`standard output cannot be written: ${message}\n`);
    process.exit(process.exitCode ?? failedAs(EXIT.failed));
  });
  process.stderr.on('error', () => {});
}

const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    stream.write('', () => resolve());
  });

/** Ends the process once its output is written, whatever a target or a timer still does. */
export async function endAfterOutput(): Promise<void> {
  const late = new Promise<void>((resolve) => {
    setTimeout(resolve, MAX_FLUSH_MS).unref();
  });
  await Promise.race([Promise.all([flushed(process.stdout), flushed(process.stderr)]), late]);
  process.exit();
}
