import { oneLine } from '../../../common/printable.ts';
import { duration, grouped } from '../../../common/words.ts';
import type { Coverage } from '../../../run/report/coverage.ts';
import type { Report } from '../../../run/report/report.ts';
import { declaredDifferences, neverOffered } from '../declared.ts';
import { machineTexts } from '../machine.ts';
import { incompleteText, openText } from '../words.ts';
import { statesText } from './states.ts';

const declaredText = (report: Report): string[] =>
  declaredDifferences(report).flatMap(({ text, promises }) => [text, ...promises.map((line) => `  ${line}`)]);

/** Which kernel was tested, how it is configured, and on which machine; empty for other targets. */
function machineLines(report: Report): string[] {
  const texts = machineTexts(report);
  if (!texts) return [];
  const options = texts.options === undefined ? [] : [`kernel options: ${texts.options}`];
  return [`kernel ${texts.kernel}`, ...options, `machine with ${texts.machine}`];
}

/** The last lines of a run. */
export function summaryText(report: Report): string {
  const count = (status: Coverage['status']): number => report.coverage.filter((line) => line.status === status).length;
  const untested = count('unexercised') + count('unarmed') + count('unobservable');
  const speed = report.running > 0 ? ` (${grouped((report.steps / report.running) * 1000)} steps/s)` : '';
  const parts = [
    `${grouped(report.programs)} programs, ${grouped(report.steps)} judged steps in ${duration(report.milliseconds)}${speed}`,
    `seed ${report.seed}, profile ${report.profile}${report.declared.length > 0 ? ` with ${report.declared.join(' ')}` : ''}`,
    `${count('upheld') + count('allowed')} clauses held, ${count('violated')} violated, ${untested} not exercised, not armed or not observable`,
    `${report.cpus} of the target's ${report.targetCpus} CPUs, ${grouped(report.frames)} frames`,
  ];
  if (report.config !== undefined) parts.push(`settings and requirements from ${oneLine(report.config)}`);
  parts.push(...machineLines(report));
  const states = statesText(report);
  if (states !== '') parts.push(states);
  const missing = neverOffered(report);
  if (missing.length > 0) parts.push(`not offered by the target: ${missing.join(', ')}`);
  parts.push(...declaredText(report));
  if (report.unknown > 0) parts.push(openText(report.unknown));
  const incomplete = incompleteText(report);
  if (incomplete !== '') parts.push(`${incomplete}: not everything that was asked for ran`);
  return parts.join('\n');
}
