import { basename } from 'node:path';
import { commandLine } from '../../common/shell.ts';
import type { Finding } from '../../findings/finding.ts';
import { opening, type Report } from '../../run/report/report.ts';
import { canTryMore } from './words.ts';

/** The commands to go on with after a finding; `FILE` stands for its counterexample if that was not saved. */
export interface NextCommands {
  readonly replay: string;
  readonly explain: string;
  readonly export: string;
  /** Tries more programs to certify the counterexample; undefined if that would not help. */
  readonly shrink?: string;
}

/** The command that runs the counterexample of a finding again. */
export const replayCommand = (report: Report, { file = 'FILE' }: Finding): string =>
  commandLine('replay', file, ...opening(report));

/** What to type next after a finding. On Linux the export is a kernel module, elsewhere a program in C. */
export function nextCommands(report: Report, finding: Finding): NextCommands {
  const { file = 'FILE' } = finding;
  const target = opening(report);
  const name = basename(file, '.mm');
  const form = report.target.startsWith('linux:') ? 'kmod' : 'c';
  return {
    replay: replayCommand(report, finding),
    explain: commandLine('explain', file, ...target),
    export: commandLine('export', file, '--as', form, '-o', `${name}.c`),
    ...(canTryMore(finding) ? { shrink: commandLine('shrink', file, ...target) } : {}),
  };
}
