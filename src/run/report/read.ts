import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Call } from '../../../reference/calls/call.ts';
import type { Clause } from '../../../reference/clauses/clause.ts';
import { LEAKS, WARNING } from '../../../reference/clauses/common.ts';
import { clauseById, VOCABULARY } from '../../../reference/contract.ts';
import { CLEAN_UP_WARNING, type Trace } from '../../../reference/judge/judge.ts';
import { NOTATION_VERSION, parse } from '../../../reference/notation/document.ts';
import { printHeader } from '../../../reference/notation/header.ts';
import { printOutcome } from '../../../reference/notation/outcome.ts';
import { UsageError } from '../../common/errors.ts';
import { PACKAGE_ROOT, VERSION } from '../../common/package.ts';
import { readText } from '../../common/read.ts';
import type { Finding, Symptom } from '../../findings/finding.ts';
import { GOALS } from '../../programs/states/goals.ts';
import { STATES } from '../../programs/states/vocabulary.ts';
import { parseExpectations } from '../expect/file.ts';
import type { FindingData, ReportData, SymptomData } from './data.ts';
import type { Report } from './report.ts';
import { problemOf, type Schema } from './schema.ts';

/** Release series whose reports this version reads, besides its own. */
const READABLE_SERIES = ['0.1'];

const seriesOf = (version: string): string => version.split('.').slice(0, 2).join('.');

function clauseOf(id: string): Clause {
  const clause = clauseById(id);
  if (!clause) throw new UsageError(`the report names clause ${id}, which mmspec ${VERSION} does not have`);
  return clause;
}

/** The index of a step whose number, from 1, a report gives. */
function stepAt(number: number, { outcomes }: Trace): number {
  if (number > outcomes.length) throw new UsageError(`step ${number} of a trace with ${outcomes.length} outcomes`);
  return number - 1;
}

/** The steps of a program or trace in a report, as a trace. */
function traceOf(text: string, { cpus, frames }: Pick<FindingData, 'cpus' | 'frames'>, page: number): Trace {
  const header = printHeader({ traits: new Map(), windows: new Map(), cpus, frames, page });
  const whole = `mmspec trace ${NOTATION_VERSION}\n${header}program 1\n${text}end 1\n`;
  const [entry, ...more] = parse<Call>(whole, VOCABULARY).entries;
  if (more.length > 0) throw new UsageError(`${more.length + 1} programs where one was expected`);
  return entry.trace;
}

/** Whether a warning was seen in the clean-up after the program, and not at its last step. */
export const isWarningOfCleanUp = ({ clause, seen }: Pick<SymptomData, 'clause' | 'seen'>): boolean =>
  clause === WARNING.id && seen.startsWith(CLEAN_UP_WARNING);

/** What a finding or a symptom of one breaks. */
function symptomOf(data: SymptomData, page: number): Symptom {
  const trace = traceOf(data.trace, data, page);
  const step = stepAt(data.step, trace);
  const clause = clauseOf(data.clause);
  // A step can also show it: `allocated_pages`.
  const isLeak = clause === LEAKS && data.seen !== printOutcome(trace.outcomes[step], page);
  const violation = {
    step,
    clause,
    also: data.also.map(clauseOf),
    allowed: data.allowed,
    seen: trace.outcomes[step],
    ...(isLeak || isWarningOfCleanUp(data) ? { left: [data.seen] } : {}),
  };
  return { key: data.key, violation, trace };
}

function findingOf(data: FindingData, page: number): Finding {
  const { culprit, symptoms = [] } = data;
  const shown = symptomOf(data, page);
  return {
    ...shown,
    ...(culprit ? { culprit: { step: stepAt(culprit.step, shown.trace), clause: clauseOf(culprit.clause) } } : {}),
    ...(symptoms.length > 0 ? { symptoms: symptoms.map((symptom) => symptomOf(symptom, page)) } : {}),
    originalSteps: data.shrink.from,
    afterPrograms: data.after.programs,
    afterSteps: data.after.steps,
    executions: data.shrink.executions,
    rate: data.rate,
    again: data.again,
    ...(data.before ? { before: data.before.map((text) => traceOf(text, data, page).program) } : {}),
    ...(data.diagnosis ? { diagnosis: data.diagnosis } : {}),
    ...(data.code ? { code: data.code } : {}),
    ...(data.certificate ? { certificate: data.certificate } : {}),
    ...(data.inBase === undefined ? {} : { inBase: data.inBase }),
    ...(data.file === undefined ? {} : { file: data.file }),
  };
}

