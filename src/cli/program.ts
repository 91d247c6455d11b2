import { Command } from 'commander';
import { VERSION } from '../common/package.ts';
import { registerBisectHelper } from './commands/bisect-helper.ts';
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
