import pc from 'picocolors';
import { USUAL_COLUMNS } from '../../../common/terminal.ts';
import { cut, grouped, wrap } from '../../../common/words.ts';
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

/** What stands before the sentence of a clause in its line, in characters. */
const BEFORE_SENTENCE = 39;

/** Width of the words of the legend, in characters. */
const WORD = 15;

/** The coverage table, a line per clause, with a legend. `width`: width of the lines, in characters. */
export function coverageText(table: readonly Coverage[], width = USUAL_COLUMNS): string {
  const lines = [pc.bold(`${'clause'.padEnd(10)}${'exercised'.padStart(12)}  ${'outcome'.padEnd(15)}what it says`)];
  for (const { clause, status, exercised, missing } of table) {
    const note = missing.length > 0 && exercised === 0 ? ` [the target has no ${missing.join(', ')}]` : '';
    const sentence = cut(clause.sentence, width - BEFORE_SENTENCE);
    const word = COLOURS[status](STATUS_TEXT[status].padEnd(15));
    lines.push(`${clause.id.padEnd(10)}${grouped(exercised).padStart(12)}  ${word}${pc.dim(`${sentence}${note}`)}`);
  }
  const legend = statusLegend(table).map(([word, meaning]) =>
    pc.dim(`${word.padEnd(WORD)}${wrap(meaning, width - WORD, ' '.repeat(WORD))}`),
  );
  return [...lines, '', ...legend].join('\n');
}
