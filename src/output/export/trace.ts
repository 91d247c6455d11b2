import { print } from '../../../reference/notation/document.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import { counterexampleText } from '../../findings/corpus.ts';
import type { Export } from './exhibit.ts';

/** `--as trace`: the trace in the notation, with comments that say what it shows. */
export const TRACE: Export = {
  summary: 'the trace in the notation: the program, its outcomes, and what is needed to judge it again',
  file: ({ name }) => `${name}.mm`,
  write({ header, trace, violation }) {
    const document = { kind: 'trace' as const, header, entries: [{ id: 1, trace }] };
    return violation ? counterexampleText(document, violation, []) : print(document);
  },
};

/** `--as program`: the steps without their outcomes. */
export const PROGRAM: Export = {
  summary: 'the program in the notation, without outcomes',
  file: ({ name }) => `${name}.program.mm`,
  write({ header, trace }) {
    const { cpus, frames } = header;
    return `mmspec program 1\ncpus ${cpus}\nframes ${frames}\n${printSteps(trace.program)}`;
  },
};
