import pc from 'picocolors';
import { oneLine } from '../../../common/printable.ts';
import { wrap } from '../../../common/words.ts';
import type { Report } from '../../../run/report/report.ts';
import { untested } from '../../../run/report/untested.ts';

const INDENT = ' '.repeat(12);

/** What was not tested, why, and what would change it; empty if everything was. */
export function untestedText(report: Report): string {
  const all = untested(report);
  if (all.length === 0) return '';
  const lines = all.map(({ what, why, option, required }) => {
    const word = required ? pc.red('required'.padEnd(12)) : pc.dim('not tested'.padEnd(12));
    return `${word}${wrap(oneLine(`${what}: ${why}; ${option}`), 108, INDENT)}`;
  });
  const verdict = all.some(({ required }) => required)
    ? 'What was not tested; "required" keeps the run from being green (exit code 4):'
    : 'What was not tested:';
  return `${[pc.bold(verdict), ...lines].join('\n')}\n\n`;
}
