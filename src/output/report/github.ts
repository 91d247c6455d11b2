import { duration, grouped } from '../../common/words.ts';
import { exitCode, type Report } from '../../run/report/report.ts';
import { type Case, casesOf, leftText } from './cases.ts';

/** The text of a workflow command's message, and of one of its properties. */
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

const command = (level: 'error' | 'warning' | 'notice', title: string, text: string, file?: string): string =>
  `::${level} ${file === undefined ? '' : `file=${property(file)},`}title=${property(title)}::${data(text)}\n`;

function annotation(one: Case): string {
  const text = [one.title, one.message, one.detail].filter((part) => part !== '').join('\n');
  switch (one.ending) {
    case 'failed':
      return command('error', `mmspec: ${one.id}`, text, one.files[0]);
    case 'error':
      return command('error', `mmspec: ${one.id}`, text);
    case 'expected':
      return command('notice', `mmspec: ${one.id} (expected)`, one.message);
    default:
      return '';
  }
}

/** A report as GitHub's workflow commands: annotations that stand beside the pull request. */
export function reportGithub(report: Report): string {
  const cases = casesOf(report);
  const untested = cases.filter(({ group, ending }) => group === 'contract' && ending === 'skipped');
  const warning =
    untested.length === 0
      ? ''
      : command(
          'warning',
          'mmspec: not tested',
          `${untested.length} clauses were not exercised: ${untested.map(({ id }) => id).join(', ')}`,
        );
  return `${cases.map(annotation).join('')}${warning}`;
}

const VERDICTS: Readonly<Record<number, string>> = {
  0: ':white_check_mark: The contract held.',
  1: ':x: The contract is violated.',
  4: ':warning: Not everything that was asked for was tested.',
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function section(title: string, rows: readonly string[]): string {
  return rows.length === 0 ? '' : `\n### ${title}\n\n${rows.join('\n')}\n`;
}

const block = (one: Case): string =>
  `**${one.id}**: ${one.title}\n\n${one.message}\n${one.detail === '' ? '' : `\n\`\`\`\n${one.detail}\n\`\`\`\n`}`;

/** A report as Markdown: what a job's summary, or a comment under a pull request, shows. */
export function reportSummary(report: Report): string {
  const cases = casesOf(report);
  const of = (...endings: readonly Case['ending'][]): Case[] => cases.filter(({ ending }) => endings.includes(ending));
  const phases = report.phases.map(({ name, done, left, unfit }) => `| ${name} | ${done} | ${left} | ${unfit} |`);
  const clauses = report.coverage.map(
    ({ clause, status, exercised }) =>
      `| ${clause.id} | ${status} | ${grouped(exercised)} | ${cell(clause.sentence)} |`,
  );
  const left = leftText(report);
  return `## mmspec: ${cell(report.name)}

${VERDICTS[exitCode(report)] ?? ''}

${grouped(report.programs)} programs, ${grouped(report.steps)} judged steps in ${duration(report.milliseconds)}; profile ${report.profile}, seed ${report.seed}${report.seedFrom ? ` (from ${report.seedFrom})` : ''}.${report.interrupted ? ` **Interrupted**${left === '' ? '' : `; left: ${left}`}.` : ''}
${section('Failed', of('failed', 'error').map(block))}${section(
  'Expected divergences',
  of('expected').map(({ id, message }) => `- **${id}** ${message}`),
)}${section('Parts', phases.length === 0 ? [] : ['| part | run | left | not defined here |', '| --- | ---: | ---: | ---: |', ...phases])}
<details><summary>Clauses</summary>

| clause | outcome | exercised | sentence |
| --- | --- | ---: | --- |
${clauses.join('\n')}

</details>
`;
}
