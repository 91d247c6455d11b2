import { oneLine } from '../../common/printable.ts';
import { confirmed, type Finding, quotedClause, shows } from '../../findings/finding.ts';
import type { Coverage } from '../../run/report/coverage.ts';
import { type Expected, missed, type Report, showing, stale } from '../../run/report/report.ts';
import { untested, whyUntested } from '../../run/report/untested.ts';
import { stopsText } from '../../targets/course.ts';
import { replayCommand } from './next.ts';
import { markedLines } from './steps.ts';
import {
  culpritText,
  incompleteText,
  leftText,
  openText,
  rateText,
  seenText,
  staleText,
  symptomText,
} from './words.ts';

/** How a test case ended; `expected`: it failed as a listed divergence says; `inherited`: as it does in the base branch. */
export type Ending = 'passed' | 'failed' | 'skipped' | 'expected' | 'inherited' | 'error';

/** A report as test cases. Ids depend on the contract alone, not on seeds, programs or what was found. */
export interface Case {
  readonly id: string;
  readonly group: 'contract' | 'goal' | 'expected' | 'run';
  /** The sentence that it tests. */
  readonly title: string;
  readonly ending: Ending;
  /** One line: why it did not pass. */
  readonly message: string;
  /** Further lines, such as the counterexample. */
  readonly detail: string;
  /** Saved counterexamples. */
  readonly files: readonly string[];
}

/** The groups of cases, in order, and the names of their suites. */
export const GROUPS: readonly (readonly [Case['group'], string])[] = [
  ['contract', 'mmspec.contract'],
  ['goal', 'mmspec.goals'],
  ['expected', 'mmspec.expected'],
  ['run', 'mmspec.run'],
];

/** A counterexample in plain text, the offending step marked. */
export function findingLines(report: Report, finding: Finding): string {
  const { violation } = finding;
  const culprit = culpritText(finding);
  const stops = stopsText(finding.trace.program);
  return [
    ...markedLines(finding, report.page).map(({ text }) => text),
    `allowed: ${oneLine(violation.allowed)}`,
    `seen: ${seenText(violation, report.page)}`,
    ...(culprit === undefined ? [] : [`culprit: ${culprit}`]),
    ...(stops === '' ? [] : [`schedule: ${stops}`]),
    ...(finding.symptoms ?? []).map((symptom) => `symptom: ${symptomText(symptom, report.page)}`),
    `source: ${quotedClause(finding).source}`,
    ...(finding.rate.failed < finding.rate.of ? [rateText(finding)] : []),
    ...(finding.file ? [`replay: ${replayCommand(report, finding)}`] : []),
  ].join('\n');
}

const seenAt = (report: Report, { violation }: Finding): string =>
  `step ${violation.step + 1} answered ${seenText(violation, report.page)}; allowed: ${oneLine(violation.allowed)}`;

function clauseCase(report: Report, line: Coverage): Case {
  const { clause } = line;
  const findings = report.findings.filter((finding) => shows(finding, clause));
  const open = findings
    .filter(confirmed)
    .toSorted((a, b) => Number(a.inBase !== undefined) - Number(b.inBase !== undefined));
  const about = {
    id: clause.id,
    group: 'contract' as const,
    title: clause.sentence,
    detail: open.map((finding) => findingLines(report, finding)).join('\n\n'),
    files: open.flatMap(({ file }) => file ?? []),
  };
  if (open.some(({ inBase }) => inBase === undefined))
    return { ...about, ending: 'failed', message: seenAt(report, open[0]) };
  if (open.length > 0)
    return { ...about, ending: 'inherited', message: `the base branch has it, too: ${open[0].inBase}` };
  const listed = showing(report).find(({ entry }) => entry.clause === clause.id);
  if (listed)
    return { ...about, ending: 'expected', message: oneLine(`expected: ${listed.entry.bug} ${listed.entry.why}`) };
  const short = missed(report).find(({ kind, id }) => kind === 'clause' && id === clause.id);
  if (short) return { ...about, ending: 'failed', message: `exercised ${short.seen} times, ${short.least} required` };
  if (findings.length > 0) return { ...about, ending: 'skipped', message: 'violated once, not reproduced' };
  if (line.exercised === 0) return { ...about, ending: 'skipped', message: whyUntested(line, report) };
  return { ...about, ending: 'passed', message: '' };
}

function goalCases(report: Report): Case[] {
  return report.goals.map(({ goal, programs, missing }) => {
    const about = { id: `goal.${goal.id}`, group: 'goal' as const, title: goal.sentence, detail: '', files: [] };
    const short = missed(report).find(({ kind, id }) => kind === 'goal' && id === goal.id);
    if (short) {
      return { ...about, ending: 'failed', message: `reached by ${short.seen} programs, ${short.least} required` };
    }
    if (programs > 0) return { ...about, ending: 'passed', message: '' };
    const why = missing.length > 0 ? `: the target has no ${missing.join(', ')}` : '';
    return { ...about, ending: 'skipped', message: `not reached${why}` };
  });
}

function expectedCase(report: Report, expected: Expected): Case {
  const { entry, file, shown } = expected;
  const about = {
    id: `expected.${entry.clause}-${entry.program}`,
    group: 'expected' as const,
    title: oneLine(entry.why),
    detail: stale(report).includes(expected) ? staleText(expected) : '',
    files: [],
  };
  if (!shown) return { ...about, ending: 'skipped', message: 'not run' };
  if (shown.failed === 0)
    return { ...about, ending: 'failed', message: `no longer shows: delete line ${entry.line} of ${oneLine(file)}` };
  return { ...about, ending: 'passed', message: '' };
}

function runCase(report: Report): Case {
  const left = leftText(report);
  const incomplete = incompleteText(report);
  const message = incomplete === '' ? '' : `${incomplete}${left === '' ? '' : `; left: ${left}`}`;
  return {
    id: 'run.complete',
    group: 'run',
    title: 'everything that was asked for ran',
    ending: message === '' ? 'passed' : 'error',
    message,
    detail: '',
    files: [],
  };
}

/** Whether a green result would have evidence. Clauses and goals that fall short have tests of their own. */
function evidenceCase(report: Report): Case {
  const gaps = untested(report).filter(({ required }) => required);
  return {
    id: 'run.tested',
    group: 'run',
    title: 'every call of the target, and everything else that was asked for, was tested',
    ending: gaps.length === 0 ? 'passed' : 'error',
    message: gaps.map(({ what, why }) => oneLine(`${what}: ${why}`)).join('; '),
    detail: gaps.map(({ what, option }) => oneLine(`${what}: ${option}`)).join('\n'),
    files: [],
  };
}

/** Programs whose verdict was left open have neither passed nor failed. */
function openCases({ unknown }: Report): Case[] {
  if (unknown === 0) return [];
  const title = 'every program could be judged';
  return [
    { id: 'run.judged', group: 'run', title, ending: 'skipped', message: openText(unknown), detail: '', files: [] },
  ];
}

/** A report as a list of test cases, always in the same order. */
export const casesOf = (report: Report): Case[] => [
  ...report.coverage.map((line) => clauseCase(report, line)),
  ...goalCases(report),
  ...report.expected.map((expected) => expectedCase(report, expected)),
  ...openCases(report),
  runCase(report),
  evidenceCase(report),
];
