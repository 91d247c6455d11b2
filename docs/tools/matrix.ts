import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../properties/support/cli.ts';
import { CLAUSES } from '../../reference/contract.ts';
import { grouped } from '../../src/common/words.ts';
import type { Status } from '../../src/run/report/coverage.ts';
import type { ReportData } from '../../src/run/report/data.ts';
import { ARCHES, labelOf } from '../../src/targets/linux/arch/index.ts';
import { suiteOfTarget } from '../../src/targets/linux/prepare/suites.ts';
import { parseMarkdown } from './markdown.ts';

/**
 * The matrix of kernels and clauses. Each run of a stock kernel is a small record in `docs/matrix/`, made from its JSON
 * report; the page is made from the records.
 *
 *     npm run matrix                    writes docs/matrix.md
 *     npm run matrix -- REPORT.json     adds the runs of JSON reports first
 */

/** One run of one kernel. */
export interface KernelRun {
  /** The target as `--target` names it, without settings: `linux:bookworm-i386`. */
  readonly target: string;
  /** Version and machine, as the kernel names itself: `6.1.176 i686`. */
  readonly kernel: string;
  /** The injected fault; undefined for a stock kernel. */
  readonly fault?: string;
  /** Day of the run, as `2026-11-26`. */
  readonly date: string;
  readonly seed: number;
  readonly steps: number;
  readonly programs: number;
  readonly milliseconds: number;
  /** Status by clause. */
  readonly clauses: Readonly<Record<string, Status>>;
}

const FOLDER = 'docs/matrix';
const FINDINGS = 'fixtures/linux/FINDINGS.md';

/** The name of the kernel of a target: `bookworm-i386`. */
const kernelOf = (target: string): string => target.replace(/^linux:/, '');

/**
 * The record of a JSON report.
 * @param date the day of the run.
 * @throws Error if the target is not the kernel of a suite, or if the target failed.
 */
export function recordOf(report: ReportData, date: string): KernelRun {
  const target = report.target.spec.split(',')[0];
  const name = /^linux (\S+ \S+)(?: fault=(\S+))?$/.exec(report.target.name);
  if (!name || !suiteOfTarget(kernelOf(target)))
    throw new Error(`${report.target.spec} (${report.target.name}) is not the kernel of a suite`);
  if (report.targetFailures) throw new Error(`${target} failed ${report.targetFailures} times in this run`);
  return {
    target,
    kernel: name[1],
    ...(name[2] ? { fault: name[2] } : {}),
    date,
    seed: report.seed,
    steps: report.steps,
    programs: report.programs,
    milliseconds: Math.round(report.time.milliseconds),
    clauses: Object.fromEntries(report.clauses.map(({ id, status }) => [id, status])),
  };
}

/** All records, in the order of their files. */
export function readRuns(): KernelRun[] {
  const folder = join(ROOT, FOLDER);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as KernelRun);
}

/** A kernel on an architecture, with all runs of it. */
interface Row {
  readonly arch: string;
  readonly kernel: string;
  readonly runs: readonly KernelRun[];
}

function rowsOf(runs: readonly KernelRun[]): Row[] {
  const rows = new Map<string, KernelRun[]>();
  for (const run of runs) {
    const key = `${run.target} ${run.kernel}`;
    rows.set(key, [...(rows.get(key) ?? []), run]);
  }
  const order = ARCHES.map(labelOf);
  return [...rows.values()]
    .map((group) => {
      const arch = labelOf(suiteOfTarget(kernelOf(group[0].target))!.arch);
      return { arch, kernel: group[0].kernel.split(' ')[0], runs: group };
    })
    .sort(
      (a, b) =>
        order.indexOf(a.arch) - order.indexOf(b.arch) || a.kernel.localeCompare(b.kernel, 'en', { numeric: true }),
    );
}

/** From the strongest statement to the weakest: what several runs say together is the strongest that one of them says. */
const STRENGTH: readonly Status[] = ['violated', 'upheld', 'allowed', 'unarmed', 'unexercised', 'unobservable'];

/** What runs say about a clause together; undefined if it does not apply. */
export function together(runs: readonly KernelRun[], clause: string): Status | undefined {
  return STRENGTH.find((status) => runs.some((run) => run.clauses[clause] === status));
}

/** The groups of clauses, such as ALIAS, with the ids of their MUST clauses, in the order of the contract. */
const GROUPS = new Map<string, string[]>();
for (const { id, level } of CLAUSES) {
  const group = id.replace(/-\d+$/, '');
  if (level !== 'MAY') GROUPS.set(group, [...(GROUPS.get(group) ?? []), id]);
}

/** Finds the anchors of the findings that name a clause and were seen on a kernel, such as `6.1.192 x86_64`. */
function findings(): (clause: string, kernel: string) => readonly string[] {
  const text = readFileSync(join(ROOT, FINDINGS), 'utf8');
  const { headings } = parseMarkdown(text);
  const lines = text.split('\n');
  const known = lines.flatMap((line, at) => {
    if (!line.startsWith('- **Clause**')) return [];
    const rest = lines.slice(at).join(' ');
    const [about] = /^.*?(?=\*\*Where\*\*|$)/.exec(rest)!;
    const [clauses, seen = ''] = about.split('**Seen on**');
    return [
      { anchor: headings.filter((one) => one.line <= at).at(-1)!.anchor, clauses, seen: seen.split('**Not on**')[0] },
    ];
  });
  return (clause, kernel) => {
    const [version] = kernel.split(' ');
    return known
      .filter(
        ({ clauses, seen }) => new RegExp(`\\b${clause}\\b`).test(clauses) && seen.split(/[\s,]+/).includes(version),
      )
      .map(({ anchor }) => anchor);
  };
}

