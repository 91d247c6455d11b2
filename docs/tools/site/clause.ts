import { readFileSync } from 'node:fs';
import { marked } from 'marked';
import { exhibitOfText } from '../../../properties/support/exhibits.ts';
import type { Clause } from '../../../reference/clauses/clause.ts';
import { CALLS, CLAUSES } from '../../../reference/contract.ts';
import { storyOf } from '../../../src/output/picture/story.ts';
import { filterHtml } from '../../../src/output/report/html/filter.ts';
import { code, escaped } from '../../../src/output/report/html/markup.ts';
import { player } from '../../../src/output/report/html/player.ts';
import { STATUS_TEXT } from '../../../src/output/report/words.ts';
import { listMutants } from '../../../src/targets/embedded/index.ts';
import { condition, GOLD } from '../contract.ts';
import { FINDINGS } from '../matrix/findings.ts';
import { type KernelRun, readRuns } from '../matrix/records.ts';
import { statusOnKernels } from '../matrix/table.ts';
import { pageOf } from './documents.ts';
import type { Page } from './shell.ts';

/** The pages of the clauses: one for each, and a list of all. */

/** The page of a clause, which reports link to. */
export const clausePath = (id: string): string => `clause/${id}.html`;

/** The call that a clause is about, as HTML. */
function callOf(clause: Clause): string {
  const call = CALLS.find(({ clauses }) => clauses.includes(clause));
  return call ? code(call.name) : 'several';
}

/** A gold trace: what it shows, its picture, and its text. */
function traceHtml(clause: Clause, kind: 'good' | 'bad'): string {
  const name = `${clause.id}.${kind}`;
  const text = readFileSync(new URL(`${name}.mm`, GOLD), 'utf8');
  const { trace, agreement, violation } = exhibitOfText(name, text);
  const [, comment] = text.split('\n');
  const story = storyOf(trace, { traits: agreement.traits, page: agreement.terms.page, violation });
  const id = `${kind}-trace`;
  return `<article aria-labelledby="${id}"><h2 id="${id}">${kind === 'good' ? 'Allowed' : 'Not allowed'}</h2>
<p>${escaped(comment.replace(/^# \S+ \w+: /, ''))}</p>
<h3>Step by step</h3>
${player(story, trace.program.steps.length, `${id}-culprit`)}
<details><summary>the trace as text</summary><pre tabindex="0">${escaped(text)}</pre></details></article>`;
}

function mutantsHtml({ id }: Clause): string {
  const mutants = listMutants().filter(({ breaks }) => breaks === id);
  const items = mutants.map(({ name, summary }) => `<li>${code(`mutant:${name}`)} ${escaped(summary)}</li>`);
  const list = items.length > 0 ? `<ul>${items.join('')}</ul>` : '<p>No mutant of the kit is about this clause.</p>';
  return `<h2 id="mutants">Mutants that break it</h2>${list}`;
}

function kernelsHtml({ id }: Clause, statusOf: ReturnType<typeof statusOnKernels>): string {
  const rows = statusOf(id).map(({ arch, version, status, findings }) => {
    const links = findings.map(
      (anchor) => `<a href="../${pageOf(FINDINGS)}#${anchor}">finding ${parseInt(anchor, 10)}</a>`,
    );
    const see = links.length > 0 ? `, see ${links.join(', ')}` : '';
    return `<tr class="${status}"><th scope="row">${escaped(`${arch} ${version}`)}</th><td class="status">${escaped(STATUS_TEXT[status].toLowerCase())}${see}</td></tr>`;
  });
  const table = `<table class="clauses"><thead><tr><th scope="col">kernel</th><th scope="col">outcome</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
  return `<h2 id="kernels">Kernels</h2>${rows.length > 0 ? table : '<p>No run of a kernel judged it.</p>'}
<p>From the <a href="../docs/matrix.html">matrix of kernels</a>.</p>`;
}

function clausePage(clause: Clause, index: number, statusOf: ReturnType<typeof statusOnKernels>): Page {
  const when = condition(clause);
  const neighbour = (at: number, word: string): string =>
    CLAUSES[at] ? `<a href="${CLAUSES[at].id}.html">${word}: ${CLAUSES[at].id}</a>` : '';
  const row = (name: string, html: string): string => `<dt>${name}</dt><dd>${html}</dd>`;
  const about = [
    row('level', clause.level === 'MUST' ? 'MUST' : 'MAY: a freedom that the judge leaves to every implementation'),
    ...(when === '' ? [] : [row('judged', marked.parseInline(when, { async: false }))]),
    row('source', escaped(clause.source)),
    row('call', callOf(clause)),
    row('see also', `<a href="../docs/contract.html#${clause.id.toLowerCase()}">the contract</a>`),
  ];
  const body = `<h1>${clause.id}</h1>
<p class="sentence">${escaped(clause.sentence)}</p>
<dl class="rows">${about.join('')}</dl>
${traceHtml(clause, 'good')}
${clause.level === 'MUST' ? traceHtml(clause, 'bad') : ''}
${mutantsHtml(clause)}
${kernelsHtml(clause, statusOf)}
<nav aria-label="clauses"><p>${[neighbour(index - 1, 'before'), neighbour(index + 1, 'next')].filter(Boolean).join(' · ')}</p></nav>`;
  return { path: clausePath(clause.id), title: `${clause.id}: ${clause.sentence}`, body };
}

/** The list of all clauses, with a filter. */
function listPage(): Page {
  const items = CLAUSES.map(
    ({ id, level, sentence }) =>
      `<tr id="${id}"><th scope="row"><a href="${id}.html">${id}</a></th><td>${level}</td><td>${escaped(sentence)}</td></tr>`,
  );
  const body = `<h1>Clauses</h1>
<p>${CLAUSES.length} sentences that mmspec judges by. Each has a page with a trace that it allows and one that it does not.</p>
${filterHtml('clauses', '.clauses tbody tr', 'clauses')}
<table class="clauses"><thead><tr><th scope="col">clause</th><th scope="col">level</th><th scope="col">what it says</th></tr></thead><tbody>
${items.join('\n')}
</tbody></table>`;
  return { path: 'clause/index.html', title: 'Clauses', body };
}

/** A page for each clause, and the list of them. */
export function clausePages(runs: readonly KernelRun[] = readRuns()): Page[] {
  const statusOf = statusOnKernels(runs);
  return [listPage(), ...CLAUSES.map((clause, index) => clausePage(clause, index, statusOf))];
}
