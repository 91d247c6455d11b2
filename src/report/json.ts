import { printOutcome } from '../../reference/notation/outcome.ts';
import { printSteps, printTraceSteps } from '../../reference/notation/print.ts';
import { textHash } from '../campaign/corpus.ts';
import { VERSION } from '../version.ts';
import { exitCode, type Report } from './report.ts';

/** A report as plain data; the shape is what `schema/report.schema.json` describes. */
export function reportJson(report: Report): object {
  return {
    mmspec: VERSION,
    target: { spec: report.target, name: report.name },
    profile: report.profile,
    traits: report.declared,
    seed: report.seed,
    cpus: report.cpus,
    frames: report.frames,
    programs: report.programs,
    steps: report.steps,
    interrupted: report.interrupted,
    exit: exitCode(report),
    time: {
      milliseconds: Math.round(report.milliseconds),
      stepsPerSecond: report.running > 0 ? Math.round((report.steps / report.running) * 1000) : 0,
    },
    clauses: report.coverage.map((line) => ({
      id: line.clause.id,
      level: line.clause.level,
      of: line.clause.of,
      sentence: line.clause.sentence,
      source: line.clause.source,
      status: line.status,
      exercised: line.exercised,
      upheld: line.upheld,
      violated: line.violated,
      unarmed: line.unarmed,
      missing: line.missing,
    })),
    unsupported: report.unsupported,
    findings: report.findings.map((finding) => ({
      key: finding.key,
      clause: finding.violation.clause.id,
      sentence: finding.violation.clause.sentence,
      source: finding.violation.clause.source,
      program: printSteps(finding.trace.program),
      hash: textHash(printSteps(finding.trace.program)),
      trace: printTraceSteps(finding.trace, report.page),
      step: finding.violation.step + 1,
      allowed: finding.violation.allowed,
      seen: printOutcome(finding.violation.seen, report.page),
      also: finding.violation.also.map((clause) => clause.id),
      again: finding.again,
      rate: finding.rate,
      ...(finding.diagnosis ? { diagnosis: finding.diagnosis } : {}),
      ...(finding.file ? { file: finding.file } : {}),
      shrink: { from: finding.originalSteps, to: finding.trace.program.steps.length, executions: finding.executions },
      after: { programs: finding.afterPrograms, steps: finding.afterSteps },
    })),
  };
}
