import pc from 'picocolors';
import { clauseGroups } from '../../../../reference/contract.ts';
import { counted, firstOf } from '../../../common/words.ts';
import { type Coverage, withOutcome } from '../../../run/report/coverage.ts';

/** How many violated clauses the line of a group names. */
const NAMED = 3;

/** The clauses that held, a line for each group: how many, and the one that was exercised least often. */
export function heldText(table: readonly Coverage[]): string {
  const rows = clauseGroups().flatMap(({ title, clauses }) => {
    const lines = table.filter(({ clause }) => clauses.has(clause));
    if (lines.length === 0) return [];
    const held = withOutcome(lines, 'held').sort((a, b) => a.exercised - b.exercised);
    const least = held.length > 0 ? `; least often: ${held[0].clause.id}, ${counted(held[0].exercised, 'time')}` : '';
    const violated = withOutcome(lines, 'violated').map(({ clause }) => clause.id);
    const note = violated.length > 0 ? `; ${pc.red(`violated: ${firstOf(violated, NAMED)}`)}` : pc.dim(least);
    const number = `${String(held.length).padStart(3)} of ${String(lines.length).padStart(3)}`;
    return [`  ${title.padEnd(24)} ${held.length > 0 ? pc.green(number) : number}${note}`];
  });
  return [pc.bold('Clauses that were exercised and held:'), ...rows].join('\n');
}
