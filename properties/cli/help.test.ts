import { expect, test } from 'vitest';
import { commandLineProgram } from '../../src/cli/program.ts';
import { mmspec } from '../support/cli.ts';

const program = await commandLineProgram();
const help = program.createHelp();
/** The lines of the help between a heading and the next blank line. */
const section = (heading: string): string[] => {
  const lines = program.helpInformation().split('\n');
  const start = lines.indexOf(heading) + 1;
  expect(start).toBeGreaterThan(0);
  return lines.slice(start, lines.indexOf('', start));
};

/** Columns of a terminal. */
const COLUMNS = 80;

test('mmspec --help groups every command under a heading, with one line for each', () => {
  const headings = [
    'Test a target:',
    'Understand a failure:',
    'Use saved programs and traces:',
    'Combine and compare reports:',
    'Set up a target:',
    'Look up:',
  ];
  const names = headings.flatMap(section).map((line) => line.trim().split(/\s+/)[0]);
  expect(names.toSorted()).toEqual([...program.commands.map((command) => command.name()), 'help'].toSorted());
  expect(new Set(names).size).toBe(names.length);
});

test.each(program.commands.map((command) => [command.name(), command] as const))(
  'the line of %s says what it does in few words',
  (name, command) => {
    const summary = help.subcommandDescription(command);
    expect(summary).toMatch(/^[a-z].*[^.]$/);
    expect(`  ${name.padEnd(15)}${summary}`.length).toBeLessThanOrEqual(COLUMNS);
  },
);

test('the commands that newcomers confuse have lines that tell them apart', () => {
  const lines = section('Understand a failure:').map((line) => line.trim().split(/\s{2,}/));
  expect(Object.fromEntries(lines)).toMatchObject({
    show: 'draw what each CPU can reach, step by step',
    explain: 'say which steps, CPUs and arguments of a failure matter',
  });
});

test('the help of a command that does not exist is an error that names those that exist', async () => {
  await expect(commandLineProgram(['help', 'rnu'])).rejects.toThrow(/unknown command rnu; did you mean run\?/);
  await commandLineProgram(['help', 'run']);
});

test.each(['init adapter', 'linux prepare', 'run'])('an error of %s names the help of that command', async (path) => {
  const { code, stderr } = await mmspec([...path.split(' '), '--no-such-option']);
  expect(code).toBe(2);
  expect(stderr).toContain(`(list its options with: mmspec ${path} --help)`);
});
