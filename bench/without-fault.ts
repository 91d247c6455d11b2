import type { Program } from '../reference/calls/valid.ts';
import { Tally } from '../reference/clauses/tally.ts';
import type { Terms } from '../reference/judge/judge.ts';
import { type Judged, judgeAnswer } from '../src/findings/execution.ts';
import { appliesTo, expects } from '../src/run/expect/entry.ts';
import { loadExpectations } from '../src/run/expect/file.ts';
import type { OpenTarget } from '../src/targets/open.ts';
import type { Target } from '../src/targets/target.ts';

/** How often a program that failed runs without the fault. */
const RUNS = 5;

/**
 * Whether a program that failed also fails on a target without the fault: then the target has a bug of its own
 * (fixtures/linux/FINDINGS.md), and the failure says nothing about the fault.
 */
export async function failsWithoutFault(program: Program, stock: Target, terms: Terms): Promise<boolean> {
  const answers = await stock.run(Array.from({ length: RUNS }, () => program));
  return answers.some((answer) => judgeAnswer(answer, terms, new Tally()).violation);
}

const STOCK = 'fixtures/linux/stock.expect';

/** Whether a failure is a warning that unmodified kernels are known to give, too rarely for a few runs to show it. */
export function isKnownWarning({ violation, trace }: Judged, { spec, manifest }: OpenTarget): boolean {
  if (!violation) return false;
  const { name } = trace.program.steps[violation.step].call;
  return loadExpectations(STOCK).some(
    (entry) =>
      entry.warning !== undefined &&
      appliesTo(entry, { spec, name: manifest.name }) &&
      expects(entry, violation, name, true),
  );
}
