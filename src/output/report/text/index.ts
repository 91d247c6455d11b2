import { USUAL_COLUMNS } from '../../../common/terminal.ts';
import type { Report } from '../../../run/report/report.ts';
import { coverageText } from './coverage.ts';
import { findingsText } from './finding.ts';
import type { TextForm } from './form.ts';
import { neverEnteredText } from './functions.ts';
import { gateText } from './gate.ts';
import { heldText } from './held.ts';
import { runText } from './run.ts';
import { summaryText } from './summary.ts';
import { untestedText } from './untested.ts';

export type { TextForm } from './form.ts';

/**
 * A report as text for people: what ran, which clauses held, what was not tested, each finding, and as the last lines the
 * summary with the commands to type next.
 * @param form the usual text in lines of 100 characters by default.
 */
export function reportText(report: Report, form: Partial<TextForm> = {}): string {
  const { width = USUAL_COLUMNS, detail = 'usual' } = form;
  const made: TextForm = { width, detail };
  const summary = summaryText(report, made);
  if (detail === 'quiet') return `${summary}\n`;
  const parts = [
    runText(report, made),
    detail === 'verbose' ? coverageText(report.coverage, width) : heldText(report.coverage),
    gateText(report, made),
    untestedText(report, made),
    neverEnteredText(report, made),
    findingsText(report, made),
    summary,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
