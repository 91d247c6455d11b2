import { duration, grouped } from '../../common/words.ts';
import { exitCode } from '../../run/report/exit-code.ts';
import type { Report } from '../../run/report/report.ts';
import { untested } from '../../run/report/untested.ts';
import { type Case, casesOf } from './cases.ts';
import { incompleteText, leftText, STATUS_TEXT, statusLegend } from './words.ts';

const VERDICTS: Readonly<Record<number, string>> = {
  0: ':white_check_mark: The contract held.',
  1: ':x: The contract is violated.',
  3: ':warning: The target failed, so some programs have no verdict.',
  4: ':warning: Not everything that was asked for was tested.',
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function section(title: string, rows: readonly string[]): string {
  return rows.length === 0 ? '' : `\n### ${title}\n\n${rows.join('\n')}\n`;
}

const block = (one: Case): string =>
  `**${one.id}**: ${one.title}\n\n${one.message}\n${one.detail === '' ? '' : `\n\`\`\`\n${one.detail}\n\`\`\`\n`}`;

/** A report as Markdown, for the summary of a job or a comment on a pull request. */
export function reportSummary(report: Report): string {
  const cases = casesOf(report);
  const of = (...endings: readonly Case['ending'][]): Case[] => cases.filter(({ ending }) => endings.includes(ending));
  const phases = report.phases.map(({ name, done, left, unfit }) => `| ${name} | ${done} | ${left} | ${unfit} |`);
  const clauses = report.coverage.map(
    ({ clause, status, exercised }) =>
      `| ${clause.id} | ${STATUS_TEXT[status].toLowerCase()} | ${grouped(exercised)} | ${cell(clause.sentence)} |`,
  );
  const legend = statusLegend(report.coverage).map(([word, meaning]) => `* ${word}: ${meaning}.`);
  const left = leftText(report);
  const incomplete = incompleteText(report);
  return `## mmspec: ${cell(report.name)}

${VERDICTS[exitCode(report)] ?? ''}

${grouped(report.programs)} programs, ${grouped(report.steps)} judged steps in ${duration(report.milliseconds)}; ${report.cpus} of ${report.targetCpus} CPUs, profile ${report.profile}, seed ${report.seed}${report.seedFrom ? ` (from ${report.seedFrom})` : ''}.${incomplete === '' ? '' : ` **Not everything ran** (${incomplete})${left === '' ? '' : `; left: ${left}`}.`}
${section('Failed', of('failed', 'error').map(block))}${section(
  'Expected divergences',
  of('expected').map(({ id, message }) => `- **${id}** ${message}`),
)}${section(
  'Violations that the base branch has, too',
  of('inherited').map(({ id, message }) => `- **${id}** ${message}`),
)}${section('Parts', phases.length === 0 ? [] : ['| part | run | left | not defined here |', '| --- | ---: | ---: | ---: |', ...phases])}
${section(
  'Not tested',
  untested(report).map(
    ({ what, why, option, required }) => `- ${required ? '**required** ' : ''}${what}: ${why}; ${option}`,
  ),
)}
<details><summary>Clauses</summary>

| clause | outcome | exercised | sentence |
| --- | --- | ---: | --- |
${clauses.join('\n')}

${legend.join('\n')}

</details>
`;
}
