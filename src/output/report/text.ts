import pc from 'picocolors';
import type { Clause } from '../../../reference/clauses/clause.ts';
import { printOutcome } from '../../../reference/notation/outcome.ts';
import { printSteps, printTraceSteps } from '../../../reference/notation/print.ts';
import { profileNamed } from '../../../reference/profiles/profiles.ts';
import { withTraits } from '../../../reference/profiles/traits.ts';
import { duration, grouped, wrap } from '../../common/words.ts';
import { confirmed, type Finding } from '../../findings/finding.ts';
import type { Coverage } from '../../run/report/coverage.ts';
import type { Report } from '../../run/report/report.ts';
import { differences } from '../../targets/probes/explain.ts';

export const DIAGNOSIS = {
  stale: 'a flush of this one address on this one CPU made it go away: a stale translation, not a wrong page table',
  mapped: 'a flush of this address on this CPU did not help: the page table still has it',
};

/** The marked program of a finding: outcomes beside the steps, the offending step pointed at. */
function program(finding: Finding, page: number): string {
  const lines = printTraceSteps(finding.trace, page).trimEnd().split('\n');
  let step = -1;
  return lines
    .map((line) => {
      if (line.trimStart().startsWith('@')) step++;
      const offending = step === finding.violation.step && line.trimStart().startsWith('@');
      return offending ? `${pc.red('>')} ${pc.red(`${line}   # breaks ${finding.violation.clause.id}`)}` : `  ${line}`;
    })
    .join('\n');
}

/** How a violation was found, and what became of the program. */
export function foundText(finding: Finding): string {
  const { afterPrograms, afterSteps, before = [], executions, originalSteps, rate, trace } = finding;
  const steps = trace.program.steps.length;
  const parts = [
    afterPrograms === 0
      ? 'by a saved program'
      : `after ${grouped(afterPrograms)} programs, ${grouped(afterSteps)} steps`,
  ];
  if (executions > 0) parts.push(`shrunk from ${originalSteps} steps to ${steps} in ${grouped(executions)} executions`);
  if (rate.failed !== rate.of) parts.push(`fails ${rate.failed} of ${rate.of} times`);
  if (before.length > 0) parts.push(`only after ${before.length} other programs on the same target`);
  return parts.join('; ');
}

/** One finding, as people read it. */
export function findingText(finding: Finding, replay: string, page = 4096): string {
  const { violation } = finding;
  const { clause } = violation;
  const steps = finding.trace.program.steps.length;
  const word = confirmed(finding) ? 'violated' : 'seen once, and not again: violated';
  const lines = [
    `${pc.bold(pc.red(`${word} ${clause.id}`))} at step ${violation.step + 1} of ${steps}`,
    pc.dim(`found ${foundText(finding)}`),
    '',
    program(finding, page),
    '',
    `  ${pc.bold(clause.id.padEnd(9))} ${wrap(clause.sentence, 96, ' '.repeat(12))}`,
    `  ${pc.dim('source'.padEnd(9))} ${pc.dim(wrap(clause.source, 96, ' '.repeat(12)))}`,
    `  ${'allowed'.padEnd(9)} ${wrap(violation.allowed, 96, ' '.repeat(12))}`,
    `  ${'seen'.padEnd(9)} ${printOutcome(violation.seen, page)}`,
  ];
  if (violation.also.length > 0)
    lines.push(`  ${'also'.padEnd(9)} ${violation.also.map((other) => other.id).join(', ')}`);
  if (finding.certificate)
    lines.push(`  ${'shortest'.padEnd(9)} ${wrap(finding.certificate.text, 96, ' '.repeat(12))}`);
  if (finding.diagnosis) lines.push(`  ${'look'.padEnd(9)} ${wrap(DIAGNOSIS[finding.diagnosis], 96, ' '.repeat(12))}`);
  lines.push(`  ${'replay'.padEnd(9)} ${pc.cyan(replay)}`);
  return lines.join('\n');
}

const STATUS: Readonly<Record<Coverage['status'], (text: string) => string>> = {
  upheld: pc.green,
  allowed: pc.green,
  violated: pc.red,
  unarmed: pc.yellow,
  unexercised: pc.yellow,
};

export const STATUS_TEXT: Readonly<Record<Coverage['status'], string>> = {
  upheld: 'upheld',
  allowed: 'made use of',
  violated: 'VIOLATED',
  unarmed: 'not armed',
  unexercised: 'not exercised',
};

/** The coverage table: a line per clause. */
export function coverageText(table: readonly Coverage[]): string {
  const lines = [pc.bold(`${'clause'.padEnd(10)}${'exercised'.padStart(12)}  ${'outcome'.padEnd(14)}what it says`)];
  for (const { clause, status, exercised, missing } of table) {
    const note = missing.length > 0 && exercised === 0 ? ` [the target has no ${missing.join(', ')}]` : '';
    const sentence = clause.sentence.length > 84 ? `${clause.sentence.slice(0, 81)}...` : clause.sentence;
    const word = STATUS[status](STATUS_TEXT[status].padEnd(14));
    lines.push(`${clause.id.padEnd(10)}${grouped(exercised).padStart(12)}  ${word}${pc.dim(`${sentence}${note}`)}`);
  }
  return lines.join('\n');
}

/** What the target declares differently from the documentation, and the clauses that it stands in for. */
function declaredText(report: Report): string[] {
  const choices = report.declared.map((word) => word.split('=') as [string, string]);
  const traits = withTraits(profileNamed(report.profile).traits, choices);
  return differences(traits)
    .filter(({ drops, adds }) => drops.length + adds.length > 0)
    .map(({ trait, choice, meaning, drops, adds }) => {
      const ids = (clauses: readonly Clause[]): string => clauses.map((clause) => clause.id).join(', ');
      const instead = drops.length > 0 ? `; stands in for ${ids(drops)}` : '';
      const asks = adds.length > 0 ? `; asks for ${ids(adds)}` : '';
      return `declared ${trait}=${choice}: ${meaning}${instead}${asks}`;
    });
}

/** What is to be said of programs whose verdict was left open. */
export const openText = (unknown: number): string =>
  `${grouped(unknown)} program${unknown === 1 ? '' : 's'} left open: calls overlap in more orders than the judge looks at`;

/** The last lines of a run. */
export function summaryText(report: Report): string {
  const count = (status: Coverage['status']): number => report.coverage.filter((line) => line.status === status).length;
  const untested = count('unexercised') + count('unarmed');
  const speed = report.running > 0 ? ` (${grouped((report.steps / report.running) * 1000)} steps/s)` : '';
  const parts = [
    `${grouped(report.programs)} programs, ${grouped(report.steps)} judged steps in ${duration(report.milliseconds)}${speed}`,
    `seed ${report.seed}, profile ${report.profile}${report.declared.length > 0 ? ` with ${report.declared.join(' ')}` : ''}`,
    `${count('upheld') + count('allowed')} clauses held, ${count('violated')} violated, ${untested} not exercised or not armed`,
  ];
  if (report.unsupported.length > 0) parts.push(`not offered by the target: ${report.unsupported.join(', ')}`);
  parts.push(...declaredText(report));
  if (report.unknown > 0) parts.push(openText(report.unknown));
  if (report.interrupted) parts.push('interrupted: not everything that was asked for was run');
  return parts.join('\n');
}

export { printSteps };
