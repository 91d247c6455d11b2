import { Command } from 'commander';
import { unknownName } from '../common/names.ts';
import { VERSION } from '../common/package.ts';
import { commandLine } from '../common/shell.ts';

/** Adds a command. `everyCommand` makes the command line with all of them. */
type Register = (program: Command, everyCommand: () => Promise<Command>) => void;

/** A command, which is loaded only where it is needed. */
type Loaded = readonly [name: string, load: () => Promise<Register>];

/** The commands as `mmspec --help` groups them. */
const GROUPS: readonly (readonly [heading: string, commands: readonly Loaded[]])[] = [
  [
    'Test a target:',
    [
      ['run', async () => (await import('./commands/run.ts')).registerRun],
      ['gate', async () => (await import('./commands/gate.ts')).registerGate],
      ['watch', async () => (await import('./commands/watch.ts')).registerWatch],
      ['explore', async () => (await import('./commands/explore.ts')).registerExplore],
    ],
  ],
  [
    'Understand a failure:',
    [
      ['show', async () => (await import('./commands/show.ts')).registerShow],
      ['explain', async () => (await import('./commands/explain.ts')).registerExplain],
      ['shrink', async () => (await import('./commands/shrink.ts')).registerShrink],
      ['diff', async () => (await import('./commands/diff.ts')).registerDiff],
    ],
  ],
  [
    'Use saved programs and traces:',
    [
      ['replay', async () => (await import('./commands/replay.ts')).registerReplay],
      ['judge', async () => (await import('./commands/judge.ts')).registerJudge],
      ['export', async () => (await import('./commands/export.ts')).registerExport],
      ['bisect-helper', async () => (await import('./commands/bisect-helper.ts')).registerBisectHelper],
    ],
  ],
  [
    'Combine and compare reports:',
    [
      ['merge', async () => (await import('./commands/merge.ts')).registerMerge],
      ['expect', async () => (await import('./commands/expect.ts')).registerExpect],
    ],
  ],
  [
    'Set up a target:',
    [
      ['init', async () => (await import('./commands/init.ts')).registerInit],
      ['check-adapter', async () => (await import('./commands/check-adapter.ts')).registerCheckAdapter],
      ['linux', async () => (await import('./commands/linux.ts')).registerLinux],
      ['doctor', async () => (await import('./commands/doctor.ts')).registerDoctor],
    ],
  ],
  [
    'Look up:',
    [
      ['list', async () => (await import('./commands/list.ts')).registerList],
      ['contract', async () => (await import('./commands/contract.ts')).registerContract],
      ['completion', async () => (await import('./commands/completion.ts')).registerCompletion],
      ['traits', async () => (await import('./commands/traits.ts')).registerTraits],
    ],
  ],
];

const EXIT_CODES = `
Exit codes:
  0  everything that was asked for ran and held
  1  a clause is violated
  2  wrong usage, an empty selection, or a program that the target cannot run
  3  the target or mmspec failed outside a step: nothing is known
  4  nothing was exercised, or not everything that was asked for`;

const NAMES: readonly string[] = GROUPS.flatMap(([, commands]) => commands.map(([name]) => name));

/** The commands that are needed to answer the arguments: all of them, unless the arguments start with one. */
function neededFor(args: readonly string[]): (name: string) => boolean {
  const first = args[0];
  if (args.length === 1 && (first === '--version' || first === '-V')) return () => false;
  return first !== undefined && NAMES.includes(first) ? (name) => name === first : () => true;
}

/** Refuses `mmspec help NAME` for a command that does not exist: commander prints all commands without a reason. */
function checkHelp([first, name]: readonly string[]): void {
  if (first !== 'help' || name === undefined || name.startsWith('-') || [...NAMES, 'help'].includes(name)) return;
  throw unknownName(`unknown command ${name}`, name, NAMES, commandLine('--help'));
}

/** Lets errors of each command, and of the commands below it, say how to list the options of that command. */
function explainErrors(command: Command, path: string): void {
  for (const child of command.commands) {
    const whole = `${path} ${child.name()}`;
    child.exitOverride().showHelpAfterError(`(list its options with: ${whole} --help)`);
    explainErrors(child, whole);
  }
}

/**
 * The command line, with the commands that its arguments need.
 * @param args the arguments after the program's name. Without any, every command is registered.
 * @throws UsageError if the arguments ask for the help of a command that does not exist.
 */
export async function commandLineProgram(args: readonly string[] = []): Promise<Command> {
  checkHelp(args);
  const needed = neededFor(args);
  const program = new Command('mmspec')
    .description("a property-based conformance kit for Linux's vmap and page-frame mapping calls")
    .version(VERSION)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .showHelpAfterError('(list the options of a command with: mmspec COMMAND --help)')
    .exitOverride()
    .addHelpText('after', EXIT_CODES);
  for (const [heading, commands] of GROUPS) {
    program.commandsGroup(heading);
    for (const [name, load] of commands) if (needed(name)) (await load())(program, () => commandLineProgram());
  }
  const help = new Command('help').argument('[command]').description('print the options of a command');
  program.addHelpCommand(help.helpGroup('Look up:'));
  explainErrors(program, 'mmspec');
  return program;
}
