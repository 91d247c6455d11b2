import { fold } from '../../../reference/notation/fold.ts';
import { printTraceSteps } from '../../../reference/notation/print.ts';
import type { Finding } from '../../findings/finding.ts';

/** A line of a program with outcomes. */
export interface MarkedLine {
  readonly text: string;
  /** The line is that of the offending step. */
  readonly offending: boolean;
}

const mark = (text: string, { violation }: Finding): string => `${text}   # breaks ${violation.clause.id}`;

/** The program of a finding with its outcomes. `page`: the page size in bytes. */
export function markedLines(finding: Finding, page: number): MarkedLine[] {
  const { trace, violation } = finding;
  let step = -1;
  return printTraceSteps(trace, page)
    .trimEnd()
    .split('\n')
    .map((text) => {
      const isStep = text.startsWith('@');
      if (isStep) step++;
      const offending = isStep && step === violation.step;
      return { text: offending ? mark(text, finding) : text, offending };
    });
}

/**
 * The same with runs of similar steps on one line each, and the number of steps behind it: `x16`. The offending step and
 * the culprit have lines of their own. `page`: the page size in bytes.
 */
export function foldedLines(finding: Finding, page: number): MarkedLine[] {
  const { trace, violation, culprit } = finding;
  const apart = new Set([violation.step, culprit?.step ?? violation.step]);
  return fold(trace, page, apart).map(({ text, first, count }) => {
    const offending = count > 0 && first === violation.step;
    return { text: offending ? mark(text, finding) : text, offending };
  });
}
