import { findInvalid, type Program } from '../../reference/calls/valid.ts';
import { Known } from '../../reference/model/known.ts';
import { type Header, print } from '../../reference/notation/document.ts';
import { commandLine } from '../common/shell.ts';
import type { Agreement } from '../targets/agreement.ts';
import type { OpenTarget } from '../targets/open.ts';
import { type Answer, TargetFailure } from '../targets/target.ts';
import { counterexampleName, counterexampleText, loadCorpus, save, textHash } from './corpus.ts';
import type { Finding } from './finding.ts';

/** True where the target has what the program needs, and every step of it is defined there. */
export function fits(program: Program, { manifest }: OpenTarget, agreement: Agreement): boolean {
  if (program.cpus > manifest.cpus || program.frames > manifest.frames) return false;
  if (program.steps.length > manifest.steps) return false;
  if (program.blocks.length > 0 && !manifest.can.has('parallel')) return false;
  return !findInvalid(program, new Known(agreement.traits, program.cpus, program.frames, manifest.page));
}

/** Saved programs that are valid on this target; the others are another target's. */
export const savedPrograms = (folder: string, target: OpenTarget, agreement: Agreement): Program[] =>
  loadCorpus(folder)
    .flatMap(({ document }) => document.entries.map(({ trace }) => trace.program))
    .filter((program) => fits(program, target, agreement));

/**
 * Saves a finding as a counterexample that replays, and beside it what a target said that crashed; tells where. `spec`:
 * the target, as on the command line.
 */
export function keepFinding(finding: Finding, header: Header, spec: string, folder: string): string {
  const document = { kind: 'trace' as const, header, entries: [{ id: 1, trace: finding.trace }] };
  const notes = [`replay: ${commandLine('replay', 'FILE', '--target', spec)}`];
  const name = counterexampleName(finding.violation.clause.id, finding.trace);
  const { log = '' } = finding.trace as Answer;
  if (log !== '') save(folder, name.replace(/\.mm$/, '.log'), log);
  return save(folder, name, counterexampleText(document, finding.violation, notes));
}

/** Nothing is lost: what was running when the target failed, and what it said, is saved and named. */
export function saveRunning(error: unknown, folder: string): unknown {
  if (!(error instanceof TargetFailure) || error.programs.length === 0) return error;
  const [{ cpus, frames }] = error.programs;
  const text = print({
    kind: 'program',
    header: { traits: new Map(), cpus, frames, page: 4096, windows: new Map() },
    entries: error.programs.map((program, i) => ({ id: i + 1, trace: { program, outcomes: [] } })),
  });
  const name = `failed-${textHash(text)}`;
  // Not among the counterexamples, which the next run begins with.
  const file = save(folder, `${name}.txt`, text);
  const log = error.log === '' ? '' : `, what the target said in ${save(folder, `${name}.log`, error.log)}`;
  return new TargetFailure(`${error.message}\nwhat was running is saved in ${file}${log}`, {
    log: error.log,
    cause: error,
  });
}
