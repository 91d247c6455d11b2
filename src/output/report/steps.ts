import { printTraceSteps } from '../../../reference/notation/print.ts';
import type { Finding } from '../../findings/finding.ts';

/** A line of a program with outcomes. */
export interface MarkedLine {
  readonly text: string;
  /** The line is that of the offending step. */
  readonly offending: boolean;
}

/** The program of a finding with its outcomes. `page`: the page size in bytes. */
export function markedLines({ trace, violation }: Finding, page: number): MarkedLine[] {
  let step = -1;
  return printTraceSteps(trace, page)
    .trimEnd()
    .split('\n')
    .map((text) => {
      const isStep = text.startsWith('@');
      if (isStep) step++;
      const offending = isStep && step === violation.step;
      return { text: offending ? `${text}   # breaks ${violation.clause.id}` : text, offending };
    });
}
