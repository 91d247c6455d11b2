import { type Wanted, writeReports } from '../output/report/reporters.ts';
import { exitCode } from '../run/report/exit-code.ts';
import type { Report } from '../run/report/report.ts';

/**
 * Writes the reports of a run. The exit code is set before, so that a violation counts although a report cannot be
 * written.
 * @param shown the violations were already printed to standard output.
 * @returns the exit code.
 * @throws UsageError or WriteFailure as `writeReports`.
 */
export async function endWithReports(report: Report, wanted: readonly Wanted[], shown = false): Promise<number> {
  const code = exitCode(report);
  process.exitCode = code;
  await writeReports(report, wanted, shown);
  return code;
}
