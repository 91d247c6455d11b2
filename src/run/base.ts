import { UsageError } from '../common/errors.ts';
import { confirmed, type Finding } from '../findings/finding.ts';
import { sameFault } from '../findings/group.ts';
import { loadReport, reportFrom } from './report/read.ts';
import { isPart, type Report } from './report/report.ts';

/** Comparing a run with the report of the branch that a change is based on: only new violations fail. */

/**
 * The report of the base branch, and its file.
 *
 * @example
 * ```ts
 * import { type Base, compareWithBase, run } from 'mmspec';
 *
 * const base: Base = { file: 'base.json', report: await run({ target: 'embedded', budget: { programs: 200 } }) };
 * const report = await run({ target: 'embedded', budget: { programs: 200 } });
 * console.log(compareWithBase(report, base).base?.findings); // 0
 * ```
 */
export interface Base {
  readonly file: string;
  readonly report: Report;
}

/**
 * Reads the report of the base branch.
 * @throws UsageError as `loadReport`, or if it is the report of one shard of several.
 */
export function loadBase(file: string): Base {
  const report = reportFrom(loadReport(file), file);
  if (isPart(report))
    throw new UsageError(
      `${file} is the report of one shard of the base branch, so violations are missing; merge all shards with: mmspec merge REPORT... --report json:FILE`,
    );
  return { file, report };
}

/** The keys of a finding: its own, and those of its symptoms. */
const keysOf = ({ key, symptoms = [] }: Finding): readonly string[] => [key, ...symptoms.map((symptom) => symptom.key)];

/** Whether a finding shows the same fault as one of the base branch: in the same way, or by the same culprit. */
const matches = (finding: Finding, old: Finding): boolean =>
  keysOf(old).includes(finding.key) || keysOf(finding).includes(old.key) || sameFault(finding, old);

/**
 * Marks the violations that the base branch has too.
 * @throws UsageError if the base report is of another target.
 *
 * @example
 * ```ts
 * import { compareWithBase, exitCode, run } from 'mmspec';
 *
 * const base = await run({ target: 'mutant:zap-returns-zero', bail: true });
 * const report = await run({ target: 'mutant:zap-returns-zero', bail: true });
 * console.log(exitCode(report)); // 1
 * console.log(compareWithBase(report, { file: 'base.json', report: base }).findings[0].inBase); // ZAP-5 zap_vma_ptes number
 * ```
 */
export function compareWithBase(report: Report, { file, report: base }: Base): Report {
  if (base.target !== report.target)
    throw new UsageError(
      `${file} is the report of ${base.target}, but this run is of ${report.target}; give a report of the same target, as --report json:FILE writes it`,
    );
  const old = base.findings.filter(confirmed);
  const findings = report.findings.map((finding): Finding => {
    const same = confirmed(finding) ? old.find((one) => matches(finding, one)) : undefined;
    return same ? { ...finding, inBase: same.key } : finding;
  });
  const again = new Set(findings.map(({ inBase }) => inBase));
  const gone = old.filter((one) => !again.has(one.key)).map(({ key }) => key);
  return { ...report, findings, base: { file, name: base.name, seed: base.seed, findings: old.length, gone } };
}
