import { UsageError } from '../common/errors.ts';
import type { Finding } from '../findings/finding.ts';
import { Groups } from '../findings/group.ts';
import { type Coverage, statusFrom } from './report/coverage.ts';
import { mergeFunctions } from './report/functions.ts';
import { loadReport, reportFrom } from './report/read.ts';
import type { Expected, Phase, Report } from './report/report.ts';
import { printShard } from './shard.ts';

/** The report of one shard, its file, and the version of mmspec that wrote it. */
interface ShardReport {
  readonly path: string;
  readonly version: string;
  readonly report: Report;
}

/**
 * Reads the report of a shard.
 * @throws UsageError as `loadReport`.
 */
export function loadShardReport(path: string): ShardReport {
  const data = loadReport(path);
  return { path, version: data.mmspec, report: reportFrom(data, path) };
}

/** What the shards of one run have in common. */
const COMMON: readonly (readonly [string, (part: ShardReport) => unknown])[] = [
  ['version of mmspec', ({ version }) => version],
  ['target', ({ report }) => report.target],
  ['implementation', ({ report }) => report.name],
  ['profile', ({ report }) => [report.profile, ...report.declared].join(' ')],
  ['seed', ({ report }) => report.seed],
  ['number of CPUs', ({ report }) => report.cpus],
  ['number of frames', ({ report }) => report.frames],
  ['number of shards', ({ report }) => report.shard?.of],
  ['scope', ({ report }) => report.scope],
  ['list of requirements', ({ report }) => report.required.map(({ kind, id, least }) => `${kind} ${id} ${least}`)],
  ['list of selected clauses', ({ report }) => report.selected.map(({ id }) => id)],
  ['list of expected divergences', ({ report }) => report.expected.map(({ entry }) => entry.text)],
  ['list of clauses', ({ report }) => report.coverage.map(({ clause }) => clause.id)],
  ['list of calls', ({ report }) => report.calls.map(({ call }) => call)],
  ['list of goals', ({ report }) => report.goals.map(({ goal }) => goal.id)],
  ['list of parts', ({ report }) => report.phases.map(({ name }) => name)],
];

/** A value of `COMMON` as text, to compare and to print. */
const shown = (value: unknown): string => (Array.isArray(value) ? value.join(', ') || 'empty' : String(value));

/** What two reports were asked for differently: `programs`, `length` ... Undefined if nothing, or if one does not say. */
function askedDifferently(
  { report: a }: ShardReport,
  { report: b }: ShardReport,
): [string, string, string] | undefined {
  if (!a.asked || !b.asked) return undefined;
  for (const name of new Set([...Object.keys(a.asked), ...Object.keys(b.asked)]))
    if (a.asked[name] !== b.asked[name]) return [name, a.asked[name] ?? 'not set', b.asked[name] ?? 'not set'];
  return undefined;
}

/** A part of which one shard has at least two programs more than the other: shards of one run have equal parts. */
function unequalPart({ report: a }: ShardReport, { report: b }: ShardReport): [string, string, string] | undefined {
  for (const [i, { name, done, left, more }] of a.phases.entries()) {
    const other = b.phases[i];
    const [size, otherSize] = [done + left, other.done + other.left];
    if (!more && !other.more && Math.abs(size - otherSize) > 1)
      return [`number of ${name} programs`, String(size), String(otherSize)];
  }
  return undefined;
}

/**
 * Checks that the reports are of different shards of one run, with one plan.
 * @throws UsageError naming two files that do not belong together, and why.
 */
function checkParts(parts: readonly ShardReport[]): void {
  for (const { path, report } of parts)
    if (!report.shard)
      throw new UsageError(`${path} is not the report of a shard: merge what runs with --shard i/n wrote, such as 1/4`);
  const [first, ...others] = parts;
  for (const part of others) {
    const common = COMMON.find(([, of]) => shown(of(part)) !== shown(of(first)));
    const [what, here, there] =
      (common && [common[0], shown(common[1](part)), shown(common[1](first))]) ??
      askedDifferently(part, first) ??
      unequalPart(part, first) ??
      [];
    if (what !== undefined)
      throw new UsageError(
        `${part.path} and ${first.path} are of different runs: the ${what} is ${here}, not ${there}`,
      );
  }
  const seen = new Map<number, string>();
  for (const { path, report } of parts) {
    const { index, of } = report.shard!;
    if (index >= of)
      throw new UsageError(`${path} is the report of shard ${printShard({ index, of })}: there is no such shard`);
    const twin = seen.get(index);
    if (twin !== undefined) throw new UsageError(`${path} and ${twin} are reports of the same shard; give one of them`);
    seen.set(index, path);
  }
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, one) => total + one, 0);

