import pc from 'picocolors';
import { grouped } from '../../../common/words.ts';
import type { Coverage } from '../../../run/report/coverage.ts';
import { STATUS_TEXT, statusLegend } from '../words.ts';

const COLOURS: Readonly<Record<Coverage['status'], (text: string) => string>> = {
  upheld: pc.green,
  allowed: pc.green,
  violated: pc.red,
  unarmed: pc.yellow,
  unexercised: pc.yellow,
  unobservable: pc.yellow,
};

/** The coverage table, a line per clause, with a legend. */
export function coverageText(table: readonly Coverage[]): string {
  const lines = [pc.bold(`${'clause'.padEnd(10)}${'exercised'.padStart(12)}  ${'outcome'.padEnd(15)}what it says`)];
  for (const { clause, status, exercised, missing } of table) {
    const note = missing.length > 0 && exercised === 0 ? ` [the target has no ${missing.join(', ')}]` : '';
    const sentence = clause.sentence.length > 84 ? `${clause.sentence.slice(0, 81)}...` : clause.sentence;
    const word = COLOURS[status](STATUS_TEXT[status].padEnd(15));
    lines.push(`${clause.id.padEnd(10)}${grouped(exercised).padStart(12)}  ${word}${pc.dim(`${sentence}${note}`)}`);
  }
  const legend = statusLegend(table).map(([word, meaning]) => pc.dim(`${word.padEnd(15)}${meaning}`));
  return [...lines, '', ...legend].join('\n');
}
