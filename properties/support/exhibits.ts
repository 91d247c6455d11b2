import { lazyVmap } from '../../fixtures/simulator/implementations/lazy-vmap/index.ts';
import { MUTANTS, type Mutant } from '../../fixtures/simulator/mutants/index.ts';
import type { Program } from '../../reference/calls/valid.ts';
import { Tally } from '../../reference/clauses/tally.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { parse } from '../../reference/notation/document.ts';
import { judged } from '../../src/findings/execution.ts';
import type { Exhibit } from '../../src/output/export/index.ts';
import { agree, headerFor } from '../../src/targets/agreement.ts';
import { EmbeddedTarget } from '../../src/targets/embedded/index.ts';

/** The exhibit of a mutant's shortest program. */
export function exhibitOf(mutant: Mutant): Exhibit {
  const cpus = mutant.race ? 3 : 2;
  const text = `mmspec program 1\ncpus ${cpus}\nframes 64\n${mutant.shows}\n`;
  const program: Program = parse(text, VOCABULARY).entries[0].trace.program;
  const target = new EmbeddedTarget({ ...mutant.make(), name: `mutant ${mutant.name}` });
  const agreement = agree(target.manifest);
  const { trace, violation } = judged(target.executeTrace(program), agreement.terms, new Tally());
  return {
    name: mutant.name,
    header: headerFor(target.manifest, agreement, program),
    trace,
    agreement,
    file: `${mutant.name}.mm`,
    ...(violation ? { violation } : {}),
  };
}

/** The exhibit of a trace in the notation. */
export function exhibitOfText(name: string, text: string): Exhibit {
  const { header, entries } = parse(text, VOCABULARY);
  const agreement = agree({ ...header, profile: header.profile ?? 'documented' });
  const [{ trace }] = entries;
  const { violation } = judged(trace, agreement.terms, new Tally());
  return { name, header, trace, agreement, file: `${name}.mm`, ...(violation ? { violation } : {}) };
}

/** The exhibit of the same program on the conforming implementation. */
export function heldOf({ trace: { program }, ...exhibit }: Exhibit): Exhibit {
  const target = new EmbeddedTarget(lazyVmap());
  const agreement = agree(target.manifest);
  const { trace, violation } = judged(target.executeTrace(program), agreement.terms, new Tally());
  if (violation) throw new Error(`${exhibit.name} does not hold`);
  return {
    name: exhibit.name,
    file: exhibit.file,
    header: headerFor(target.manifest, agreement, program),
    trace,
    agreement,
  };
}

let made: readonly Exhibit[] | undefined;

/** The exhibits of all mutants. Several files need them, so they are made once. */
export function exhibits(): readonly Exhibit[] {
  made ??= MUTANTS.map(exhibitOf);
  return made;
}

/** Calls that a module cannot make, and what the error says about them. */
export const NOT_IN_MODULES: ReadonlyMap<string, RegExp> = new Map([
  [
    'fail_after',
    /fail_after .*fault injection \(CONFIG_FAULT_INJECTION\), which this form does not set up; --as c, vitest/,
  ],
  ['fork', /fork: a module has no process of its own that it could fork; --as c, vitest/],
  ['fault', /fault .*: the VMAs that a module makes have no fault handler; --as c, vitest/],
  ['allocated_pages', /allocated_pages: a module sees only the pages that vmalloc of all users has .*; --as c, vitest/],
]);
