import pc from 'picocolors';
import { oneLine } from '../../../common/printable.ts';
import { grouped } from '../../../common/words.ts';
import { inherited, type Report, stale, violations } from '../../../run/report/report.ts';
import { shownText, staleText } from '../words.ts';
import type { TextForm } from './form.ts';
import { labelled } from './labelled.ts';

function phasesText({ phases }: Report): string[] {
  return phases.map(({ name, done, left, unfit }) => {
    const rest = left > 0 ? pc.yellow(`, ${grouped(left)} left`) : '';
    const undefinedHere = unfit > 0 ? `, ${grouped(unfit)} not defined on this target` : '';
    return `${oneLine(name).padEnd(11)} ${grouped(done).padStart(9)} programs${rest}${undefinedHere}`;
  });
}

function expectedText(report: Report, width: number): string[] {
  const listed = report.expected.map((expected) => {
    const { entry, met } = expected;
    const others = met > 0 ? `, and in ${grouped(met)} other programs` : '';
    const text = `${entry.clause} ${entry.program} ${shownText(expected)}${others}: ${oneLine(`${entry.why} ${entry.bug}`)}`;
    return labelled('expected', text, width);
  });
  // The line to delete stays as it stands in the file.
  const gone = stale(report).map((expected) => pc.red(`no longer   ${staleText(expected)}`));
  return [...listed, ...gone];
}

function unreached({ goals }: Report, width: number): string[] {
  const ids = goals.filter(({ programs }) => programs === 0).map(({ goal }) => goal.id);
  return ids.length === 0 ? [] : [labelled('not reached', `goals that no program reached: ${ids.join(', ')}`, width)];
}

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

/** What a gate reports besides the clauses; empty for other runs. */
export const gateText = (report: Report, { width }: Pick<TextForm, 'width'>): string =>
  [...phasesText(report), ...unreached(report, width), ...expectedText(report, width), ...baseText(report)].join('\n');
