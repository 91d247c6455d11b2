import pc from 'picocolors';
import { oneLine } from '../../../common/printable.ts';
import { grouped } from '../../../common/words.ts';
import { inherited, type Report, stale, violations } from '../../../run/report/report.ts';
import { leftText, staleText } from '../words.ts';

function phasesText({ phases }: Report): string[] {
  return phases.map(({ name, done, left, unfit }) => {
    const rest = left > 0 ? pc.yellow(`, ${grouped(left)} left`) : '';
    const undefinedHere = unfit > 0 ? `, ${grouped(unfit)} not defined on this target` : '';
    return `${oneLine(name).padEnd(11)} ${grouped(done).padStart(8)} programs${rest}${undefinedHere}`;
  });
}

function expectedText(report: Report): string[] {
  const listed = report.expected.map(({ entry, met, shown }) => {
    const rate = shown ? `shows ${shown.failed} of ${shown.of} times` : 'not run';
    const others = met > 0 ? `, and in ${grouped(met)} other programs` : '';
    return `expected    ${entry.clause} ${entry.program} ${rate}${others}: ${oneLine(`${entry.why} ${entry.bug}`)}`;
  });
  const gone = stale(report).map((expected) => pc.red(`no longer   ${staleText(expected)}`));
  return [...listed, ...gone];
}

const unreached = (report: Report): string[] => {
  const ids = report.goals.filter(({ programs }) => programs === 0).map(({ goal }) => goal.id);
  return ids.length === 0 ? [] : [`not reached ${ids.join(', ')}`];
};

/** How the violations compare with those of the base branch. */
function baseText(report: Report): string[] {
  const { base } = report;
  if (!base) return [];
  const listed = inherited(report).map(
    ({ key, inBase }) => `in the base ${key}${inBase === key ? '' : `, as ${inBase}`}`,
  );
  const added = violations(report).map(({ key }) => pc.red(`new         ${key}`));
  const gone = base.gone.map((key) => `not seen    ${key}, which the base branch has`);
  return [...added, ...listed, ...gone];
}

/** What a gate reports besides the coverage table; empty for other runs. */
export function gateText(report: Report): string {
  const lines = [...phasesText(report), ...unreached(report), ...expectedText(report), ...baseText(report)];
  const left = leftText(report);
  if (report.interrupted && left !== '') lines.push(pc.yellow(`left        ${left}`));
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}
