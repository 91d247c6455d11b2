import { duration, grouped } from '../../../common/words.ts';
import type { FunctionCoverage } from '../../../run/report/functions.ts';
import type { Report } from '../../../run/report/report.ts';
import { untested } from '../../../run/report/untested.ts';
import { declaredDifferences, neverOffered } from '../declared.ts';
import { machineTexts } from '../machine.ts';
import { functionsText, shownText } from '../words.ts';
import { code, escaped } from './markup.ts';
import { reachedHtml } from './reached.ts';

/** What ran on what, how far it got, and what was not tested. */

const figure = (name: string, value: string): string => `<div><dt>${name}</dt><dd>${value}</dd></div>`;

/** The profile and the traits that differ from it, on one line. */
export function profileHtml({ profile, declared }: Report): string {
  const traits = declared.map((trait) => code(trait)).join(' ');
  return `${code(profile)}${traits === '' ? '' : ` with ${traits}`}`;
}

function figures(report: Report): string {
  const speed = report.running > 0 ? grouped((report.steps / report.running) * 1000) : '-';
  return `<dl class="figures">${[
    figure('programs', grouped(report.programs)),
    figure('judged steps', grouped(report.steps)),
    ...(report.unknown > 0 ? [figure('left open', grouped(report.unknown))] : []),
    figure('total time', duration(report.milliseconds)),
    figure('running programs', duration(report.running)),
    figure('steps per second', speed),
    figure('seed', String(report.seed)),
    figure('CPUs', `${report.cpus} of ${report.targetCpus}`),
    figure('frames', grouped(report.frames)),
  ].join('')}</dl>`;
}

function machine(report: Report): string {
  const texts = machineTexts(report);
  if (!texts) return '';
  const row = (name: string, value: string): string => `<dt>${name}</dt><dd>${escaped(value)}</dd>`;
  const options = texts.options === undefined ? '' : row('kernel options', texts.options);
  return `<h3>The kernel and its machine</h3>
<dl class="rows">${row('kernel', texts.kernel)}${options}${row('machine', texts.machine)}</dl>`;
}

function neverEntered(functions: FunctionCoverage): string {
  const names = functions.never.map((name) => code(name)).join(' ');
  const list = names === '' ? '' : `<details><summary>Their names</summary><p>${names}</p></details>`;
  return `<h3>Functions never entered</h3><p>${escaped(functionsText(functions))}</p>${list}`;
}

/** The divergences that are listed as expected, each with its bug and whether it still shows. */
function expectedHtml({ expected }: Report): string {
  const items = expected.map((listed) => {
    const { entry } = listed;
    const bug = /^https?:\/\//.test(entry.bug)
      ? `<a href="${escaped(entry.bug)}">${escaped(entry.bug)}</a>`
      : escaped(entry.bug);
    return `<li>${escaped(`${entry.clause} ${entry.program}`)}, ${shownText(listed)}: ${escaped(entry.why)} ${bug}</li>`;
  });
  return items.length > 0 ? `<h3>Expected divergences</h3><ul>${items.join('')}</ul>` : '';
}

/** The section about the run. */
export function runHtml(report: Report): string {
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
  return `${figures(report)}
${reachedHtml(report)}
${expectedHtml(report)}${open}${missing}${functions}${machine(report)}${differs}`;
}
