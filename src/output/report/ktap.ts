import { oneLine, printable } from '../../common/printable.ts';
import type { Report } from '../../run/report/report.ts';
import { type Case, casesOf } from './cases.ts';

/** A text on one line, without a `#` that a parser could take for a directive. */
const line = (text: string): string => oneLine(text).replaceAll('#', 'no.').trim();

const diagnostics = (text: string): string =>
  text === ''
    ? ''
    : `${printable(text)
        .split('\n')
        .map((one) => `# ${one}`)
        .join('\n')}\n`;

function result(one: Case, number: number): string {
  const { ending, id, message, detail } = one;
  switch (ending) {
    case 'passed':
      return `ok ${number} ${id}\n`;
    case 'skipped':
      return `ok ${number} ${id} # SKIP ${line(message)}\n`;
    case 'expected':
    case 'inherited':
      return `${diagnostics(detail)}ok ${number} ${id} # XFAIL ${line(message)}\n`;
    case 'failed':
    case 'error':
      return `${diagnostics([message, detail].filter((part) => part !== '').join('\n'))}not ok ${number} ${id}\n`;
  }
}

/** A report in KTAP, version 1, the format of the kernel's own tests and of `kunit.py parse`. */
export function reportKtap(report: Report): string {
  const cases = casesOf(report);
  const count = (ending: Case['ending']): number => cases.filter((one) => one.ending === ending).length;
  const failed = count('failed') + count('error');
  return `KTAP version 1
# target ${oneLine(report.target)} (${oneLine(report.name)}), profile ${report.profile}, seed ${report.seed}
1..${cases.length}
${cases.map((one, index) => result(one, index + 1)).join('')}# Totals: pass:${count('passed')} fail:${failed} xfail:${count('expected') + count('inherited')} xpass:0 skip:${count('skipped')} error:0
`;
}
