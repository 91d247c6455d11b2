import { printable } from '../../common/printable.ts';
import type { Report } from '../../run/report/report.ts';
import { type Case, casesOf } from './cases.ts';

/** The text of a workflow command's message, and of one of its properties. */
const data = (text: string): string =>
  printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
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
    case 'inherited':
      return command('notice', `mmspec: ${one.id} (in the base branch)`, one.message);
    default:
      return '';
  }
}

/** A report as GitHub workflow commands: annotations of the pull request. */
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