function mergeCoverage(reports: readonly Report[]): Coverage[] {
  return reports[0].coverage.map((line, i) => {
    const lines = reports.map((report) => report.coverage[i]);
    const counts = {
      upheld: sum(lines.map((one) => one.upheld)),
      violated: sum(lines.map((one) => one.violated)),
      unarmed: sum(lines.map((one) => one.unarmed)),
      exercised: sum(lines.map((one) => one.exercised)),
      needs: line.needs,
    };
    return { ...line, ...counts, status: statusFrom(line.clause, counts) };
  });
}

/** One finding for each key and fault: the one that a single run would have met first, counted as often as all shards met it. */
function mergeFindings(reports: readonly Report[]): Finding[] {
  const byKey = new Map<string, Finding[]>();
  for (const finding of reports.flatMap((report) => report.findings))
    byKey.set(finding.key, [...(byKey.get(finding.key) ?? []), finding]);
  const findings = [...byKey.values()]
    .map((same) => {
      const { inBase: _, ...first } = same.reduce((a, b) => (b.afterPrograms < a.afterPrograms ? b : a));
      return { ...first, again: sum(same.map(({ again }) => again + 1)) - 1 };
    })
    .sort((a, b) => a.afterPrograms - b.afterPrograms);
  const groups = new Groups();
  for (const finding of findings) groups.add(finding);
  return groups.leaders;
}

function mergePhases(reports: readonly Report[]): Phase[] {
  return reports[0].phases.map((phase, i) => {
    const phases = reports.map((report) => report.phases[i]);
    return {
      ...phase,
      done: sum(phases.map(({ done }) => done)),
      left: sum(phases.map(({ left }) => left)),
      ...(phases.some(({ more }) => more) ? { more: true } : {}),
    };
  });
}

function mergeExpected(reports: readonly Report[]): Expected[] {
  return reports[0].expected.map((expected, i) => {
    const shown = reports.map((report) => report.expected[i]?.shown).find((one) => one !== undefined);
    const met = sum(reports.map((report) => report.expected[i]?.met ?? 0));
    return { ...expected, met, ...(shown ? { shown } : {}) };
  });
}

/** The shards that no report is of, `3/4`. */
function missing(reports: readonly Report[]): string[] {
  const of = reports[0].shard?.of ?? 1;
  const there = new Set(reports.map((report) => report.shard?.index ?? 0));
  return Array.from({ length: of }, (_, index) => index)
    .filter((index) => !there.has(index))
    .map((index) => printShard({ index, of }));
}

/**
 * Merges the reports of the shards of one run.
 * @returns the report of the whole run, and the shards that are missing, `3/4`.
 * @throws UsageError when the reports are of different runs, or two of the same shard.
 */
export function mergeReports(parts: readonly ShardReport[]): { report: Report; missing: readonly string[] } {
  checkParts(parts);
  const reports = parts.map(({ report }) => report).sort((a, b) => (a.shard?.index ?? 0) - (b.shard?.index ?? 0));
  const absent = missing(reports);
  // What a shard was compared with says nothing about the whole run.
  const { shard: _, base: _base, functions: _functions, ...first } = reports[0];
  const report: Report = {
    ...first,
    programs: sum(reports.map(({ programs }) => programs)),
    steps: sum(reports.map(({ steps }) => steps)),
    unknown: sum(reports.map(({ unknown }) => unknown)),
    milliseconds: Math.max(...reports.map(({ milliseconds }) => milliseconds)),
    running: Math.max(...reports.map(({ running }) => running)),
    interrupted: absent.length > 0 || reports.some(({ interrupted }) => interrupted),
    targetFailures: sum(reports.map(({ targetFailures }) => targetFailures)),
    coverage: mergeCoverage(reports),
    calls: first.calls.map((call, i) => ({
      ...call,
      effects: sum(reports.map(({ calls }) => calls[i].effects)),
      unsupported: sum(reports.map(({ calls }) => calls[i].unsupported)),
    })),
    acrossCpus: sum(reports.map(({ acrossCpus }) => acrossCpus)),
    unsupported: [...new Set(reports.flatMap(({ unsupported }) => unsupported))].sort(),
    findings: mergeFindings(reports),
    phases: mergePhases(reports),
    goals: first.goals.map((goal, i) => ({ ...goal, programs: sum(reports.map(({ goals }) => goals[i].programs)) })),
    states: first.states.map((state, i) => ({
      ...state,
      programs: sum(reports.map(({ states }) => states[i]?.programs ?? 0)),
    })),
    ...mergeFunctions(reports),
    required: first.required.map((one, i) => ({ ...one, seen: sum(reports.map(({ required }) => required[i].seen)) })),
    expected: mergeExpected(reports),
  };
  return { report, missing: absent };
}
