import type { Report } from '../../run/report/report.ts';
import { type Case, casesOf } from './cases.ts';

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text with only characters that XML 1.0 allows; the log of a crash may contain any others. */
const xml = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML does not allow
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '?').replace(/[&<>"]/g, (c) => NAMED[c]);

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

const GROUPS: readonly (readonly [Case['group'], string])[] = [
  ['contract', 'mmspec.contract'],
  ['goal', 'mmspec.goals'],
  ['expected', 'mmspec.expected'],
  ['run', 'mmspec.run'],
];

function body({ ending, message, detail }: Case): string {
  switch (ending) {
    case 'passed':
      return '';
    case 'failed':
      return `<failure type="violation" message="${xml(message)}">${xml(detail)}</failure>`;
    case 'error':
      return `<error type="incomplete" message="${xml(message)}">${xml(detail)}</error>`;
    case 'expected':
    case 'inherited':
      return `<skipped>${xml(message)}</skipped><system-out>${xml(detail)}</system-out>`;
    case 'skipped':
      return `<skipped>${xml(message)}</skipped>`;
  }
}

const testcase = (one: Case, suite: string): string =>
  `    <testcase name="${xml(one.id)}" classname="${suite}">${body(one)}</testcase>\n`;

function testsuite(cases: readonly Case[], name: string, report: Report): string {
  const count = (...endings: readonly Case['ending'][]): number =>
    cases.filter(({ ending }) => endings.includes(ending)).length;
  const properties = { target: report.target, implementation: report.name, profile: report.profile, seed: report.seed };
  const lines = Object.entries(properties).map(
    ([key, value]) => `      <property name="${key}" value="${xml(String(value))}"/>\n`,
  );
  return `  <testsuite name="${name}" tests="${cases.length}" failures="${count('failed')}" errors="${count('error')}" skipped="${count('skipped', 'expected', 'inherited')}" time="${seconds(name === 'mmspec.contract' ? report.milliseconds : 0)}">
    <properties>
${lines.join('')}    </properties>
${cases.map((one) => testcase(one, name)).join('')}  </testsuite>
`;
}

/** A report as JUnit XML: a test for each clause, goal and expected divergence, and one for the run. */
export function reportJunit(report: Report): string {
  const cases = casesOf(report);
  const suites = GROUPS.map(([group, name]) => ({ name, cases: cases.filter((one) => one.group === group) }));
  const failures = cases.filter(({ ending }) => ending === 'failed').length;
  const errors = cases.filter(({ ending }) => ending === 'error').length;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="mmspec" tests="${cases.length}" failures="${failures}" errors="${errors}" time="${seconds(report.milliseconds)}">
${suites
  .filter((suite) => suite.cases.length > 0)
  .map((suite) => testsuite(suite.cases, suite.name, report))
  .join('')}</testsuites>
`;
}
