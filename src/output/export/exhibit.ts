import type { Violation } from '../../../reference/clauses/violation.ts';
import type { Trace } from '../../../reference/judge/judge.ts';
import type { Header } from '../../../reference/notation/document.ts';
import type { Agreement } from '../../targets/agreement.ts';

/** A trace that is to be handed to somebody, with what it shows. */
export interface Exhibit {
  /** A word for file names and identifiers: `ALIAS-1-0123abcd`. */
  readonly name: string;
  readonly header: Header;
  readonly trace: Trace;
  readonly agreement: Agreement;
  /** Missing where the trace holds. */
  readonly violation?: Violation;
  /** The file that it is saved in, as one would type it. */
  readonly file: string;
}

/** One way to hand it over. */
export interface Export {
  readonly summary: string;
  /** The name of the file that it makes. */
  readonly file: (exhibit: Exhibit) => string;
  /**
   * @throws UsageError where the exhibit cannot be said in this form, with the reason.
   */
  readonly write: (exhibit: Exhibit) => string;
}

/** A name that C, make and file systems all take: `alias_1_0123abcd`. */
export const identifier = ({ name }: Exhibit): string => {
  const word = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[a-z]/.test(word) ? word : `mm_${word}`;
};

/** The trace up to and including a step; a parallel block that has the step stays whole. */
export function upTo(trace: Trace, step: number): Trace {
  const { program } = trace;
  const end = program.blocks.find((block) => block.start <= step && step < block.end)?.end ?? step + 1;
  return {
    ...trace,
    program: {
      ...program,
      steps: program.steps.slice(0, end),
      blocks: program.blocks.filter((block) => block.end <= end),
    },
    outcomes: trace.outcomes.slice(0, end),
  };
}

/** The trace up to and including its offending step, or all of it if it holds. */
export const essential = ({ trace, violation }: Exhibit): Trace => (violation ? upTo(trace, violation.step) : trace);
