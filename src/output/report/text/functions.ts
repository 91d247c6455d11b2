import pc from 'picocolors';
import { oneLine } from '../../../common/printable.ts';
import { firstOf, wrap } from '../../../common/words.ts';
import type { Report } from '../../../run/report/report.ts';
import { functionsText } from '../words.ts';
import type { TextForm } from './form.ts';

/** How many of the functions that were never entered the terminal shows. */
const SHOWN = 12;

/** The functions that no program entered: how many, and the first of them. Empty if the target watches none. */
export function neverEnteredText({ functions }: Report, { width }: Pick<TextForm, 'width'>): string {
  if (!functions) return '';
  const { never } = functions;
  const all = never.length > SHOWN ? '; --report json:FILE names all' : '';
  const names = never.length > 0 ? `: ${firstOf(never, SHOWN)}${all}` : '';
  const text = wrap(oneLine(`${functionsText(functions)}${names}`), width - 2, '  ');
  return `${pc.bold('Functions never entered:')}\n${text}`;
}
