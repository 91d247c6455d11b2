import type { Clause } from '../../../../reference/clauses/clause.ts';
import { profileNamed } from '../../../../reference/profiles/profiles.ts';
import { withTraits } from '../../../../reference/profiles/traits.ts';
import { oneLine } from '../../../common/printable.ts';
import { duration, grouped } from '../../../common/words.ts';
import type { Coverage } from '../../../run/report/coverage.ts';
import type { Report } from '../../../run/report/report.ts';
import { differences } from '../../../targets/probes/explain.ts';
import { incompleteText, openText } from '../words.ts';
import { statesText } from './states.ts';

/** What the target declares differently from the documentation, and which clauses that replaces and adds. */
function declaredText(report: Report): string[] {
  const choices = report.declared.map((word) => word.split('=') as [string, string]);
  const traits = withTraits(profileNamed(report.profile).traits, choices);
  return differences(traits)
    .filter(({ drops, adds }) => drops.length + adds.length > 0)
    .map(({ trait, choice, meaning, drops, adds }) => {
      const ids = (clauses: readonly Clause[]): string => clauses.map((clause) => clause.id).join(', ');
      const instead = drops.length > 0 ? `; replaces ${ids(drops)}` : '';
      const asks = adds.length > 0 ? `; adds ${ids(adds)}` : '';
      return `declared ${trait}=${choice}: ${meaning}${instead}${asks}`;
    });
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
  const states = statesText(report);
  if (states !== '') parts.push(states);
  if (report.unsupported.length > 0) parts.push(`not offered by the target: ${report.unsupported.join(', ')}`);
  parts.push(...declaredText(report));
  if (report.unknown > 0) parts.push(openText(report.unknown));
  const incomplete = incompleteText(report);
  if (incomplete !== '') parts.push(`${incomplete}: not everything that was asked for ran`);
  return parts.join('\n');
}
