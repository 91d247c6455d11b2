import { describe, expect, test } from 'vitest';
import { MUTANTS, type Mutant } from '../fixtures/mutants/index.ts';
import { VOCABULARY } from '../reference/contract.ts';
import { judge } from '../reference/judge/judge.ts';
import { Tally } from '../reference/judge/tally.ts';
import { Known } from '../reference/model/known.ts';
import { findInvalid, type Program } from '../reference/model/valid.ts';
import { parse } from '../reference/notation/document.ts';
import { printSteps, printTraceSteps } from '../reference/notation/print.ts';
import { agree } from '../src/campaign/terms.ts';
import { optionsFor, ParallelGenerator } from '../src/generate/index.ts';
import { embedded, IMPLEMENTATIONS, mutant } from '../src/targets/embedded/index.ts';

const RACES: readonly Mutant[] = MUTANTS.filter(({ race }) => race);
const PROGRAMS = 3000;

const programOf = (text: string): Program =>
  parse(`mmspec program 1\ncpus 3\nframes 64\n${text}\n`, VOCABULARY).entries[0].trace.program;

describe.each(IMPLEMENTATIONS)('parallel programs for %s', (name) => {
  const target = embedded(name)!;
  const { terms } = agree(target.manifest);
  const made = new ParallelGenerator(optionsFor(target.manifest, terms.traits, { cpus: 3 }));

  test('are valid, and read back as they were written', () => {
    for (let index = 0; index < 400; index++) {
      const program = made.program(5, index);
      expect(findInvalid(program, new Known(terms.traits, program.cpus, program.frames))).toBeUndefined();
      expect(programOf(printSteps(program))).toEqual(program);
      expect(made.program(5, index)).toEqual(program);
    }
  });

  test('run the same way twice', () => {
    for (let index = 0; index < 400; index++) {
      const program = made.program(6, index);
      const again = programOf(printSteps(program));
      expect(printTraceSteps(target.executeTrace(again))).toBe(printTraceSteps(target.executeTrace(program)));
    }
  });

  test('hold, and the verdict is not left open', () => {
    const tally = new Tally();
    for (let index = 0; index < PROGRAMS; index++) {
      const program = made.program(7, index);
      const violation = judge(target.executeTrace(program), terms, tally);
      expect(violation && `${violation.clause.id}\n${printSteps(program)}`).toBeUndefined();
    }
    expect(tally.unknown).toBeLessThan(PROGRAMS / 1000);
  });
});

test.each(RACES.map((race) => [race.name, race] as const))('%s: its program fails 100 of 100 times', (name, race) => {
  const target = mutant(name)!;
  const { terms } = agree(target.manifest);
  const program = programOf(race.shows);
  const seen = new Set<string>();
  for (let time = 0; time < 100; time++) {
    const trace = target.executeTrace(program);
    seen.add(`${judge(trace, terms, new Tally())?.clause.id}\n${printTraceSteps(trace)}`);
  }
  expect(seen.size).toBe(1);
  expect([...seen][0].split('\n')[0]).toBe(race.breaks);
});
