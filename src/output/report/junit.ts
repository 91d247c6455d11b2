import type { Report } from '../../run/report/report.ts';
import { documentOf, NO_XML, type Xml, xml } from '../markup/xml.ts';
import { type Case, casesOf, GROUPS } from './cases.ts';

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

function body({ ending, message, detail }: Case): Xml {
  switch (ending) {
    case 'passed':
      return NO_XML;
    case 'failed':
      return xml`<failure type="violation" message="${message}">${detail}</failure>`;
    case 'error':
      return xml`<error type="incomplete" message="${message}">${detail}</error>`;
    case 'expected':
    case 'inherited':
      return xml`<skipped>${message}</skipped><system-out>${detail}</system-out>`;
    case 'skipped':
      return xml`<skipped>${message}</skipped>`;
  }
}

const testcase = (one: Case, suite: string): Xml =>
  xml`    <testcase name="${one.id}" classname="${suite}">${body(one)}</testcase>\n`;

function testsuite(cases: readonly Case[], name: string, report: Report): Xml {
  const count = (...endings: readonly Case['ending'][]): number =>
    cases.filter(({ ending }) => endings.includes(ending)).length;
  const properties = { target: report.target, implementation: report.name, profile: report.profile, seed: report.seed };
  const lines = Object.entries(properties).map(
    ([key, value]) => xml`      <property name="${key}" value="${value}"/>\n`,
  );
  return xml`  <testsuite name="${name}" tests="${cases.length}" failures="${count('failed')}" errors="${count('error')}" skipped="${count('skipped', 'expected', 'inherited')}" time="${seconds(name === 'mmspec.contract' ? report.milliseconds : 0)}">
    <properties>
${lines}    </properties>
${cases.map((one) => testcase(one, name))}  </testsuite>
`;
}

/** A report as JUnit XML: a test for each clause, goal and expected divergence, and one for the run. */
export function reportJunit(report: Report): string {
  const cases = casesOf(report);
  const suites = GROUPS.map(([group, name]) => ({ name, cases: cases.filter((one) => one.group === group) }));
  const failures = cases.filter(({ ending }) => ending === 'failed').length;
  const errors = cases.filter(({ ending }) => ending === 'error').length;
  return documentOf(xml`<testsuites name="mmspec" tests="${cases.length}" failures="${failures}" errors="${errors}" time="${seconds(report.milliseconds)}">
${suites.filter((suite) => suite.cases.length > 0).map((suite) => testsuite(suite.cases, suite.name, report))}</testsuites>
`);
}
