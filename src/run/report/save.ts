import type { Finding } from '../../findings/finding.ts';
import { keepFinding } from '../../findings/keep.ts';
import { opening, type Report } from './report.ts';

/** Saves a counterexample of a report; returns its path. */
export function saveFinding(report: Report, finding: Finding, folder: string): string {
  const { name, profile, declared, page, windows } = report;
  const { cpus, frames } = finding.trace.program;
  const traits = new Map(declared.map((word) => word.split('=', 2) as [string, string]));
  return keepFinding(finding, { target: name, profile, traits, cpus, frames, page, windows }, opening(report), folder);
}
