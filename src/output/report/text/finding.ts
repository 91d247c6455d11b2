import pc from 'picocolors';
import { oneLine } from '../../../common/printable.ts';
import { commandLine } from '../../../common/shell.ts';
import { wrap } from '../../../common/words.ts';
import { type Finding, quotedClause } from '../../../findings/finding.ts';
import type { Report } from '../../../run/report/report.ts';
import { stopsText } from '../../../targets/course.ts';
import { markedLines } from '../steps.ts';
import { alsoOf, culpritText, DIAGNOSIS, foundText, seenText, symptomText, violatedText } from '../words.ts';

/** Outcomes beside the steps; an arrow points at the offending step. */
const stepsText = (finding: Finding, page: number): string =>
  markedLines(finding, page)
    .map(({ text, offending }) => (offending ? `${pc.red('>')} ${pc.red(text)}` : `  ${text}`))
    .join('\n');

/**
 * A finding as text for people.
 * @param replay the command that runs it again.
 * @param page the page size in bytes.
 */
export function findingText(finding: Finding, replay: string, page = 4096): string {
  const { violation } = finding;
  const clause = quotedClause(finding);
  const culprit = culpritText(finding);
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
    `  ${pc.bold(clause.id.padEnd(9))} ${wrap(clause.sentence, 96, ' '.repeat(12))}`,
    `  ${pc.dim('source'.padEnd(9))} ${pc.dim(wrap(clause.source, 96, ' '.repeat(12)))}`,
    `  ${'allowed'.padEnd(9)} ${wrap(oneLine(violation.allowed), 96, ' '.repeat(12))}`,
    `  ${'seen'.padEnd(9)} ${wrap(seenText(violation, page), 96, ' '.repeat(12))}`,
  ];
  if (culprit !== undefined) lines.push(`  ${'culprit'.padEnd(9)} ${wrap(culprit, 96, ' '.repeat(12))}`);
  if (stops !== '') lines.push(`  ${'schedule'.padEnd(9)} ${wrap(stops, 96, ' '.repeat(12))}`);
  if (also.length > 0) lines.push(`  ${'also'.padEnd(9)} ${also.map((other) => other.id).join(', ')}`);
  for (const symptom of symptoms) lines.push(`  ${'symptom'.padEnd(9)} ${symptomText(symptom, page)}`);
  if (finding.inBase !== undefined) lines.push(`  ${'base'.padEnd(9)} the base branch has it, too: ${finding.inBase}`);
  if (finding.certificate)
    lines.push(`  ${'shortest'.padEnd(9)} ${wrap(oneLine(finding.certificate.text), 96, ' '.repeat(12))}`);
  if (finding.diagnosis)
    lines.push(`  ${'diagnosis'.padEnd(9)} ${wrap(DIAGNOSIS[finding.diagnosis], 96, ' '.repeat(12))}`);
  lines.push(`  ${'replay'.padEnd(9)} ${pc.cyan(replay)}`);
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
