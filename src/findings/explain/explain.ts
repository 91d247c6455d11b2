import type { Trace } from '../../../reference/judge/judge.ts';
import { forEachLine, printOutcomeOf, printStep } from '../../../reference/notation/print.ts';
import { explainArguments } from './arguments.ts';
import { explainCall, explainCpus, explainPresence } from './steps.ts';
import type { Trial } from './trial.ts';

/** What was found about one step, in the order in which it is said. */
export type Remarks = readonly string[];

/** Tries what matters: every step, its CPU, its call and its arguments. */
export async function explain(trial: Trial): Promise<Remarks[]> {
  const cpus = await explainCpus(trial);
  const remarks: Remarks[] = [];
  for (let index = 0; index < trial.program.steps.length; index++) {
    const said = [
      await explainPresence(trial, index),
      cpus[index],
      await explainCall(trial, index),
      ...(await explainArguments(trial, index)),
    ];
    remarks.push([...new Set(said.filter((words) => words !== undefined))]);
  }
  return remarks;
}

const WIDTH = 64;

/** The steps of a trace with remarks as comments behind them; it is still the notation. */
export function printExplained(trace: Trace, remarks: readonly Remarks[], page: number, offending?: number): string {
  const rows: { text: string; index: number }[] = [];
  forEachLine(
    trace.program,
    (step, index) => rows.push({ text: printStep(step), index }),
    (text) => rows.push({ text, index: -1 }),
  );
  const steps = rows.filter(({ index }) => index >= 0);
  const width = Math.max(...steps.map(({ text }) => Math.min(text.length, WIDTH)));
  const lines = rows.map(({ text, index }) => {
    const outcome = index < 0 ? '' : printOutcomeOf(trace, index, page);
    return outcome === '' ? text : `${text.padEnd(width)} => ${outcome}`;
  });
  const column = Math.max(...lines.map((line) => Math.min(line.length, 2 * WIDTH)));
  return lines
    .flatMap((line, i) => {
      const { index } = rows[i];
      const said = [...(index === offending ? ['breaks the contract here'] : []), ...(remarks[index] ?? [])];
      const [first, ...rest] = wrapped(said, 96);
      const head = first === undefined ? line : `${line.padEnd(column)}  # ${first}`;
      return [head, ...rest.map((more) => `${' '.repeat(column)}  #   ${more}`)];
    })
    .map((line) => `${line}\n`)
    .join('');
}

/** Remarks on as few lines as they fit. */
function wrapped(remarks: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const remark of remarks) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + remark.length + 2 <= width) lines[lines.length - 1] = `${last}; ${remark}`;
    else lines.push(remark);
  }
  return lines;
}
