import { join } from 'node:path';
import { print } from '../../reference/notation/document.ts';
import type { Header } from '../../reference/notation/header.ts';
import { commandLine } from '../common/shell.ts';
import { type Answer, TargetFailure } from '../targets/target.ts';
import { counterexampleName, counterexampleText, save, textHash } from './corpus.ts';
import type { Finding } from './finding.ts';

/** The path of the counterexample of a finding. */
export const counterexamplePath = ({ violation, trace }: Finding, folder: string): string =>
  join(folder, counterexampleName(violation.clause.id, trace));

/**
 * Saves a finding as a counterexample that can be replayed, with the log of a crashed target beside it.
 * @param opening the options of a command that opens the target: `--target SPEC` and more.
 * @returns the path of the counterexample.
 * @throws Error of the file system.
 */
export function keepFinding(finding: Finding, header: Header, opening: readonly string[], folder: string): string {
  const document = { kind: 'trace' as const, header, entries: [{ id: 1, trace: finding.trace }] };
  const notes = [`replay: ${commandLine('replay', 'FILE', ...opening)}`];
  const name = counterexampleName(finding.violation.clause.id, finding.trace);
  const { log = '' } = finding.trace as Answer;
  if (log !== '') save(folder, name.replace(/\.mm$/, '.log'), log);
  return save(folder, name, counterexampleText(document, finding.violation, notes));
}

/** The message, with its line break, that the counterexample of a finding could not be saved. */
export const notSaved = ({ violation: { clause } }: Finding, error: unknown): string =>
  `the counterexample of ${clause.id} could not be saved: ${(error as Error).message}\n`;

/**
 * Saves the programs that were running when a target failed, and its log. Returns an error that names the files; any
 * other error is returned as it is.
 */
export function saveRunning(error: unknown, folder: string): unknown {
  if (!(error instanceof TargetFailure) || error.programs.length === 0) return error;
  const [{ cpus, frames }] = error.programs;
  const text = print({
    kind: 'program',
    header: { traits: new Map(), cpus, frames, page: 4096, windows: new Map() },
    entries: error.programs.map((program, i) => ({ id: i + 1, trace: { program, outcomes: [] } })),
  });
  const name = `failed-${textHash(text)}`;
  // Not .mm: the next run replays all counterexamples of the folder first, and these programs are none.
  const where = (): string => {
    try {
      const file = save(folder, `${name}.txt`, text);
      const log = error.log === '' ? '' : `, and the target's output in ${save(folder, `${name}.log`, error.log)}`;
      return `the programs that were running are saved in ${file}${log}`;
    } catch (reason) {
      return `the programs that were running could not be saved (${(reason as Error).message}):\n${text}`;
    }
  };
  return new TargetFailure(`${error.message}\n${where()}`, { log: error.log, cause: error });
}
