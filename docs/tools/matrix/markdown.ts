import { grouped } from '../../../src/common/words.ts';
import { FINDINGS } from './findings.ts';
import { type KernelRun, readRuns } from './records.ts';
import { type Cell, matrixOf } from './table.ts';
import { FAULTS, HELD_MEANS, INTRODUCTION, SPEED, STATES } from './words.ts';

const linkTo = (anchor: string): string => `[finding ${parseInt(anchor, 10)}](../${FINDINGS}#${anchor})`;

function cellText({ violated, held, notExercised, notObservable }: Cell): string {
  const counted = (what: string, ids: readonly string[]): string[] => (ids.length > 0 ? [`${what} ${ids.length}`] : []);
  const parts = [
    ...violated.map(({ clause, findings }) => `**violated** ${[clause, ...findings.map(linkTo)].join(', ')}`),
    ...counted('held', held),
    ...counted('not exercised', notExercised),
    ...counted('not observable', notObservable),
  ];
  return parts.length > 0 ? parts.join(', ') : 'not judged';
}

/** A table: the cells of the first row are the head. */
const table = ([head, ...rows]: readonly (readonly string[])[]): string =>
  [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join(
    '\n',
  );

/** The matrix of kernels as Markdown: `docs/matrix.md`. */
export function matrixDocument(runs: readonly KernelRun[] = readRuns()): string {
  const { kernels, groups, amounts, faults } = matrixOf(runs);
  const states = STATES.map(([name, meaning]) => `* ${name === 'violated' ? '**violated**' : name}: ${meaning}`);
  const clauses = table([
    ['clauses', ...kernels.map(({ arch, version }) => `${arch} ${version}`)],
    ...groups.map(({ name, cells }) => [name, ...cells.map(cellText)]),
  ]);
  const run = table([
    ['architecture', 'kernel', 'steps', 'steps/s', 'seeds', 'date'],
    ...amounts.map(({ arch, version, steps, stepsPerSecond, seeds, dates }) => [
      ...[arch, version, grouped(steps), grouped(stepsPerSecond)],
      ...[seeds.join(', '), dates.join(', ')],
    ]),
  ]);
  const found = table([
    ['architecture', 'kernel', 'fault', 'result', 'steps', 'seed'],
    ...faults.map(({ arch, version, fault, found, steps, seed }) => [
      ...[arch, version, `\`${fault}\``, found.length > 0 ? `found: ${found.join(', ')}` : 'not found'],
      ...[grouped(steps), String(seed)],
    ]),
  ]);
  return `<!-- Written by npm run matrix from docs/matrix/. -->

# Matrix of kernels

${INTRODUCTION}

${states.join('\n')}

${HELD_MEANS} [The contract](contract.md) lists the clauses.
[matrix.html](matrix.html) shows the same with colors, and names the clauses of each cell.

${clauses}

## How much was run

${run}

${SPEED}

## Would it be seen?

${FAULTS.join('\n')}

${found}
`;
}
