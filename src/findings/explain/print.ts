import type { Trace } from '../../../reference/judge/judge.ts';
import { forEachLine, printOutcomeOf, printStep } from '../../../reference/notation/print.ts';
import type { Remarks } from './remarks.ts';

/** Steps up to this length, in characters, are padded so that their outcomes line up. */
const STEP_WIDTH = 64;
/** The same for steps with outcomes, and their remarks. */
const LINE_WIDTH = 128;
/** Maximum length of a line of remarks, in characters. */
const REMARKS_WIDTH = 96;

/** Prints a trace with remarks as comments behind its steps. The result is still in the notation. */
export function printRemarks(trace: Trace, remarks: readonly Remarks[], page: number, offending?: number): string {
  const rows: { text: string; index: number }[] = [];
  forEachLine(
    trace.program,
    (step, index) => rows.push({ text: printStep(step), index }),
    (text) => rows.push({ text, index: -1 }),
  );
  const steps = rows.filter(({ index }) => index >= 0);
  const width = Math.max(...steps.map(({ text }) => Math.min(text.length, STEP_WIDTH)));
  const lines = rows.map(({ text, index }) => {
    const outcome = index < 0 ? '' : printOutcomeOf(trace, index, page);
    return outcome === '' ? text : `${text.padEnd(width)} => ${outcome}`;
  });
  const column = Math.max(...lines.map((line) => Math.min(line.length, LINE_WIDTH)));
  return lines
    .flatMap((line, i) => {
      const { index } = rows[i];
      const all = [...(index === offending ? ['breaks the contract here'] : []), ...(remarks[index] ?? [])];
      const [first, ...rest] = joined(all);
      const head = first === undefined ? line : `${line.padEnd(column)}  # ${first}`;
      return [head, ...rest.map((more) => `${' '.repeat(column)}  #   ${more}`)];
    })
    .map((line) => `${line}\n`)
    .join('');
}

/** Remarks in as few lines as they fit. */
function joined(remarks: readonly string[]): string[] {
  const lines: string[] = [];
  for (const remark of remarks) {
    const last = lines[lines.length - 1];
    const fits = last !== undefined && last.length + '; '.length + remark.length <= REMARKS_WIDTH;
    if (fits) lines[lines.length - 1] = `${last}; ${remark}`;
    else lines.push(remark);
  }
  return lines;
}
