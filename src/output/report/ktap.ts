import { oneLine, printable } from '../../common/printable.ts';
import type { Report } from '../../run/report/report.ts';
import { type Case, casesOf, type Ending, GROUPS } from './cases.ts';

/** The indentation of a subtest, as `kunit.py` and the kernel's KUnit write it. */
const INDENT = '    ';

const VERSION = 'KTAP version 1\n';

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

const count = (cases: readonly Case[], ...endings: readonly Ending[]): number =>
  cases.filter(({ ending }) => endings.includes(ending)).length;

const failures = (cases: readonly Case[]): number => count(cases, 'failed', 'error');

/** A test with a subtest for each of its cases. */
function suite(name: string, cases: readonly Case[], number: number): string {
  const subtests = `${VERSION}# Subtest: ${name}\n1..${cases.length}\n${cases.map((one, i) => result(one, i + 1)).join('')}`;
  const skipped = cases.every(({ ending }) => ending === 'skipped') ? ' # SKIP nothing was tested' : '';
  const verdict = failures(cases) > 0 ? 'not ok' : 'ok';
  return `${subtests.replace(/^(?=.)/gm, INDENT)}${verdict} ${number} ${name}${skipped}\n`;
}

/**
 * A report in KTAP, version 1, the format of the kernel's own tests and of `kunit.py parse`: a test for each group, with
 * a subtest for each clause, goal and expected divergence.
 */
export function reportKtap(report: Report): string {
  const cases = casesOf(report);
  const suites = GROUPS.map(([group, name]) => ({ name, cases: cases.filter((one) => one.group === group) })).filter(
    (one) => one.cases.length > 0,
  );
  const totals = `pass:${count(cases, 'passed')} fail:${failures(cases)} xfail:${count(cases, 'expected', 'inherited')} xpass:0 skip:${count(cases, 'skipped')} error:0`;
  return `${VERSION}# target ${oneLine(report.target)} (${oneLine(report.name)}), profile ${report.profile}, seed ${report.seed}
1..${suites.length}
${suites.map((one, i) => suite(one.name, one.cases, i + 1)).join('')}# Totals: ${totals}
`;
}
