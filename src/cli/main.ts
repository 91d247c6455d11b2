import { CommanderError } from 'commander';
import pc from 'picocolors';
import { UnjudgedTrace, UsageError, WriteFailure } from '../common/errors.ts';
import { BISECT, EXIT } from '../common/exit.ts';
import { Stopped } from '../common/stopped.ts';
import { printError } from '../common/terminal.ts';
import { TargetFailure } from '../targets/target.ts';
import { printFailure } from './failure.ts';
import { endAfterOutput, guardOutput } from './output.ts';
import { commandLineProgram } from './program.ts';

function codeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.held : EXIT.usage;
  if (error instanceof UsageError) {
    printError(`${pc.red('error:')} ${error.message}\n`);
    return EXIT.usage;
  }
  if (error instanceof WriteFailure || error instanceof UnjudgedTrace) {
    printError(`${pc.red('error:')} ${error.message}\n`);
    return EXIT.failed;
  }
  if (error instanceof TargetFailure) {
    printFailure(error);
    return EXIT.failed;
  }
  if (error instanceof Stopped) {
    printError(`${error.message}\n`);
    return EXIT.untested;
  }
  printError(`${pc.red('mmspec failed:')} ${(error as Error)?.stack ?? String(error)}\n`);
  return EXIT.failed;
}

/** git bisect would take the usual exit codes of wrong usage and of failures for a bad commit. */
const failedAs = (code: number): number =>
  code !== EXIT.held && process.argv[2] === 'bisect-helper' ? BISECT.abort : code;

// Node would exit with 1, which means that a clause is violated.
process.on('uncaughtException', (error) => process.exit(failedAs(codeOf(error))));
process.on('unhandledRejection', (error) => process.exit(failedAs(codeOf(error))));
guardOutput(failedAs);

try {
  await (await commandLineProgram(process.argv.slice(2))).parseAsync();
} catch (error) {
  const code = failedAs(codeOf(error));
  // A violation that was found counts, whatever failed after it.
  if (process.exitCode !== EXIT.violated) process.exitCode = code;
}
await endAfterOutput();
