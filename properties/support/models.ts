/**
 * A process of its own, which counts the models in its memory. Counting them collects garbage and looks at every object
 * of the process. A process that runs tests has very many.
 *
 * It reads lists of steps from standard input, as JSON, and judges each as a trace. It writes how many models are in its
 * memory after each, as JSON.
 */
import { readFileSync } from 'node:fs';
import { queryObjects } from 'node:v8';
import { VOCABULARY } from '../../reference/contract.ts';
import { judge } from '../../reference/judge/judge.ts';
import { Model } from '../../reference/model/model.ts';
import { parse } from '../../reference/notation/document.ts';
import { agree } from '../../src/targets/agreement.ts';

function modelsAfter(steps: readonly string[]): number {
  const { header, entries } = parse(`mmspec trace 1\n${steps.join('\n')}\n`, VOCABULARY);
  const violation = judge(entries[0].trace, agree(header).terms);
  if (violation) throw new Error(`violates ${violation.clause.id}: ${violation.allowed}`);
  return Number(queryObjects(Model));
}

const traces: readonly (readonly string[])[] = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(traces.map(modelsAfter)));
