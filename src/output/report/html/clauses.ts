import { grouped } from '../../../common/words.ts';
import { shows } from '../../../findings/finding.ts';
import { type ClauseOutcome, type Coverage, OUTCOME_OF, withOutcome } from '../../../run/report/coverage.ts';
import type { Report } from '../../../run/report/report.ts';
import { STATUS_TEXT, statusLegend } from '../words.ts';
import { filterHtml } from './filter.ts';
import { escaped } from './markup.ts';

/** The outcome of each clause. */

const CHOICES: readonly (readonly [ClauseOutcome, string])[] = [
  ['violated', 'violated'],
  ['untested', 'not tested'],
  ['held', 'held'],
];

/** The id of a clause in the page, so that others can link to it. */
export const anchorOf = (id: string): string => `clause-${id}`;

/** A clause, as a link to its line in the table; as plain text if the table does not have it. */
export const clauseLink = ({ coverage }: Report, id: string): string =>
  coverage.some(({ clause }) => clause.id === id) ? `<a href="#${anchorOf(id)}">${escaped(id)}</a>` : escaped(id);

function line(report: Report, { clause, status, exercised, missing }: Coverage, site: string | undefined): string {
  const note =
    missing.length > 0 && exercised === 0 ? ` <em>the target has no ${escaped(missing.join(', '))}</em>` : '';
  const numbers = report.findings.flatMap((finding, n) => (shows(finding, clause) ? [n + 1] : []));
  const links = numbers.map((n) => ` <a href="#finding-${n}" aria-label="violation ${n}">(${n})</a>`).join('');
  const { id, sentence, source } = clause;
  const page = site === undefined ? '' : `; <a href="${escaped(`${site}clause/${id}.html`)}">examples of ${id}</a>`;
  return `<tr role="row" class="${status}" id="${anchorOf(id)}" data-outcome="${OUTCOME_OF[status]}"><th scope="row" role="rowheader"><a href="#${anchorOf(id)}">${escaped(id)}</a></th><td role="cell" class="count">${grouped(exercised)}</td><td role="cell" class="status">${escaped(STATUS_TEXT[status].toLowerCase())}${links}</td><td role="cell">${escaped(sentence)}${note} <small>${escaped(source)}${page}</small></td></tr>`;
}

const HEADINGS = ['clause', 'exercised', 'outcome', 'what it says, and its source']
  .map((text) => `<th scope="col" role="columnheader">${text}</th>`)
  .join('');

const ORDER: readonly Coverage['status'][] = [
  'violated',
  'unarmed',
  'unexercised',
  'unobservable',
  'allowed',
  'upheld',
];

/**
 * The coverage table, folded: violated clauses first, then those that were not exercised, then those that held. Roles are
 * explicit because rows become grids on a phone and would lose their role.
 * @param site where the site of the contract is, with a slash at its end.
 */
export function clausesHtml(report: Report, site?: string): string {
  const sorted = report.coverage.toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  const counts = CHOICES.map(([outcome, name]) => {
    const count = withOutcome(sorted, outcome).length;
    return count === 0 ? '' : `${count} ${name}`;
  }).filter((text) => text !== '');
  const legend = statusLegend(sorted)
    .map(([word, meaning]) => `<div><dt>${escaped(word)}</dt><dd>${escaped(meaning)}</dd></div>`)
    .join('');
  return `<details id="all-clauses"><summary>${sorted.length} clauses: ${counts.join(', ')}</summary>
${filterHtml('clauses', '.clauses tbody tr', 'clauses', CHOICES)}
<table class="clauses" role="table"><thead role="rowgroup"><tr role="row">${HEADINGS}</tr></thead><tbody role="rowgroup">
${sorted.map((one) => line(report, one, site)).join('\n')}
</tbody></table>
<dl class="words">${legend}</dl></details>`;
}
