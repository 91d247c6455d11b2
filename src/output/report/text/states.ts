import { grouped } from '../../../common/words.ts';
import type { Report } from '../../../run/report/report.ts';

/** How many of the rarest states a report names. */
const RAREST = 5;

/** How many states the programs reached, and the rarest of them; empty for reports without states. */
export function statesText({ states }: Report): string {
  if (states.length === 0) return '';
  const reached = states.filter(({ programs }) => programs > 0).sort((a, b) => a.programs - b.programs);
  const rarest = reached.slice(0, RAREST).map(({ state, programs }) => `${state.id} (${grouped(programs)})`);
  const rest = rarest.length > 0 ? `; rarest: ${rarest.join(', ')}` : '';
  return `${grouped(reached.length)} of ${grouped(states.length)} states reached${rest}`;
}
