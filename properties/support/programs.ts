import { VOCABULARY } from '../../reference/calls/index.ts';
import type { Program } from '../../reference/calls/valid.ts';
import { parse } from '../../reference/notation/document.ts';
import { printOutcome } from '../../reference/notation/outcome.ts';
import type { Trace } from '../../reference/notation/program.ts';

/** A program with these steps, for 2 CPUs and 64 frames. */
export const programOf = (...steps: string[]): Program =>
  parse(`mmspec program 1\ncpus 2\nframes 64\n${steps.join('\n')}\n`, VOCABULARY).entries[0].trace.program;

/** The outcomes of a trace, as text. */
export const answersOf = (trace: Trace): string[] => trace.outcomes.map((outcome) => printOutcome(outcome));
