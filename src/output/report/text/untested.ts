import pc from 'picocolors';
import { oneLine } from '../../../common/printable.ts';
import type { Report } from '../../../run/report/report.ts';
import { untested } from '../../../run/report/untested.ts';
import type { TextForm } from './form.ts';
import { labelled } from './labelled.ts';

/** What was not tested, why, and what would change it; empty if everything was. */
export function untestedText(report: Report, { width }: Pick<TextForm, 'width'>): string {
  const all = untested(report);
  if (all.length === 0) return '';
  const lines = all.map(({ what, why, option, required }) =>
    labelled(
      required ? 'required' : 'not tested',
      oneLine(`${what}: ${why}; ${option}`),
      width,
      required ? pc.red : pc.dim,
    ),
  );
  const title = all.some(({ required }) => required)
    ? 'What was not tested ("required" keeps a run from being green):'
    : 'What was not tested:';
  return [pc.bold(title), ...lines].join('\n');
}
