import { CLAUSES } from '../../../reference/contract.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import { VERSION } from '../../common/package.ts';
import { jsonText, oneLine, printable } from '../../common/printable.ts';
import { counterexampleName, textHash } from '../../findings/corpus.ts';
import { confirmed, type Finding } from '../../findings/finding.ts';
import { exitCode } from '../../run/report/exit-code.ts';
import { type Expected, missed, type Report, showing, stale } from '../../run/report/report.ts';
import { findingLines } from './cases.ts';
import { incompleteText, staleText } from './words.ts';

/** A text of a message, in which `[text](target)` would be a link. */
const plain = (text: string): string => printable(text).replaceAll('](', ']\\(');

const location = (uri: string, line: number): object => ({
  physicalLocation: {
    artifactLocation: {
      uri: encodeURI(oneLine(uri.replaceAll('\\', '/')).replaceAll('\\', '/')).replace(/[?#]/g, encodeURIComponent),
    },
    region: { startLine: Math.max(1, line) },
  },
});

function result(report: Report, finding: Finding): object {
  const { violation, trace } = finding;
  const { clause } = violation;
  const uri = finding.file ?? counterexampleName(clause.id, trace);
  return {
    ruleId: clause.id,
    ruleIndex: CLAUSES.indexOf(clause),
    level: finding.inBase !== undefined ? 'note' : confirmed(finding) ? 'error' : 'warning',
    ...(report.base ? { baselineState: finding.inBase === undefined ? 'new' : 'unchanged' } : {}),
    message: { text: plain(`${clause.id} is violated: ${clause.sentence}\n\n${findingLines(report, finding)}`) },
    locations: [location(uri, 1)],
    partialFingerprints: { 'mmspecProgram/v1': textHash(printSteps(trace.program)), 'mmspecKey/v1': finding.key },
  };
}

const expectedResult = ({ entry, file }: Expected): object => ({
  ruleId: entry.clause,
  level: 'note',
  message: { text: plain(`An expected divergence: ${entry.why}`) },
  locations: [location(file, entry.line)],
  partialFingerprints: { 'mmspecProgram/v1': entry.program },
  suppressions: [{ kind: 'external', justification: `${entry.bug} ${entry.why}` }],
});

const staleResult = (expected: Expected): object => ({
  ruleId: expected.entry.clause,
  level: 'error',
  message: { text: plain(`An expected divergence no longer shows: ${staleText(expected)}`) },
  locations: [location(expected.file, expected.entry.line)],
});

function missedResults(report: Report): object[] {
  return missed(report).map(({ kind, id, least, seen }) => ({
    ruleId: kind === 'clause' ? id : `${kind}.${id}`,
    level: 'error',
    message: { text: `Required ${kind} ${id} was exercised ${seen} times, ${least} required.` },
    locations: [location('mmspec.config', 1)],
  }));
}

/** A report in SARIF 2.1.0: a rule for each clause, a result for each violation; expected ones are suppressed. */
export function reportSarif(report: Report): string {
  const rules = CLAUSES.map((clause) => ({
    id: clause.id,
    shortDescription: { text: clause.sentence },
    help: { text: `Source: ${clause.source}` },
    properties: { level: clause.level, of: clause.of },
  }));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'mmspec', semanticVersion: VERSION, rules } },
        automationDetails: { id: `mmspec/${oneLine(report.target)}/` },
        invocations: [
          {
            executionSuccessful: !report.interrupted,
            exitCode: exitCode(report),
            ...(report.interrupted
              ? { toolExecutionNotifications: [{ level: 'warning', message: { text: incompleteText(report) } }] }
              : {}),
          },
        ],
        results: [
          ...report.findings.map((finding) => result(report, finding)),
          ...showing(report).map(expectedResult),
          ...stale(report).map(staleResult),
          ...missedResults(report),
        ],
        properties: { target: report.name, profile: report.profile, seed: report.seed },
      },
    ],
  };
  return `${jsonText(log, 2)}\n`;
}
