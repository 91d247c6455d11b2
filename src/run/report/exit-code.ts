import { EXIT } from '../../common/exit.ts';
import { unchecked } from '../../findings/finding.ts';
import { type Report, stale, violations } from './report.ts';
import { untested } from './untested.ts';

/**
 * The exit code of the command line for a report: 0 held, 1 violated, 3 the target failed outside a step, 4 something that
 * was asked for could not be exercised. Code 0 needs evidence; `untested` lists what is missing.
 *
 * @example
 * ```ts
 * import { exitCode, run } from 'mmspec';
 *
 * const report = await run({ target: 'mutant:zap-returns-zero', bail: true });
 * console.log(exitCode(report)); // 1
 * ```
 */
export function exitCode(report: Report): number {
  if (violations(report).length > 0 || stale(report).length > 0) return EXIT.violated;
  if (report.targetFailures > 0 || report.findings.some(unchecked)) return EXIT.failed;
  if (untested(report).some(({ required }) => required)) return EXIT.untested;
  return report.interrupted ? EXIT.untested : EXIT.held;
}
