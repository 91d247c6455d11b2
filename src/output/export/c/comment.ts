import { printTraceSteps } from '../../../../reference/notation/print.ts';
import { oneLine } from '../../../common/printable.ts';
import { wrap } from '../../../common/words.ts';
import { type Exhibit, essential } from '../exhibit.ts';

/** A C comment with the violated clause and the program that shows it. */
export function commentOf(exhibit: Exhibit): string {
  const { violation, header, agreement } = exhibit;
  const what = violation ? `${violation.clause.id}: ${violation.clause.sentence}` : 'This program holds.';
  const lines = [
    ...wrap(what, 100, '').split('\n'),
    ...(violation ? wrap(`Source: ${violation.clause.source}`, 100, '        ').split('\n') : []),
    '',
    `The program, as it ran on ${oneLine(header.target ?? 'the target')}:`,
    '',
    ...printTraceSteps(essential(exhibit), agreement.terms.page).trimEnd().split('\n'),
  ];
  const body = lines.map((line) => (line === '' ? ' *' : ` * ${line.replaceAll('*/', '* /')}`));
  return `/*\n${body.join('\n')}\n */`;
}
