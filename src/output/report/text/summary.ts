import pc from 'picocolors';
import { oneLine } from '../../../common/printable.ts';
import { counted, cut, grouped, wrap } from '../../../common/words.ts';
import { confirmed, type Finding, quotedClause } from '../../../findings/finding.ts';
import { type ClauseOutcome, withOutcome } from '../../../run/report/coverage.ts';
import { type Report, showing, stale } from '../../../run/report/report.ts';
import { untested } from '../../../run/report/untested.ts';
import { nextCommands } from '../next.ts';
import { blamedText, incompleteText, leftText, openText, violatedText } from '../words.ts';
import type { TextForm } from './form.ts';

/** How many findings the summary lists: with the commands, they and the counts stay within 15 lines. */
const LISTED = 3;

const row = (name: string, text: string): string => `${name.padEnd(9)} ${text}`;

/** How many clauses held, were violated, and were not tested. */
function countsText(report: Report): string {
  const count = (outcome: ClauseOutcome): string => grouped(withOutcome(report.coverage, outcome).length);
  const asExpected = [...new Set(showing(report).map(({ entry }) => entry.clause))];
  const expected = asExpected.length > 0 ? ` (as expected: ${asExpected.join(', ')})` : '';
  return `${count('held')} clauses held, ${count('violated')} violated${expected}, ${count('untested')} not tested`;
}

/** Why the run is not green although no clause is violated, and what else is left open. */
function openEnds(report: Report, width: number): string[] {
  const lines: string[] = [];
  if (report.unknown > 0) lines.push(openText(report.unknown));
  const incomplete = incompleteText(report);
  const left = leftText(report);
  if (incomplete !== '') lines.push(`${incomplete}: not everything that was asked for ran`);
  if (incomplete !== '' && left !== '') lines.push(`left: ${left}`);
  const gone = stale(report).length;
  if (gone > 0)
    lines.push(`${counted(gone, 'expected divergence')} no longer ${gone === 1 ? 'shows' : 'show'}; see above`);
  const required = untested(report).filter((one) => one.required);
  if (required.length > 0)
    lines.push(cut(`required, but not tested: ${required.map(({ what }) => oneLine(what)).join(', ')}`, width));
  return lines;
}

/** What is violated, the step to blame or else the one that shows it, and where the counterexample is saved. */
function findingLines(finding: Finding, width: number): string[] {
  const { sentence, id } = quotedClause(finding);
  const known = finding.inBase === undefined ? '' : ', as in the base branch';
  const word = confirmed(finding) ? 'violated' : violatedText(finding);
  const text = cut(`${word} ${id}${known}: ${sentence}`, width);
  return [
    pc.bold(pc.red(text.slice(0, word.length))) + text.slice(word.length),
    row(finding.culprit ? 'culprit' : 'shown by', cut(oneLine(blamedText(finding)), width - 10)),
    row('file', finding.file === undefined ? 'not saved' : oneLine(finding.file)),
  ];
}

/**
 * The last lines of a report. They suffice to act: how many clauses held, what is violated, where the counterexample is,
 * and the commands to type next.
 */
export function summaryText(report: Report, { width }: Pick<TextForm, 'width'>): string {
  const counts = [countsText(report), ...openEnds(report, width)].map((line) => wrap(line, width, '  ')).join('\n');
  const findings = byWeight(report.findings);
  if (findings.length === 0) return counts;
  const lines = findings.slice(0, LISTED).flatMap((finding) => findingLines(finding, width));
  if (findings.length > LISTED) lines.push(`${findings.length - LISTED} more above`);
  const commands = nextCommands(report, findings[0]);
  const next = (['replay', 'explain', 'export', 'shrink'] as const).flatMap((name) => {
    const command = commands[name];
    return command === undefined ? [] : [row(name, pc.cyan(command))];
  });
  const head = findings.length > 1 ? [`next, for ${quotedClause(findings[0]).id}:`] : [];
  return `${counts}\n\n${[...lines, ...head, ...next].join('\n')}`;
}

/** The findings that count come first, then those that the base branch has, then those that were not seen again. */
function byWeight(findings: readonly Finding[]): Finding[] {
  const weight = (finding: Finding): number => (confirmed(finding) ? (finding.inBase === undefined ? 0 : 1) : 2);
  return [...findings].sort((a, b) => weight(a) - weight(b));
}
