import pc from 'picocolors';
import { oneLine } from '../../../common/printable.ts';
import { USUAL_COLUMNS } from '../../../common/terminal.ts';
import { wrap } from '../../../common/words.ts';
import { type Finding, quotedClause } from '../../../findings/finding.ts';
import type { Report } from '../../../run/report/report.ts';
import { stopsText } from '../../../targets/course.ts';
import { replayCommand } from '../next.ts';
import { foldedLines } from '../steps.ts';
import {
  adviceFor,
  alsoOf,
  codeText,
  culpritText,
  DIAGNOSIS,
  foundText,
  seenText,
  symptomText,
  violatedText,
} from '../words.ts';
import type { TextForm } from './form.ts';

/** Outcomes beside the steps; an arrow points at the offending step. */
const stepsText = (finding: Finding, page: number): string =>
  foldedLines(finding, page)
    .map(({ text, offending }) => (offending ? `${pc.red('>')} ${pc.red(text)}` : `  ${text}`))
    .join('\n');

/** Width of the names of rows, with what stands before and after them. */
const NAMES = 12;

const row = (name: string, text: string): string => `  ${name.padEnd(9)} ${text}`;

/**
 * How a finding is printed.
 */
interface FindingForm {
  /** Page size in bytes; 4096 by default. */
  readonly page?: number;
  /** Width of the lines, in characters. */
  readonly width?: number;
}

/**
 * A finding as text for people.
 * @param replay the command that runs it again; undefined if it is printed elsewhere.
 */
export function findingText(
  finding: Finding,
  replay: string | undefined,
  { page = 4096, width = USUAL_COLUMNS }: FindingForm = {},
): string {
  const { violation } = finding;
  const clause = quotedClause(finding);
  const culprit = culpritText(finding);
  const code = codeText(finding);
  const also = alsoOf(finding);
  const stops = stopsText(finding.trace.program);
  const symptoms = finding.symptoms ?? [];
  const steps = finding.trace.program.steps.length;
  const wrapped = (text: string): string => wrap(text, width - NAMES, ' '.repeat(NAMES));
  const lines = [
    `${pc.bold(pc.red(`${violatedText(finding)} ${clause.id}`))} at step ${violation.step + 1} of ${steps}`,
    pc.dim(wrap(`found ${foundText(finding)}`, width, '  ')),
    '',
    stepsText(finding, page),
    '',
    `  ${pc.bold(clause.id.padEnd(9))} ${wrapped(clause.sentence)}`,
    `  ${pc.dim('source'.padEnd(9))} ${pc.dim(wrapped(clause.source))}`,
    row('allowed', wrapped(oneLine(violation.allowed))),
    row('seen', wrapped(seenText(violation, page))),
  ];
  if (culprit !== undefined) lines.push(row('culprit', wrapped(culprit)));
  if (stops !== '') lines.push(row('schedule', wrapped(stops)));
  if (code !== undefined) lines.push(row('code', wrapped(code)));
  if (also.length > 0) lines.push(row('also', wrapped(also.map((other) => other.id).join(', '))));
  for (const symptom of symptoms) lines.push(row('symptom', wrapped(symptomText(symptom, page))));
  if (finding.inBase !== undefined) lines.push(row('base', `the base branch has it, too: ${finding.inBase}`));
  if (finding.certificate) lines.push(row('shortest', wrapped(oneLine(finding.certificate.text))));
  if (finding.diagnosis) lines.push(row('diagnosis', wrapped(DIAGNOSIS[finding.diagnosis])));
  for (const advice of adviceFor(finding)) lines.push(row('next', wrapped(advice)));
  if (replay !== undefined) lines.push(row('replay', pc.cyan(replay)));
  return lines.join('\n');
}

/** All violations of a report, one after the other. If there is one, the summary below has its commands. */
export const findingsText = (report: Report, { width }: TextForm): string =>
  report.findings
    .map((finding, _, all) => {
      const replay = all.length > 1 ? replayCommand(report, finding) : undefined;
      return findingText(finding, replay, { page: report.page, width });
    })
    .join('\n\n');
