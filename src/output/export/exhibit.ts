import type { Step } from '../../../reference/calls/call.ts';
import type { Violation } from '../../../reference/clauses/violation.ts';
import type { Trace } from '../../../reference/judge/judge.ts';
import type { Header } from '../../../reference/notation/header.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';
import type { Finding } from '../../findings/finding.ts';
import { argumentOf } from '../../programs/arguments.ts';
import type { Report } from '../../run/report/report.ts';
import type { Agreement } from '../../targets/agreement.ts';
import type { MachineFacts } from '../../targets/machine-facts.ts';

/** A trace to export, with the violation that it shows. */
export interface Exhibit {
  /** Used in file names and identifiers: `ALIAS-1-0123abcd`. */
  readonly name: string;
  readonly header: Header;
  readonly trace: Trace;
  readonly agreement: Agreement;
  /** Missing if the trace holds. */
  readonly violation?: Violation;
  /** The path of its file, as on the command line. */
  readonly file: string;
  /** Which kernel on which machine it was seen on; undefined if that is not known, or if the target is not a kernel. */
  readonly machine?: MachineFacts;
  /** The report of the run that found it, and its finding there. */
  readonly found?: { readonly report: Report; readonly finding: Finding };
}

/** A form in which a trace can be exported. */
export interface Export {
  readonly summary: string;
  /** Suggests a file name. */
  readonly file: (exhibit: Exhibit) => string;
  /**
   * Writes the text of the export.
   * @throws UsageError if this form cannot express the exhibit; the message gives the reason.
   */
  readonly write: (exhibit: Exhibit) => string;
}

/** The name of an exhibit as a word that C and make accept: `alias_1_0123abcd`. */
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

/** The address of the VMA that a step moves or shrinks; undefined if the step does neither. */
export function movedFrom({ program, outcomes }: Trace, step: Step): Outcome | undefined {
  const vma = step.call.effect === 'moves' ? argumentOf(step, 'vma') : undefined;
  const maker = program.steps.findIndex(({ call, binds }) => call.binds === 'v' && binds === vma?.index);
  return outcomes[maker]?.kind === 'address' ? outcomes[maker] : undefined;
}

/** The trace up to and including its offending step, or all of it if it holds. */
export const essential = ({ trace, violation }: Exhibit): Trace => (violation ? upTo(trace, violation.step) : trace);

/** Whether the violation is a page that could not be written to in the direct map, which only a target sees. */
export const showsDirectMap = ({ violation }: Exhibit): boolean =>
  violation?.seen.kind === 'ok' && violation.seen.note >= 0;