/** A cell of the table: the state of a group of clauses on a kernel. */
function cellOf(
  runs: readonly KernelRun[],
  ids: readonly string[],
  link: (clause: string, kernel: string) => string,
): string {
  const withStatus = (...wanted: readonly Status[]): string[] =>
    ids.filter((id) => wanted.includes(together(runs, id) as Status));
  const violated = withStatus('violated');
  const held = withStatus('upheld');
  const open = withStatus('unarmed', 'unexercised');
  const hidden = withStatus('unobservable');
  const parts = [
    ...violated.map((id) => `**violated** ${link(id, runs[0].kernel)}`),
    ...(held.length > 0 ? [`held ${held.length}`] : []),
    ...(open.length > 0 ? [`not exercised ${open.length}`] : []),
    ...(hidden.length > 0 ? [`not observable ${hidden.length}`] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : 'not judged';
}

const sum = (runs: readonly KernelRun[], of: (run: KernelRun) => number): number =>
  runs.reduce((total, run) => total + of(run), 0);

/** The whole page. */
export function matrixDocument(runs: readonly KernelRun[] = readRuns()): string {
  const findingOf = findings();
  const link = (clause: string, kernel: string): string => {
    const links = findingOf(clause, kernel).map(
      (anchor) => `[finding ${parseInt(anchor, 10)}](../${FINDINGS}#${anchor})`,
    );
    return [clause, ...links].join(', ');
  };
  const rows = rowsOf(runs).map((row) => ({
    ...row,
    stock: row.runs.filter(({ fault }) => fault === undefined),
    faulty: row.runs.filter(({ fault }) => fault !== undefined),
  }));
  const stock = rows.filter((row) => row.stock.length > 0);
  const faults = rows.flatMap(({ arch, kernel, faulty }) =>
    faulty.map(({ fault, clauses, steps, seed }) => {
      const broken = Object.keys(clauses).filter((id) => clauses[id] === 'violated');
      const found = broken.length > 0 ? `found: ${broken.join(', ')}` : 'not found';
      return `| ${arch} | ${kernel} | \`${fault}\` | ${found} | ${grouped(steps)} | ${seed} |`;
    }),
  );
  const head = ['clauses', ...stock.map(({ arch, kernel }) => `${arch} ${kernel}`)];
  // A group that was added later says nothing about older runs.
  const known = [...GROUPS].filter(([, ids]) =>
    stock.some(({ stock: clean }) => ids.some((id) => together(clean, id))),
  );
  const body = known.map(([group, ids]) => {
    const cells = stock.map(({ stock: clean }) => cellOf(clean, ids, link));
    return `| ${[group, ...cells].join(' | ')} |`;
  });
  const amounts = stock.map(({ arch, kernel, stock: clean }) => {
    const dates = [...new Set(clean.map(({ date }) => date))].sort();
    const steps = sum(clean, (run) => run.steps);
    const speed = (steps * 1000) / sum(clean, (run) => run.milliseconds);
    const seeds = clean.map(({ seed }) => seed).join(', ');
    const cells = [arch, kernel, grouped(steps), grouped(speed), seeds, dates.join(', ')];
    return `| ${cells.join(' | ')} |`;
  });
  return `<!-- Written by npm run matrix from docs/matrix/. -->

# Matrix of kernels

What runs of random programs said about stock Linux kernels in QEMU, without KVM. A cell counts the clauses (MUST) of a group:

* **violated**: a program breaks the clause; the link leads to the finding.
* held: steps could have broken the clause, and none did.
* not exercised: no step could have broken it in these runs.
* not observable: no answer of the target could break it.
* not judged: the clauses do not apply to this kernel, or are newer than its runs.

"Held" says that these runs found nothing, and no more. [The contract](contract.md) lists the clauses.

| ${head.join(' | ')} |
|${' --- |'.repeat(head.length)}
${body.join('\n')}

## How much was run

| architecture | kernel | steps | steps/s | seeds | date |
| --- | --- | --- | --- | --- | --- |
${amounts.join('\n')}

The speed includes shrinking and other work on the machine at that time.

## Would it be seen?

Whether a stale translation can be seen at all under QEMU differs between architectures. So the flush is left out of a
running kernel by a fault, which must then be found. On s390x the fault also clears entries of page tables without the
instruction that flushes them; a kernel without faults leaves no stale kernel translations there, so ALIAS-1 is never exercised.

| architecture | kernel | fault | result | steps | seed |
| --- | --- | --- | --- | --- | --- |
${faults.join('\n')}
`;
}

/** Adds the runs of JSON reports. */
function add(paths: readonly string[]): void {
  const folder = join(ROOT, FOLDER);
  mkdirSync(folder, { recursive: true });
  for (const path of paths) {
    const report = JSON.parse(readFileSync(path, 'utf8')) as ReportData;
    const run = recordOf(report, new Date().toISOString().slice(0, 10));
    const name = [kernelOf(run.target), run.fault, run.seed].filter((part) => part !== undefined).join('-');
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(run, undefined, 2)}\n`);
  }
}

if (process.argv[1]?.endsWith('matrix.ts')) {
  add(process.argv.slice(2));
  writeFileSync(join(ROOT, 'docs/matrix.md'), matrixDocument());
  process.stdout.write('wrote docs/matrix.md\n');
}
