import type { Program } from '../../../reference/calls/valid.ts';
import type { Violation } from '../../../reference/clauses/violation.ts';
import { printLocation, printOutcome } from '../../../reference/notation/outcome.ts';
import { printSteps, printTraceSteps } from '../../../reference/notation/print.ts';
import { VERSION } from '../../common/package.ts';
import { textHash } from '../../findings/corpus.ts';
import { type Culprit, confirmed, type Finding, type Symptom } from '../../findings/finding.ts';
import { differences } from '../../targets/probes/explain.ts';
import { printEntry } from '../expect/file.ts';
import type {
  ClauseData,
  CulpritData,
  DifferenceData,
  ExpectedData,
  FindingData,
  ReportData,
  SymptomData,
} from './data.ts';
import { exitCode } from './exit-code.ts';
import { declaredTraits, type Expected, type Report } from './report.ts';
import { untested } from './untested.ts';

const hashOf = (program: Program): string => textHash(printSteps(program));

function clauseData({ coverage }: Report): ClauseData[] {
  return coverage.map((line) => ({
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
    needs: line.needs,
    ...(line.rare ? { rare: line.rare } : {}),
  }));
}

const seenData = ({ seen, left }: Violation, page: number): string => left?.join('; ') ?? printOutcome(seen, page);

const culpritData = ({ step, clause }: Culprit, { steps }: Program): CulpritData => ({
  step: step + 1,
  call: steps[step].call.name,
  clause: clause.id,
});

const symptomData = ({ key, violation, trace }: Symptom, page: number): SymptomData => ({
  key,
  clause: violation.clause.id,
  call: trace.program.steps[violation.step].call.name,
  step: violation.step + 1,
  allowed: violation.allowed,
  seen: seenData(violation, page),
  also: violation.also.map((clause) => clause.id),
  cpus: trace.program.cpus,
  frames: trace.program.frames,
  hash: hashOf(trace.program),
  trace: printTraceSteps(trace, page),
});

function findingData(report: Report, finding: Finding): FindingData {
  const { violation, trace } = finding;
  return {
    key: finding.key,
    clause: violation.clause.id,
    sentence: violation.clause.sentence,
    source: violation.clause.source,
    call: trace.program.steps[violation.step].call.name,
    cpus: trace.program.cpus,
    frames: trace.program.frames,
    program: printSteps(trace.program),
    hash: hashOf(trace.program),
    trace: printTraceSteps(trace, report.page),
    step: violation.step + 1,
    allowed: violation.allowed,
    seen: seenData(violation, report.page),
    also: violation.also.map((clause) => clause.id),
    ...(finding.culprit ? { culprit: culpritData(finding.culprit, trace.program) } : {}),
    symptoms: (finding.symptoms ?? []).map((symptom) => symptomData(symptom, report.page)),
    again: finding.again,
    rate: finding.rate,
    confirmed: confirmed(finding),
    ...(finding.before ? { before: finding.before.map(printSteps) } : {}),
    ...(finding.diagnosis ? { diagnosis: finding.diagnosis } : {}),
    ...(finding.code ? { code: finding.code } : {}),
    ...(finding.certificate ? { certificate: finding.certificate } : {}),
    ...(finding.inBase === undefined ? {} : { inBase: finding.inBase }),
    ...(finding.file ? { file: finding.file } : {}),
    shrink: { from: finding.originalSteps, to: trace.program.steps.length, executions: finding.executions },
    after: { programs: finding.afterPrograms, steps: finding.afterSteps },
  };
}

const differencesData = (report: Report): DifferenceData[] =>
  differences(declaredTraits(report)).map(({ drops, adds, ...difference }) => ({
    ...difference,
    givesUp: drops.map(({ id }) => id),
    adds: adds.map(({ id }) => id),
  }));

const expectedData = ({ entry, file, met, shown }: Expected): ExpectedData => ({
  file,
  line: entry.line,
  clause: entry.clause,
  program: entry.program,
  text: printEntry(entry),
  met,
  ...(shown ? { shown } : {}),
});

/** A report as plain data, as `schema/report.schema.json` describes it. Only `time` depends on a clock. */
export function reportJson(report: Report): ReportData {
  const windows = [...report.windows].map(([side, { start, end }]) => [
    side,
    { start: printLocation(start, 0, report.page), end: printLocation(end, 0, report.page) },
  ]);
  return {
    mmspec: VERSION,
    target: { spec: report.target, name: report.name },
    profile: report.profile,
    traits: report.declared,
    seed: report.seed,
    ...(report.seedFrom === undefined ? {} : { seedFrom: report.seedFrom }),
    ...(report.asked === undefined ? {} : { asked: report.asked }),
    ...(report.config === undefined ? {} : { config: report.config }),
    ...(report.shard ? { shard: report.shard } : {}),
    ...(report.base ? { base: report.base } : {}),
    cpus: report.cpus,
    targetCpus: report.targetCpus,
    wantedCpus: report.wantedCpus,
    ...(report.machine ? { machine: report.machine } : {}),
    scope: report.scope,
    frames: report.frames,
    page: report.page,
    windows: Object.fromEntries(windows),
    programs: report.programs,
    steps: report.steps,
    unknown: report.unknown,
    interrupted: report.interrupted,
    targetFailures: report.targetFailures,
    exit: exitCode(report),
    time: {
      milliseconds: Math.round(report.milliseconds),
      running: Math.round(report.running),
      stepsPerSecond: report.running > 0 ? Math.round((report.steps / report.running) * 1000) : 0,
    },
    phases: report.phases,
    clauses: clauseData(report),
    calls: report.calls,
    acrossCpus: report.acrossCpus,
    differences: differencesData(report),
    notes: report.notes,
    untested: untested(report),
    selected: report.selected.map((clause) => clause.id),
    unsupported: report.unsupported,
    goals: report.goals.map(({ goal, programs, missing }) => ({
      id: goal.id,
      sentence: goal.sentence,
      programs,
      missing,
    })),
    states: report.states.map(({ state, programs }) => ({ id: state.id, programs })),
    ...(report.functions ? { functions: report.functions } : {}),
    required: report.required.map((one) => ({ ...one, met: one.seen >= one.least })),
    expected: report.expected.map(expectedData),
    findings: report.findings.map((finding) => findingData(report, finding)),
  };
}
