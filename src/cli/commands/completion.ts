import type { Command, Option } from 'commander';
import { CLAUSES } from '../../../reference/contract.ts';
import { PROFILES } from '../../../reference/profiles/profiles.ts';
import { unknownName } from '../../common/names.ts';
import { quoted } from '../../common/shell.ts';
import { printFormat } from '../../common/terminal.ts';
import { EXPORTS } from '../../output/export/index.ts';
import { REPORT_KINDS } from '../../output/report/reporters.ts';
import { ALPHABETS } from '../../programs/enumerate/alphabets.ts';
import { ARCH_NAMES, flavoursOf } from '../../targets/linux/arch/index.ts';
import { SUITES } from '../../targets/linux/prepare/suites.ts';
import { LIST_KINDS } from './list.ts';

/** A word that can be completed, with what it is for. */
interface Word {
  readonly word: string;
  readonly about: string;
}

/** What can follow a command: its subcommands, its options, and the values of its first argument. */
interface Completion {
  /** The words that name the command: `linux prepare`; '' for the program itself. */
  readonly path: string;
  readonly words: readonly Word[];
  /** The values of its options, by option; options with other values are missing. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

const named = (all: readonly { readonly name: string }[]): string[] => all.map(({ name }) => name);

/** What `mmspec completion` takes. */
const SHELL_NAMES = ['bash', 'zsh', 'fish'];

/** The values of options and arguments that name something of the kit. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  '--alphabet': named(ALPHABETS),
  '--arch': ARCH_NAMES,
  '--flavour': [...new Set(ARCH_NAMES.flatMap(flavoursOf))],
  '--as': [...EXPORTS.keys()],
  '--clause': CLAUSES.map(({ id }) => id),
  '--profile': named(PROFILES),
  '--report': REPORT_KINDS,
  id: CLAUSES.map(({ id }) => id),
  kind: LIST_KINDS,
  shell: SHELL_NAMES,
  suite: named(SUITES),
};

const firstSentence = (text: string): string => text.split(/[.;\n]/)[0];

const optionWords = (option: Option): Word[] =>
  option.long ? [{ word: option.long, about: firstSentence(option.description) }] : [];

/** The completions of a command and of all commands below it. */
function completionsOf(command: Command, path: string): Completion[] {
  const visible = command.createHelp().visibleCommands(command);
  const options = command.createHelp().visibleOptions(command);
  const first = command.registeredArguments[0]?.name() ?? '';
  const words = [
    ...visible.map((child) => ({ word: child.name(), about: firstSentence(child.summary() || child.description()) })),
    ...(VALUES[first] ?? []).map((word) => ({ word, about: '' })),
    ...options.flatMap(optionWords),
  ];
  const values = new Map(options.flatMap(({ long }) => (long && VALUES[long] ? [[long, VALUES[long]] as const] : [])));
  const below = command.commands.flatMap((child) => completionsOf(child, `${path} ${child.name()}`.trim()));
  return [{ path, words, values }, ...below];
}

/** Sets `path` to the words of the command line that are commands, so that options between them do not matter. */
const pathOf = (paths: readonly string[], words: string): string =>
  `  local path= word
  for word in ${words}; do
    case "\${path:+$path }$word" in
      ${paths.map(quoted).join('|')}) path="\${path:+$path }$word" ;;
    esac
  done`;

/** For each option with known values, the shell command that replaces what can follow. */
const valueCases = (all: readonly Completion[], replace: (values: readonly string[]) => string): string =>
  all
    .flatMap(({ path, values }) =>
      [...values].map(([option, known]) => `    ${quoted(`${path} ${option}`)}) ${replace(known)} ;;`),
    )
    .join('\n');

const bash = (all: readonly Completion[]): string => `# Completion of mmspec for bash: source this file, or put it into
# ~/.local/share/bash-completion/completions/mmspec.
_mmspec() {
${pathOf(pathsOf(all), `"\${COMP_WORDS[@]:1:COMP_CWORD-1}"`)}
  local words=
  case "$path" in
${all.map(({ path, words }) => `    ${quoted(path)}) words=${quoted(words.map(({ word }) => word).join(' '))} ;;`).join('\n')}
  esac
  case "$path \${COMP_WORDS[COMP_CWORD-1]}" in
${valueCases(all, (values) => `words=${quoted(values.join(' '))}`)}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _mmspec mmspec
`;

const zshWord = ({ word, about }: Word): string => quoted(`${word.replaceAll(':', '\\:')}:${about}`);

const zsh = (all: readonly Completion[]): string => `#compdef mmspec
# Completion of mmspec for zsh: put this file into a folder of $fpath, as _mmspec.
_mmspec() {
${pathOf(pathsOf(all), `"\${(@)words[2,CURRENT-1]}"`)}
  local -a candidates
  case "$path" in
${all.map(({ path, words }) => `    ${quoted(path)}) candidates=(${words.map(zshWord).join(' ')}) ;;`).join('\n')}
  esac
  case "$path $words[CURRENT-1]" in
${valueCases(all, (values) => `candidates=(${values.map(quoted).join(' ')})`)}
  esac
  _describe mmspec candidates || _files
}
_mmspec "$@"
`;

function fishLines({ path, words, values }: Completion): string[] {
  const names = path.split(' ');
  const here =
    path === '' ? '__fish_use_subcommand' : names.map((name) => `__fish_seen_subcommand_from ${name}`).join('; and ');
  return words.map(({ word, about }) => {
    const known = values.get(word);
    const following = known ? ` -x -a ${quoted(known.join(' '))}` : '';
    const what = word.startsWith('--') ? `-l ${word.slice(2)}${following}` : `-a ${word}`;
    return `complete -c mmspec -n ${quoted(here)} ${what}${about === '' ? '' : ` -d ${quoted(about)}`}`;
  });
}

const fish = (all: readonly Completion[]): string => `# Completion of mmspec for fish: put this file into
# ~/.config/fish/completions/mmspec.fish.
${all.flatMap(fishLines).join('\n')}
`;

const pathsOf = (all: readonly Completion[]): string[] => all.map(({ path }) => path).filter((path) => path !== '');

const SHELLS: Readonly<Record<string, (all: readonly Completion[]) => string>> = { bash, zsh, fish };

/**
 * Registers `mmspec completion`.
 * @param everyCommand the command line with every command registered.
 */
export function registerCompletion(program: Command, everyCommand: () => Promise<Command>): void {
  program
    .command('completion')
    .description('print a script that completes the command line in a shell')
    .argument('<shell>', `one of ${SHELL_NAMES.join(', ')}`)
    .action(async (shell: string) => {
      const write = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
      if (!write) throw unknownName(`unknown shell ${shell}`, shell, SHELL_NAMES);
      printFormat(write(completionsOf(await everyCommand(), '')));
    });
}
