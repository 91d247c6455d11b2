import { CLAUSES } from '../../../reference/contract.ts';
import { grouped } from '../../../src/common/words.ts';
import { code, escaped } from '../../../src/output/report/html/markup.ts';
import { FINDINGS } from './findings.ts';
import { type KernelRun, readRuns } from './records.ts';
import { type Cell, matrixOf } from './table.ts';
import { FAULTS, HELD_MEANS, INTRODUCTION, SPEED, STATES } from './words.ts';

/** Colors for light and dark; a state is always named, too. */
const STYLE = `
:root { --paper: #fff; --ink: #1c2128; --soft: #59636e; --line: #d5dae1; --bad: #ffebe9; --good: #e9f6ec; --open: #f4f6f8; --link: #0a58ca; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14171c; --ink: #e3e7ec; --soft: #9aa4b0; --line: #333a44; --bad: #4a1d20; --good: #15301d; --open: #1c2128; --link: #6cabff; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 90rem; padding: 1.25rem clamp(0.75rem, 3vw, 2.5rem) 4rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; }
a { color: var(--link); }
h2 { margin: 2.5rem 0 0.75rem; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.2rem 1rem; }
dt { font-weight: 600; } dd { margin: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
caption { text-align: left; color: var(--soft); padding-bottom: 0.4rem; }
th, td { border: 1px solid var(--line); padding: 0.35rem 0.6rem; text-align: left; vertical-align: top; min-width: 7rem; }
th[scope="row"] { position: sticky; left: 0; background: var(--paper); min-width: 5rem; }
td.violated { background: var(--bad); } td.held { background: var(--good); } td.open { background: var(--open); color: var(--soft); }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
summary { cursor: pointer; }
ul { margin: 0.3rem 0 0; padding-left: 1.1rem; font-size: 0.85rem; max-width: 22rem; }
`;

const SENTENCES = new Map(CLAUSES.map(({ id, sentence }) => [id, sentence]));

const paragraph = (text: string): string => `<p>${escaped(text)}</p>`;

/** The clauses of one state in a cell: how many, and behind that which ones. */
function listOf(state: string, ids: readonly string[]): string {
  if (ids.length === 0) return '';
  const items = ids.map((id) => `<li>${code(id)} ${escaped(SENTENCES.get(id) ?? '')}</li>`);
  return `<details><summary>${state} ${ids.length}</summary><ul>${items.join('')}</ul></details>`;
}

function cellHtml({ violated, held, notExercised, notObservable }: Cell): string {
  const broken = violated.map(({ clause, findings }) => {
    const links = findings.map((anchor) => `<a href="../${FINDINGS}#${anchor}">finding ${parseInt(anchor, 10)}</a>`);
    const name = `<span title="${escaped(SENTENCES.get(clause) ?? '')}">${code(clause)}</span>`;
    return `<div><strong>violated</strong> ${[name, ...links].join(', ')}</div>`;
  });
  const rest = [
    listOf('held', held),
    listOf('not exercised', notExercised),
    listOf('not observable', notObservable),
  ].join('');
  const kind = violated.length > 0 ? 'violated' : held.length > 0 ? 'held' : 'open';
  return `<td class="${kind}">${broken.join('')}${rest}${broken.length === 0 && rest === '' ? 'not judged' : ''}</td>`;
}

/** A table. Numbers are on the right; the other cells are HTML. */
function table(caption: string, head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string =>
    typeof value === 'number' ? `<td class="number">${grouped(value)}</td>` : `<td>${value}</td>`;
  const body = rows.map(([first, ...cells]) => `<tr><th scope="row">${first}</th>${cells.map(cell).join('')}</tr>`);
  return tableOf(caption, head, body);
}

/** @param body the rows, as HTML. */
const tableOf = (caption: string, head: readonly string[], body: readonly string[]): string =>
  `<section class="scroll" aria-label="${escaped(caption)}"><table><caption>${escaped(caption)}</caption>
<thead><tr>${head.map((text) => `<th scope="col">${escaped(text)}</th>`).join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody></table></section>`;

/** The matrix of kernels as a page of HTML that needs no network: `docs/matrix.html`. */
export function matrixPage(runs: readonly KernelRun[] = readRuns()): string {
  const { kernels, groups, amounts, faults } = matrixOf(runs);
  const states = STATES.map(([name, meaning]) => `<dt>${name}</dt><dd>${escaped(meaning)}</dd>`);
  const clauses = tableOf(
    'Clauses by group, and kernels',
    ['clauses', ...kernels.map(({ arch, version }) => `${arch} ${version}`)],
    groups.map(({ name, cells }) => `<tr><th scope="row">${name}</th>${cells.map(cellHtml).join('')}</tr>`),
  );
  const run = table(
    'Runs of stock kernels',
    ['architecture', 'kernel', 'steps', 'steps/s', 'seeds', 'date'],
    amounts.map(({ arch, version, steps, stepsPerSecond, seeds, dates }) => [
      ...[arch, version, steps, stepsPerSecond],
      ...[seeds.join(', '), dates.join(', ')],
    ]),
  );
  const found = table(
    'Runs of kernels with a fault',
    ['architecture', 'kernel', 'fault', 'result', 'steps', 'seed'],
    faults.map(({ arch, version, fault, found, steps, seed }) => [
      ...[
        arch,
        version,
        code(fault),
        found.length > 0 ? `found: ${found.map((id) => code(id)).join(', ')}` : 'not found',
      ],
      ...[steps, String(seed)],
    ]),
  );
  return `<!doctype html>
<!-- Written by npm run matrix from docs/matrix/. -->
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>mmspec: matrix of kernels</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>Matrix of kernels</h1></header>
<main>
${paragraph(INTRODUCTION)}
<dl>${states.join('')}</dl>
<p>${escaped(HELD_MEANS)} <a href="contract.md">The contract</a> lists the clauses. Open a cell to see which clauses it counts.</p>
${clauses}
<h2>How much was run</h2>
${run}
${paragraph(SPEED)}
<h2>Would it be seen?</h2>
${paragraph(FAULTS.join(' '))}
${found}
</main>
</body>
</html>
`;
}
