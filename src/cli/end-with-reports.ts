import { type Wanted, writeReports } from '../output/report/reporters.ts';
import { exitCode } from '../run/report/exit-code.ts';
import type { Report } from '../run/report/report.ts';
import { type DetailOptions, textForm } from './detail.ts';

/**
 * Writes the reports of a run. The exit code is set before, so that a violation counts although a report cannot be
 * written.
 * @returns the exit code.
 * @throws UsageError or WriteFailure as `writeReports`.
 */
export async function endWithReports(
  report: Report,
  wanted: readonly Wanted[],
  options: DetailOptions = {},
): Promise<number> {
  const code = exitCode(report);
  process.exitCode = code;
  await writeReports(report, wanted, textForm(options));
  return code;
}
