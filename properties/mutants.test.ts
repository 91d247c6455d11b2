import { describe, expect, test } from 'vitest';
import { eagerVmap } from '../fixtures/implementations/eager/index.ts';
import type { Implementation } from '../fixtures/implementations/implementation.ts';
import { lazyVmap } from '../fixtures/implementations/lazy-vmap/index.ts';
import { MUTANTS, type Mutant } from '../fixtures/mutants/index.ts';
import { clauseById, VOCABULARY } from '../reference/contract.ts';
import { judge } from '../reference/judge/judge.ts';
import { Tally } from '../reference/judge/tally.ts';
import type { Violation } from '../reference/judge/violation.ts';
import { Known } from '../reference/model/known.ts';
import { findInvalid, type Program } from '../reference/model/valid.ts';
import { parse } from '../reference/notation/document.ts';
import { profileNamed } from '../reference/profiles/index.ts';
import { withTraits } from '../reference/traits.ts';
import { EmbeddedTarget } from '../src/targets/embedded/index.ts';

const programOf = ({ shows, race }: Mutant): Program =>
  parse(`mmspec program 1\ncpus ${race ? 3 : 2}\nframes 64\n${shows}\n`, VOCABULARY).entries[0].trace.program;

const traitsOf = ({ profile, traits }: Implementation) =>
  withTraits(profileNamed(profile).traits, Object.entries(traits));

function verdict(implementation: Implementation, program: Program): Violation | undefined {
  const target = new EmbeddedTarget(implementation);
  const terms = { traits: traitsOf(implementation), page: 4096, windows: target.manifest.windows };
  return judge(target.executeTrace(program), terms, new Tally());
}

describe.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('%s', (_, mutant) => {
  const program = programOf(mutant);

  test('names a clause, where the fault really was, and a valid program', () => {
    for (const id of [mutant.breaks, ...(mutant.also ?? [])]) expect(clauseById(id), id).toBeDefined();
    expect(mutant.origin).not.toBe('');
    const known = new Known(traitsOf(mutant.make()), program.cpus, program.frames);
    expect(findInvalid(program, known)).toBeUndefined();
  });

  test(`breaks ${mutant.breaks} there`, () => {
    expect(verdict(mutant.make(), program)?.clause.id).toBe(mutant.breaks);
  });

  test('and the conforming implementations do not', () => {
    expect(verdict(lazyVmap(), program)).toBeUndefined();
    expect(verdict(eagerVmap(), program)).toBeUndefined();
  });

  test('the same way every time', () => {
    const target = new EmbeddedTarget(mutant.make());
    const [first, second] = [target.executeTrace(program), target.executeTrace(program)];
    expect(second.outcomes).toEqual(first.outcomes);
    expect(second.times).toEqual(first.times);
  });
});

test('names are used once', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});