/**
 * A report from its plain data, so that saved and merged reports can be used like new ones.
 * @throws UsageError naming the file, if the data contradict each other.
 */
export function reportFrom(data: ReportData, path = 'the report'): Report {
  try {
    return reportOf(data);
  } catch (error) {
    throw new UsageError(`${path} is not a complete report: ${(error as Error).message}`);
  }
}

function reportOf(data: ReportData): Report {
  const at = (text: string): number => Number(BigInt(text) / BigInt(data.page));
  return {
    target: data.target.spec,
    name: data.target.name,
    profile: data.profile,
    declared: data.traits,
    seed: data.seed,
    ...(data.seedFrom === undefined ? {} : { seedFrom: data.seedFrom }),
    ...(data.asked === undefined ? {} : { asked: data.asked }),
    ...(data.config === undefined ? {} : { config: data.config }),
    ...(data.shard ? { shard: data.shard } : {}),
    ...(data.base ? { base: data.base } : {}),
    cpus: data.cpus,
    // Reports of version 0.1 do not say how each call was tested, so only their clauses are judged.
    targetCpus: data.targetCpus ?? data.cpus,
    wantedCpus: data.wantedCpus ?? data.cpus,
    ...(data.machine ? { machine: data.machine } : {}),
    scope: data.scope ?? 'programs',
    calls: data.calls ?? [],
    acrossCpus: data.acrossCpus ?? 0,
    notes: data.notes ?? [],
    frames: data.frames,
    page: data.page,
    windows: new Map(
      Object.entries(data.windows).map(([side, { start, end }]) => [
        side as 'kernel' | 'user',
        { start: at(start), end: at(end) },
      ]),
    ),
    programs: data.programs,
    steps: data.steps,
    unknown: data.unknown,
    milliseconds: data.time.milliseconds,
    running: data.time.running,
    interrupted: data.interrupted,
    targetFailures: data.targetFailures ?? 0,
    coverage: data.clauses.map(({ id, status, upheld, violated, unarmed, exercised, missing, needs = [], rare }) => ({
      clause: clauseOf(id),
      status,
      upheld,
      violated,
      unarmed,
      exercised,
      missing,
      needs,
      rare,
    })),
    unsupported: data.unsupported,
    findings: data.findings.map((finding) => findingOf(finding, data.page)),
    selected: data.selected.map(clauseOf),
    phases: data.phases,
    goals: data.goals.map(({ id, sentence, programs, missing }) => ({
      goal: GOALS.find((goal) => goal.id === id) ?? { id, sentence, calls: [] },
      programs,
      missing,
    })),
    states: (data.states ?? []).map(({ id, programs }) => ({
      state: STATES.find((state) => state.id === id) ?? { id, sentence: id, calls: [] },
      programs,
    })),
    ...(data.functions ? { functions: data.functions } : {}),
    required: data.required.map(({ met: _, ...one }) => one),
    expected: data.expected.map(({ file, line, text, met, shown }) => ({
      file,
      met,
      entry: { ...parseExpectations(text, file)[0], line },
      ...(shown ? { shown } : {}),
    })),
  };
}

const readSchema = (): Schema =>
  JSON.parse(readFileSync(join(PACKAGE_ROOT, 'schema/report.schema.json'), 'utf8')) as Schema;

/** What to do without a report. */
const WRITE_ONE = 'write a report with: npx mmspec gate --report json:FILE';

/**
 * Reads a JSON report.
 * @throws UsageError when the file is no report, or one of a version that cannot be read.
 */
export function loadReport(path: string): ReportData {
  const text = readText(path);
  let data: Partial<ReportData> | null;
  try {
    data = JSON.parse(text) as ReportData;
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}; ${WRITE_ONE}`);
  }
  if (data === null || typeof data !== 'object' || typeof data.mmspec !== 'string' || !Array.isArray(data.clauses))
    throw new UsageError(`${path} is not a report of mmspec; ${WRITE_ONE}`);
  const readable = [...new Set([...READABLE_SERIES, seriesOf(VERSION)])];
  if (!readable.includes(seriesOf(data.mmspec)))
    throw new UsageError(
      `${path} was written by mmspec ${data.mmspec}; mmspec ${VERSION} reads reports of ${readable.join(', ')}`,
    );
  const problem = problemOf(data, readSchema());
  if (problem !== undefined) throw new UsageError(`${path} is not a complete report: ${problem}`);
  return data as ReportData;
}
