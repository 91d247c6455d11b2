import type { Coverage } from '../coverage.ts';
import type { Report } from '../report.ts';
import { duration, grouped, STATUS_TEXT } from '../text.ts';
import { code, escaped } from './markup.ts';

/** What was run, and how every clause fared. */

const figure = (name: string, value: string): string => `<div><dt>${name}</dt><dd>${value}</dd></div>`;

/** The figures of the run. */
export function figures(report: Report): string {
  const speed = report.running > 0 ? grouped((report.steps / report.running) * 1000) : '-';
  return `<dl class="figures">${[
    figure('programs', grouped(report.programs)),
    figure('judged steps', grouped(report.steps)),
    ...(report.unknown > 0 ? [figure('left open', grouped(report.unknown))] : []),
    figure('time', duration(report.milliseconds)),
    figure('steps a second', speed),
    figure('seed', String(report.seed)),
    figure('CPUs, frames', `${report.cpus}, ${report.frames}`),
    figure('profile', escaped([report.profile, ...report.declared].join(' '))),
  ].join('')}</dl>`;
}

function line({ clause, status, exercised, missing }: Coverage): string {
  const note =
    missing.length > 0 && exercised === 0 ? ` <em>the target has no ${escaped(missing.join(', '))}</em>` : '';
  return `<tr class="${status}"><th scope="row">${escaped(clause.id)}</th><td class="count">${grouped(exercised)}</td><td class="status">${escaped(STATUS_TEXT[status].toLowerCase())}</td><td>${escaped(clause.sentence)}${note}</td></tr>`;
}

/** The coverage table: violated clauses first, then what was not exercised, then what held. */
export function clauses(report: Report): string {
  const order: Coverage['status'][] = ['violated', 'unarmed', 'unexercised', 'allowed', 'upheld'];
  const sorted = report.coverage.toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  const missing =
    report.unsupported.length > 0
      ? `<p>Not offered by the target: ${report.unsupported.map((call) => code(call)).join(' ')}</p>`
      : '';
  return `<table class="clauses"><thead><tr><th scope="col">clause</th><th scope="col">exercised</th><th scope="col">outcome</th><th scope="col">what it says</th></tr></thead><tbody>
${sorted.map(line).join('\n')}
</tbody></table>${missing}`;
}
