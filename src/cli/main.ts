import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { UsageError } from '../common/errors.ts';
import { EXIT } from '../common/exit.ts';
import { VERSION } from '../common/package.ts';
import { TargetFailure } from '../targets/target.ts';
import { BISECT, registerBisectHelper } from './commands/bisect-helper.ts';
import { registerCheckAdapter } from './commands/check-adapter.ts';
import { registerContract } from './commands/contract.ts';
import { registerDiff } from './commands/diff.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerExpect } from './commands/expect.ts';
import { registerExplain } from './commands/explain.ts';
import { registerExplore } from './commands/explore.ts';
import { registerExport } from './commands/export.ts';
import { registerGate } from './commands/gate.ts';
import { registerJudge } from './commands/judge.ts';
import { registerLinux } from './commands/linux.ts';
import { registerList } from './commands/list.ts';
import { registerMerge } from './commands/merge.ts';
import { registerReplay } from './commands/replay.ts';
import { registerRun } from './commands/run.ts';
import { registerShow } from './commands/show.ts';
import { registerShrink } from './commands/shrink.ts';
import { registerTraits } from './commands/traits.ts';
import { tellFailure } from './conduct.ts';

/** The command line, with every command registered. */
export function commandLineProgram(): Command {
  const program = new Command('mmspec')
    .description("a property-based conformance kit for Linux's vmap and page-frame mapping calls")
    .version(VERSION)
    .showHelpAfterError('(mmspec COMMAND --help says what a command takes)')
    .exitOverride()
    .addHelpText(
      'after',
      `
Exit codes:
  0  everything asked for was run and held
  1  a clause is violated
  2  wrong usage, an empty selection, or a program that is undefined here
  3  the target or the kit failed outside a step: nothing is known
  4  nothing, or not what was asked for, could be exercised`,
    );
  registerRun(program);
  registerGate(program);
  registerExplore(program);
  registerExpect(program);
  registerMerge(program);
  registerBisectHelper(program);
  registerReplay(program);
  registerJudge(program);
  registerContract(program);
  registerList(program);
  registerLinux(program);
  registerDoctor(program);
  registerCheckAdapter(program);
  registerTraits(program);
  registerShow(program);
  registerShrink(program);
  registerExplain(program);
  registerDiff(program);
  registerExport(program);
  for (const command of program.commands)
    command.exitOverride().showHelpAfterError(`(mmspec ${command.name()} --help)`);
  return program;
}

function codeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.held : EXIT.usage;
  if (error instanceof UsageError) {
    process.stderr.write(`${pc.red('error:')} ${error.message}\n`);
    return EXIT.usage;
  }
  if (error instanceof TargetFailure) {
    tellFailure(error);
    return EXIT.failed;
  }
  process.stderr.write(`${pc.red('the kit failed:')} ${(error as Error).stack ?? String(error)}\n`);
  return EXIT.failed;
}

// Who reads standard output may have read enough: `mmspec ... | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? EXIT.failed);
});

try {
  await commandLineProgram().parseAsync();
} catch (error) {
  const code = codeOf(error);
  // git bisect would take wrong use, or a fault of the kit, for a bad commit.
  process.exitCode = code !== EXIT.held && process.argv[2] === 'bisect-helper' ? BISECT.abort : code;
}
