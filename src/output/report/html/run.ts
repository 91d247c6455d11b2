import { duration, grouped } from '../../../common/words.ts';
import type { Coverage } from '../../../run/report/coverage.ts';
import type { FunctionCoverage } from '../../../run/report/functions.ts';
import type { Report } from '../../../run/report/report.ts';
import { untested } from '../../../run/report/untested.ts';
import { declaredDifferences, neverOffered } from '../declared.ts';
import { functionsText, STATUS_TEXT, statusLegend } from '../words.ts';
import { code, escaped } from './markup.ts';

/** The figures of a run, and how each clause fared. */

const figure = (name: string, value: string): string => `<div><dt>${name}</dt><dd>${value}</dd></div>`;

export function figures(report: Report): string {
  const speed = report.running > 0 ? grouped((report.steps / report.running) * 1000) : '-';
  return `<dl class="figures">${[
    figure('programs', grouped(report.programs)),
    figure('judged steps', grouped(report.steps)),
    ...(report.unknown > 0 ? [figure('left open', grouped(report.unknown))] : []),
    figure('total time', duration(report.milliseconds)),
    figure('running programs', duration(report.running)),
    figure('steps per second', speed),
    figure('seed', String(report.seed)),
    figure('CPUs, frames', `${report.cpus} of ${report.targetCpus}, ${report.frames}`),
    `<div class="profile"><dt>profile</dt><dd>${[report.profile, ...report.declared].map((part) => `<span>${escaped(part)}</span>`).join('')}</dd></div>`,
  ].join('')}</dl>`;
}

function line({ clause, status, exercised, missing }: Coverage): string {
  const note =
    missing.length > 0 && exercised === 0 ? ` <em>the target has no ${escaped(missing.join(', '))}</em>` : '';
  return `<tr role="row" class="${status}"><th scope="row" role="rowheader">${escaped(clause.id)}</th><td role="cell" class="count">${grouped(exercised)}</td><td role="cell" class="status">${escaped(STATUS_TEXT[status].toLowerCase())}</td><td role="cell">${escaped(clause.sentence)}${note}</td></tr>`;
}

const HEADINGS = ['clause', 'exercised', 'outcome', 'what it says']
  .map((text) => `<th scope="col" role="columnheader">${text}</th>`)
  .join('');

function neverEntered(functions: FunctionCoverage): string {
  const names = functions.never.map((name) => code(name)).join(' ');
  const list = names === '' ? '' : `<details><summary>Their names</summary><p>${names}</p></details>`;
  return `<h3>Functions never entered</h3><p>${escaped(functionsText(functions))}</p>${list}`;
}

/**
 * The coverage table: violated clauses first, then those that were not exercised, then those that held. Roles are
 * explicit because rows become grids on a phone and would lose their role.
 */
export function clauses(report: Report): string {
  const order: Coverage['status'][] = ['violated', 'unarmed', 'unexercised', 'unobservable', 'allowed', 'upheld'];
  const sorted = report.coverage.toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  const legend = statusLegend(sorted)
    .map(([word, meaning]) => `<div><dt>${escaped(word)}</dt><dd>${escaped(meaning)}</dd></div>`)
    .join('');
  const gaps = untested(report).map(
    ({ what, why, option, required }) =>
      `<li>${required ? '<strong>required</strong> ' : ''}${escaped(`${what}: ${why}; ${option}`)}</li>`,
  );
  const open = gaps.length > 0 ? `<h3>Not tested</h3><ul class="untested">${gaps.join('')}</ul>` : '';
  const functions = report.functions ? neverEntered(report.functions) : '';
  const declared = declaredDifferences(report).map(
    ({ text, promises }) =>
      `<li>${escaped(text)}<ul>${promises.map((promise) => `<li>${escaped(promise)}</li>`).join('')}</ul></li>`,
  );
  const differs = declared.length > 0 ? `<h3>Declared differences</h3><ul>${declared.join('')}</ul>` : '';
  const absent = neverOffered(report).map((call) => code(call));
  const missing = absent.length > 0 ? `<p>Not offered by the target: ${absent.join(' ')}</p>` : '';
  return `<table class="clauses" role="table"><thead role="rowgroup"><tr role="row">${HEADINGS}</tr></thead><tbody role="rowgroup">
${sorted.map(line).join('\n')}
</tbody></table>
<dl class="words">${legend}</dl>${missing}${differs}${open}${functions}`;
}
