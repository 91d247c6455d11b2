import type { Report } from '../../../run/report/report.ts';
import { coverageText } from './coverage.ts';
import { findingsText } from './finding.ts';
import { neverEnteredText } from './functions.ts';
import { gateText } from './gate.ts';
import { summaryText } from './summary.ts';
import { untestedText } from './untested.ts';

/** A report as text for people. `shown`: the violations were printed when they were found, and are left out. */
export function reportText(report: Report, shown = false): string {
  const findings = shown ? '' : findingsText(report);
  return `${findings}${coverageText(report.coverage)}\n\n${gateText(report)}${untestedText(report)}${neverEnteredText(report)}${summaryText(report)}\n`;
}
