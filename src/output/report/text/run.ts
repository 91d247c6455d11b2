import { oneLine } from '../../../common/printable.ts';
import { duration, grouped, wrap } from '../../../common/words.ts';
import type { Report } from '../../../run/report/report.ts';
import { declaredDifferences, neverOffered } from '../declared.ts';
import { machineTexts } from '../machine.ts';
import type { TextForm } from './form.ts';
import { rarestText, reachedText } from './states.ts';

/** The points on which the target differs from the documentation; those that it leaves open only if `all` are wanted. */
const declaredText = (report: Report, all: boolean): string[] =>
  declaredDifferences(report)
    .filter(({ leftOpen }) => all || !leftOpen)
    .flatMap(({ text, promises }) => [text, ...promises.map((line) => `  ${line}`)]);

/** Which kernel was tested, how it is configured, and on which machine; empty for other targets. */
function machineLines(report: Report): string[] {
  const texts = machineTexts(report);
  if (!texts) return [];
  const options = texts.options === undefined ? [] : [`kernel options: ${texts.options}`];
  return [`kernel ${texts.kernel}`, ...options, `machine with ${texts.machine}`];
}

/** What ran: how much, on what, and by which profile it was judged. */
export function runText(report: Report, { width, detail }: TextForm): string {
  const all = detail === 'verbose';
  const speed = report.running > 0 ? ` (${grouped((report.steps / report.running) * 1000)} steps/s)` : '';
  const traits = report.declared.length > 0 ? ` with ${report.declared.join(' ')}` : '';
  const parts = [
    `${grouped(report.programs)} programs, ${grouped(report.steps)} judged steps in ${duration(report.milliseconds)}${speed}`,
    `seed ${report.seed}, profile ${report.profile}${traits}`,
    `${report.cpus} of the target's ${report.targetCpus} CPUs, ${grouped(report.frames)} frames${reachedText(report)}`,
  ];
  if (report.config !== undefined) parts.push(`settings and requirements from ${oneLine(report.config)}`);
  parts.push(...machineLines(report));
  if (all) parts.push(...rarestText(report));
  const missing = neverOffered(report);
  if (missing.length > 0) parts.push(`not offered by the target: ${missing.join(', ')}`);
  parts.push(...declaredText(report, all));
  return parts.map((line) => wrapped(line, width)).join('\n');
}

/** A line that keeps its indentation, and is broken where it is too long. */
function wrapped(line: string, width: number): string {
  const indent = /^ */.exec(line)![0];
  return `${indent}${wrap(line.trim(), width - indent.length - 2, `${indent}  `)}`;
}
