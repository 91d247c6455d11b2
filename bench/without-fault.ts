import type { Program } from '../reference/calls/valid.ts';
import { Tally } from '../reference/clauses/tally.ts';
import type { Terms } from '../reference/judge/judge.ts';
import { judgeAnswer } from '../src/findings/execution.ts';
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
