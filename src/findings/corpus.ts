import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Call } from '../../reference/calls/call.ts';
import type { Program } from '../../reference/calls/valid.ts';
import type { Violation } from '../../reference/clauses/violation.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import type { Trace } from '../../reference/judge/judge.ts';
import { type Document, parse, print } from '../../reference/notation/document.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { NotationError } from '../../reference/notation/scanner.ts';
import { UsageError } from '../common/errors.ts';
import { writeWhole } from '../common/files.ts';
import { unknownName } from '../common/names.ts';
import { readText } from '../common/read.ts';
import { commandLine } from '../common/shell.ts';
import { printError } from '../common/terminal.ts';

/** The default folder of saved counterexamples, relative to the working folder. */
export const CORPUS = '.mmspec/counterexamples';

/** A short hash of a program's text, the same on every machine. */
export const textHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** The file name of a counterexample: clause and hash. */
export const counterexampleName = (clause: string, trace: Trace): string =>
  `${clause}-${textHash(printSteps(trace.program))}.mm`;

/** The text of a saved counterexample: a trace with comments that say what it shows. */
export function counterexampleText(document: Document, violation: Violation, notes: readonly string[]): string {
  const [first, ...rest] = print(document).split('\n');
  const comments = [
    `${violation.clause.id}: ${violation.clause.sentence}`,
    `source: ${violation.clause.source}`,
    `step ${violation.step + 1}: allowed ${violation.allowed}`,
    ...notes,
  ];
  // A specification or a promise may hold line breaks.
  const lines = comments.flatMap((text) => text.split(/[\r\n\u2028\u2029]+/));
  return [first, ...lines.map((line) => `# ${line}`), ...rest].join('\n');
}

/**
 * Writes a file into a folder, which is created if necessary: see `writeWhole`.
 * @returns its path.
 * @throws Error of the file system.
 */
export function save(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeWhole(path, text);
  return path;
}

/** A document of the notation, and its file. */
export interface Loaded {
  readonly path: string;
  readonly document: Document<Call>;
}

/**
 * Reads and parses a file of the notation; `-` is standard input.
 * @throws UsageError naming the file, and the line with the error.
 */
export function load(path: string): Loaded {
  const text = readText(path);
  try {
    return { path, document: parse(text, VOCABULARY) };
  } catch (error) {
    throw unknownCall(path, text, error) ?? new UsageError(`${path}, ${(error as Error).message}`);
  }
}

/** The error for a text that names a call that does not exist; undefined for any other error. */
function unknownCall(path: string, text: string, error: unknown): UsageError | undefined {
  if (!(error instanceof NotationError) || !error.expected.startsWith('a call (')) return undefined;
  const { line, column } = error;
  const [word = ''] = /^\S*/.exec(text.split('\n')[line - 1].slice(column - 1)) ?? [];
  const what = `${path}, line ${line}, column ${column}: unknown call ${word}`;
  return word === '' ? undefined : unknownName(what, word, [...VOCABULARY.keys()], commandLine('list', 'calls'));
}

/**
 * Reads a file that holds exactly one program.
 * @throws UsageError when it holds none, or several.
 */
export function loadOne(path: string) {
  const { document } = load(path);
  const { entries } = document;
  if (entries.length === 0) throw new UsageError(`${path} has no steps; expected one program`);
  if (entries.length > 1)
    throw new UsageError(`${path} has ${entries.length} programs, expected one: move the others to other files`);
  return { document, trace: entries[0].trace };
}

/**
 * Refuses a file in the place of a folder of saved programs.
 * @throws UsageError when the path exists and is no folder.
 */
export function refuseFile(folder: string): void {
  if (!existsSync(folder) || statSync(folder).isDirectory()) return;
  throw new UsageError(`${folder} is a file; expected a folder. Run a single file with: mmspec replay ${folder}`);
}

/**
 * All documents of a folder, sorted by name; none when the folder does not exist. A file that cannot be read is skipped.
 * @param onBad called with why a file was skipped; prints it to standard error by default.
 * @throws UsageError when the folder is a file.
 */
export function loadCorpus(
  folder: string,
  onBad: (why: string) => void = (why) => printError(`skipped ${why}\n`),
): Loaded[] {
  if (!existsSync(folder)) return [];
  refuseFile(folder);
  const names = readdirSync(folder).filter((name) => name.endsWith('.mm'));
  return names.sort().flatMap((name) => {
    try {
      return [load(join(folder, name))];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      onBad(error.message);
      return [];
    }
  });
}

/** The saved programs of a folder, in the order of their files. */
export const corpusPrograms = (folder: string): Program[] =>
  loadCorpus(folder).flatMap(({ document }) => document.entries.map(({ trace }) => trace.program));
