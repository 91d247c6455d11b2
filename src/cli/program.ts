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

type Register = (program: Command) => void;

/** The commands as `mmspec --help` groups them. */
const GROUPS: readonly (readonly [heading: string, commands: readonly Register[]])[] = [
  ['Test a target:', [registerRun, registerGate, registerExplore]],
  ['Understand a failure:', [registerShow, registerExplain, registerShrink, registerDiff]],
  ['Use saved programs and traces:', [registerReplay, registerJudge, registerExport, registerBisectHelper]],
  ['Combine and compare reports:', [registerMerge, registerExpect]],
  ['Set up a target:', [registerCheckAdapter, registerLinux, registerDoctor]],
  ['Look up:', [registerList, registerContract, registerTraits]],
];

const EXIT_CODES = `
Exit codes:
  0  everything that was asked for ran and held
  1  a clause is violated
  2  wrong usage, an empty selection, or a program that the target cannot run
  3  the target or mmspec failed outside a step: nothing is known
  4  nothing was exercised, or not everything that was asked for`;

/** The command line, with every command registered. */
export function commandLineProgram(): Command {
  const program = new Command('mmspec')
    .description("a property-based conformance kit for Linux's vmap and page-frame mapping calls")
    .version(VERSION)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .showHelpAfterError('(list the options of a command with: mmspec COMMAND --help)')
    .exitOverride()
    .addHelpText('after', EXIT_CODES);
  for (const [heading, commands] of GROUPS) {
    program.commandsGroup(heading);
    for (const register of commands) register(program);
  }
  const help = new Command('help').argument('[command]').description('print the options of a command');
  program.addHelpCommand(help.helpGroup('Look up:'));
  for (const command of program.commands)
    command.exitOverride().showHelpAfterError(`(list its options with: mmspec ${command.name()} --help)`);
  return program;
}
