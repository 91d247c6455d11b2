import pc from 'picocolors';
import { oneLine } from '../../../common/printable.ts';
import { commandLine } from '../../../common/shell.ts';
import { wrap } from '../../../common/words.ts';
import { type Finding, quotedClause } from '../../../findings/finding.ts';
import type { Report } from '../../../run/report/report.ts';
import { stopsText } from '../../../targets/course.ts';
import { markedLines } from '../steps.ts';
import { alsoOf, codeText, culpritText, DIAGNOSIS, foundText, seenText, symptomText, violatedText } from '../words.ts';

/** Outcomes beside the steps; an arrow points at the offending step. */
const stepsText = (finding: Finding, page: number): string =>
  markedLines(finding, page)
    .map(({ text, offending }) => (offending ? `${pc.red('>')} ${pc.red(text)}` : `  ${text}`))
    .join('\n');

const wrapped = (text: string): string => wrap(text, 96, ' '.repeat(12));

const row = (name: string, text: string): string => `  ${name.padEnd(9)} ${text}`;

/**
 * A finding as text for people.
 * @param replay the command that runs it again.
 * @param page the page size in bytes.
 */
export function findingText(finding: Finding, replay: string, page = 4096): string {
  const { violation } = finding;
  const clause = quotedClause(finding);
  const culprit = culpritText(finding);
  const code = codeText(finding);
  const also = alsoOf(finding);
  const stops = stopsText(finding.trace.program);
  const symptoms = finding.symptoms ?? [];
  const steps = finding.trace.program.steps.length;
  const lines = [
    `${pc.bold(pc.red(`${violatedText(finding)} ${clause.id}`))} at step ${violation.step + 1} of ${steps}`,
    pc.dim(`found ${foundText(finding)}`),
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
  if (also.length > 0) lines.push(row('also', also.map((other) => other.id).join(', ')));
  for (const symptom of symptoms) lines.push(row('symptom', symptomText(symptom, page)));
  if (finding.inBase !== undefined) lines.push(row('base', `the base branch has it, too: ${finding.inBase}`));
  if (finding.certificate) lines.push(row('shortest', wrapped(oneLine(finding.certificate.text))));
  if (finding.diagnosis) lines.push(row('diagnosis', wrapped(DIAGNOSIS[finding.diagnosis])));
  lines.push(row('replay', pc.cyan(replay)));
  return lines.join('\n');
}

/** All violations of a report, one after the other. */
export const findingsText = (report: Report): string =>
  report.findings
    .map((finding) => {
      const replay = commandLine('replay', finding.file ?? 'FILE', '--target', report.target);
      return `${findingText(finding, replay, report.page)}\n\n`;
    })
    .join('');
