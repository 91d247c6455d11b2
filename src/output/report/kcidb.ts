import { createHash } from 'node:crypto';
import { UsageError } from '../../common/errors.ts';
import { VERSION } from '../../common/package.ts';
import { jsonText, printable } from '../../common/printable.ts';
import { reportJson } from '../../run/report/json.ts';
import type { Report } from '../../run/report/report.ts';
import { type Case, casesOf, type Ending, GROUPS } from './cases.ts';
import { machineTexts } from './machine.ts';

/**
 * Reports for KCIDB, the database of results of kernel testing: objects of its I/O schema, version 5.3. A test stands for
 * each case, and one for the whole run. An expected divergence becomes an issue, with an incident for its test.
 */

/** The longest excerpt that KCIDB takes, in characters. */
const MAX_EXCERPT = 16_384;

/** The variable that names the CI system, and the name without it. */
const ORIGIN_VARIABLE = 'MMSPEC_KCIDB_ORIGIN';
const DEFAULT_ORIGIN = 'mmspec';

type Status = 'FAIL' | 'ERROR' | 'PASS' | 'SKIP';

const STATUS: Readonly<Record<Ending, Status>> = {
  passed: 'PASS',
  failed: 'FAIL',
  expected: 'FAIL',
  inherited: 'FAIL',
  error: 'ERROR',
  skipped: 'SKIP',
};

/** From the strongest statement about many tests to the weakest, as KCIDB orders them. */
const STRENGTH: readonly Status[] = ['FAIL', 'ERROR', 'PASS', 'SKIP'];

/** The name of the CI system, which every id starts with. */
function originOf(environment: NodeJS.ProcessEnv): string {
  const origin = environment[ORIGIN_VARIABLE] ?? DEFAULT_ORIGIN;
  if (/^[a-z0-9_]+$/.test(origin)) return origin;
  throw new UsageError(`${ORIGIN_VARIABLE}=${origin}: expected small letters, digits and underscores, such as my_ci`);
}

const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

/** A text for KCIDB: no control characters, and only the end of one that is too long. */
const excerpt = (text: string): string => printable(text).slice(-MAX_EXCERPT);

const suiteOf = new Map(GROUPS);

/** The sources and the build of what was tested, as far as the target tells. */
function buildOf(report: Report, origin: string): { checkout: object; build: object; id: string } {
  const { machine, name } = report;
  const id = `${origin}:${hashOf([name, machine])}`;
  const full = /^[0-9a-f]{40}$/.test(machine?.commit ?? '');
  const commit =
    machine?.commit === undefined ? {} : { [full ? 'git_commit_hash' : 'git_commit_name']: machine.commit };
  const checkout = { id, origin, ...commit, comment: machine?.release ?? printable(name) };
  const misc = machine ? { misc: { version: machine.version, options: machine.options ?? [] } } : {};
  const comment = machineTexts(report)?.kernel ?? printable(name);
  return { checkout, build: { id, checkout_id: id, origin, status: 'PASS', comment, ...misc }, id };
}

/** The listed divergences that ran, as issues; and whether the test of its clause shows each of them. */
function issuesOf(
  { expected, coverage }: Report,
  origin: string,
  testId: (name: string) => string,
): { issues: object[]; incidents: object[] } {
  const ran = expected.filter(
    ({ entry, shown }) => shown !== undefined && coverage.some(({ clause }) => clause.id === entry.clause),
  );
  const idOf = (clause: string, program: string): string => `${origin}:${clause}-${program}`;
  return {
    issues: ran.map(({ entry: { clause, program, bug, why } }) => ({
      id: idOf(clause, program),
      origin,
      version: 1,
      culprit: { code: true },
      comment: printable(why),
      ...(URL.canParse(bug) ? { report_url: bug } : {}),
    })),
    incidents: ran.map(({ entry: { clause, program }, shown }) => ({
      id: testId(`${clause}-${program}`),
      origin,
      issue_id: idOf(clause, program),
      issue_version: 1,
      test_id: testId(clause),
      present: shown!.failed > 0,
    })),
  };
}

/**
 * A report as JSON for KCIDB.
 * @param environment `MMSPEC_KCIDB_ORIGIN` names the CI system; without it the name is `mmspec`.
 * @throws UsageError if KCIDB does not take that name.
 */
export function reportKcidb(report: Report, environment: NodeJS.ProcessEnv = process.env): string {
  const origin = originOf(environment);
  const { checkout, build, id: build_id } = buildOf(report, origin);
  const run = hashOf(reportJson(report));
  const testId = (name: string): string => `${origin}:${run}.${name}`;
  const machine = machineTexts(report)?.machine;
  const environmentOf = { comment: machine ?? printable(report.target), misc: { target: printable(report.target) } };
  const about = { build_id, origin, environment: environmentOf };
  const cases = casesOf(report);
  const testOf = ({ id, group, title, ending, message, detail }: Case): object => ({
    ...about,
    id: testId(id),
    path: `${suiteOf.get(group)}.${id.replace(/^\w+\./, '')}`,
    status: STATUS[ending],
    comment: printable(title),
    ...(message === '' && detail === '' ? {} : { log_excerpt: excerpt(`${message}\n${detail}`) }),
  });
  const statuses = cases.map(({ ending }) => STATUS[ending]);
  const whole = {
    ...about,
    id: testId('mmspec'),
    path: 'mmspec',
    status: STRENGTH.find((status) => statuses.includes(status)) ?? 'SKIP',
    duration: report.milliseconds / 1000,
    comment: `mmspec ${VERSION}, seed ${report.seed}, profile ${report.profile}`,
    misc: {
      seed: report.seed,
      profile: report.profile,
      traits: report.declared,
      programs: report.programs,
      steps: report.steps,
      cpus: report.cpus,
    },
  };
  return `${jsonText(
    {
      version: { major: 5, minor: 3 },
      checkouts: [checkout],
      builds: [build],
      tests: [whole, ...cases.map(testOf)],
      ...issuesOf(report, origin, testId),
    },
    2,
  )}\n`;
}
