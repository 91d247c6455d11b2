import { grouped } from '../../../common/words.ts';
import type { StateCount } from '../../../programs/states/count.ts';
import type { Report } from '../../../run/report/report.ts';

/** How many of the rarest states a report names. */
const RAREST = 5;

const reachedOf = ({ states }: Report): StateCount[] => states.filter(({ programs }) => programs > 0);

/** How many states the programs reached, as the end of a line; empty for reports without states. */
export const reachedText = (report: Report): string =>
  report.states.length === 0
    ? ''
    : `; ${grouped(reachedOf(report).length)} of ${grouped(report.states.length)} states reached`;

/** The states that the fewest programs reached, in a line; none for reports without states. */
export function rarestText(report: Report): string[] {
  const rarest = reachedOf(report)
    .sort((a, b) => a.programs - b.programs)
    .slice(0, RAREST)
    .map(({ state, programs }) => `${state.id} (${grouped(programs)})`);
  return rarest.length > 0 ? [`rarest states: ${rarest.join(', ')}`] : [];
}
