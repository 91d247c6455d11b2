import { VOCABULARY } from '../../reference/contract.ts';
import { judge } from '../../reference/judge/judge.ts';
import { parse } from '../../reference/notation/document.ts';
import { agree } from '../../src/targets/agreement.ts';

/** The clause that a trace of 3 CPUs and 8 frames breaks, by the documented profile; undefined if all clauses hold. */
export function broken(...lines: readonly string[]): string | undefined {
  const text = ['mmspec trace 1', 'cpus 3', 'frames 8', ...lines, ''].join('\n');
  const { header, entries } = parse(text, VOCABULARY);
  return judge(entries[0].trace, agree({ ...header, profile: 'documented' }).terms)?.clause.id;
}

/** Lines of a trace that form a parallel block. */
export const inBlock = (...lines: readonly string[]): readonly string[] => ['par', ...lines, 'end'];
