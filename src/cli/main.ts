import { CommanderError } from 'commander';
import pc from 'picocolors';
import { UsageError } from '../common/errors.ts';
import { EXIT } from '../common/exit.ts';
import { TargetFailure } from '../targets/target.ts';
import { BISECT } from './commands/bisect-helper.ts';
import { printFailure } from './failure.ts';
import { commandLineProgram } from './program.ts';

function codeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.held : EXIT.usage;
  if (error instanceof UsageError) {
    process.stderr.write(`${pc.red('error:')} ${error.message}\n`);
    return EXIT.usage;
  }
  if (error instanceof TargetFailure) {
    printFailure(error);
    return EXIT.failed;
  }
  process.stderr.write(`${pc.red('mmspec failed:')} ${(error as Error).stack ?? String(error)}\n`);
  return EXIT.failed;
}

// A reader such as `head` may close standard output early.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? EXIT.failed);
});

try {
  await commandLineProgram().parseAsync();
} catch (error) {
  const code = codeOf(error);
  // git bisect would take the usual exit codes of wrong usage and of failures for a bad commit.
  process.exitCode = code !== EXIT.held && process.argv[2] === 'bisect-helper' ? BISECT.abort : code;
}
