import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command as CliCommand, CommanderError } from 'commander';
import { clausesMatching } from '../../reference/contract.ts';
import { commandLineProgram } from '../../src/cli/program.ts';
import { ALPHABETS } from '../../src/programs/enumerate/alphabets.ts';
import { mutant as mutantNamed } from '../../src/targets/embedded/index.ts';
import { listFaults } from '../../src/targets/linux/index.ts';
import type { Command } from './shell.ts';

/** Checks commands of documents against what exists: scripts of package.json, and the command line's own definition. */

/** A call of the command line, as its own parser understands it. */
export interface Parsed {
  /** `run`, `linux prepare` ... */
  readonly name: string;
  /** Positional arguments. */
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** A word that stands for something that the reader fills in: `FILE`, `SPEC`. */
const isPlaceholder = (word: string): boolean => /^[A-Z][A-Z0-9_-]*$/.test(word);

/** Lets every command record what it was given instead of doing it. */
function record(command: CliCommand, prefix: string, onCall: (parsed: Parsed) => void): void {
  command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
  for (const child of command.commands) {
    const name = `${prefix}${child.name()}`;
    record(child, `${name} `, onCall);
    // mmspec init does something of its own, although it has a command below it.
    if (child.commands.length === 0 || child.registeredArguments.length > 0)
      child.action(() => onCall({ name, operands: [...child.args], options: child.opts() }));
  }
}

/**
 * What the command line makes of its arguments.
 * @throws Error with the command line's own complaint.
 */
export async function parseArguments(args: readonly string[]): Promise<Parsed> {
  const program = await commandLineProgram();
  let parsed: Parsed | undefined;
  record(program, '', (call) => {
    parsed = call;
  });
  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    const asked = error instanceof CommanderError && error.exitCode === 0;
    if (!asked) throw error;
    return { name: args.join(' '), operands: [], options: {} };
  }
  if (!parsed) throw new Error(`mmspec ${args.join(' ')} names no command`);
  return parsed;
}

/** What is wrong with the values of options and arguments that name something of the kit. */
function wrongValue({ name, operands, options }: Parsed): string | undefined {
  const strings = (value: unknown): string[] => (value === undefined ? [] : [value].flat().map(String));
  for (const target of strings(options.target)) {
    const mutant = /^mutant:(.+)$/.exec(target)?.[1];
    if (mutant && !isPlaceholder(mutant) && mutantNamed(mutant) === undefined) return `there is no mutant ${mutant}`;
  }
  for (const fault of strings(options.fault))
    if (!isPlaceholder(fault) && !listFaults().some((known) => known.name === fault))
      return `there is no fault ${fault}`;
  for (const alphabet of strings(options.alphabet))
    if (!ALPHABETS.some((known) => known.name === alphabet)) return `there is no alphabet ${alphabet}`;
  for (const id of [...strings(options.clause), ...(name === 'contract' ? operands : [])])
    if (clausesMatching(id).length === 0) return `there is no clause ${id}`;
  return undefined;
}

/** The arguments of `mmspec` in a command; undefined where the command is another one. */
export function mmspecArguments({ words }: Command): string[] | undefined {
  const rest = words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word)));
  if (rest[0] === 'npx' && rest[1] === 'mmspec') return rest.slice(2);
  if (rest[0] === 'node' && rest[1] === 'bin/mmspec.mjs') return rest.slice(2);
  return rest[0] === 'mmspec' ? rest.slice(1) : undefined;
}

/** Complaints that do not count where the document names a command without all of its arguments. */
const INCOMPLETE = new Set([
  'commander.missingArgument',
  'commander.missingMandatoryOptionValue',
  'commander.optionMissingArgument',
]);

/** True where `...` stands for arguments that the document leaves out. */
const isAbridged = ({ words }: Command): boolean => words.includes('...');

/**
 * What is wrong with a command of a document; undefined where nothing is, or where the command is not one of the kit.
 * @param root the folder of the checkout.
 * @param complete whether arguments may not be left out.
 */
export async function problemWith(command: Command, root: string, complete = true): Promise<string | undefined> {
  const args = mmspecArguments(command);
  if (args) {
    try {
      return wrongValue(await parseArguments(args.filter((word) => word !== '...')));
    } catch (error) {
      const { code, message } = error as CommanderError;
      return INCOMPLETE.has(code) && (!complete || isAbridged(command)) ? undefined : message;
    }
  }
  const rest = command.words.slice(command.words.findIndex((word) => !/^[A-Z_]+=/.test(word)));
  if (rest[0] === 'npm') {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const words = rest.slice(1).filter((word) => !word.startsWith('-'));
    const script = words[0] === 'run' ? words[1] : words[0];
    const builtIn = words[0] !== 'run' && ['ci', 'install', 'pack'].includes(words[0]);
    return builtIn || script in scripts ? undefined : `package.json has no script ${script}`;
  }
  if (rest[0] === 'npx' && rest[1] === 'vitest') {
    const missing = rest.slice(2).filter((word) => word.includes('/') && !existsSync(join(root, word)));
    return missing.length > 0 ? `there is no ${missing.join(', ')}` : undefined;
  }
  return undefined;
}

/** Commands that end within a few seconds, if their target is one of this machine. */
const CHEAP = new Set([
  'check-adapter',
  'contract',
  'diff',
  'expect check',
  'explain',
  'explore',
  'export',
  'judge',
  'linux list',
  'list',
  'replay',
  'show',
  'shrink',
  'traits',
]);

/** True where the target runs in this process, or is an adapter of the folder. */
function isHere(target: string, folder: string): boolean {
  if (/^(embedded|mutant:)/.test(target)) return true;
  const words = /^exec:(.*)$/.exec(target)?.[1].split(' ') ?? [];
  return words.length > 0 && words.some((word) => word.includes('/') && existsSync(join(folder, word)));
}

/** True where a test can really run the command in the folder. */
export async function isCheap(command: Command, folder: string): Promise<boolean> {
  const args = mmspecArguments(command);
  if (!args || command.piped || isAbridged(command)) return false;
  const { name, operands, options } = await parseArguments(args);
  if (args.some((word) => word === '--help' || word === '--version')) return true;
  if (name === 'run')
    return options.dryRun === true || (options.programs !== undefined && isHere(String(options.target), folder));
  if (!CHEAP.has(name)) return false;
  if (name === 'list' || name === 'contract') return true;
  const targets = [options.target ?? [], options.infer ?? [], name === 'check-adapter' ? operands : []]
    .flat()
    .map(String);
  const files =
    name === 'check-adapter' ? [] : [...operands, ...[options.file ?? [], options.from ?? []].flat().map(String)];
  return targets.every((target) => isHere(target, folder)) && files.every((file) => existsSync(join(folder, file)));
}

/** The exit code that a comment announces: `# breaks ALIAS-1, exit 1`. */
export const expectedExit = ({ comment }: Command): number => Number(/\bexit (\d+)/.exec(comment)?.[1] ?? 0);
