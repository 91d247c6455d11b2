import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MUTANTS, type Mutant } from '../../fixtures/simulator/mutants/index.ts';
import type { Program } from '../../reference/calls/valid.ts';
import { Tally } from '../../reference/clauses/tally.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { judge } from '../../reference/judge/judge.ts';
import { parse } from '../../reference/notation/document.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { schedules } from '../../src/run/explore/schedules.ts';
import { agree } from '../../src/targets/agreement.ts';
import { type EmbeddedTarget, embedded, mutant } from '../../src/targets/embedded/index.ts';
import { bad } from '../support/adapters.ts';
import { folder, mmspec } from '../support/cli.ts';

const RACES: readonly Mutant[] = MUTANTS.filter(({ race }) => race);

/** The program that shows a race, without its schedule. */
function unscheduled({ shows }: Mutant): Program {
  const text = shows.replace(/^par .*$/m, 'par');
  return parse(`mmspec program 1\ncpus 3\nframes 64\n${text}\n`, VOCABULARY).entries[0].trace.program;
}

/** The clauses that some schedule breaks, and how many schedules there are. */
function broken(target: EmbeddedTarget, program: Program, bound: number): { clauses: Set<string>; count: number } {
  const { terms } = agree(target.manifest);
  const clauses = new Set<string>();
  const texts = new Set<string>();
  let count = 0;
  for (const trace of schedules(target, program, bound)) {
    count++;
    texts.add(printSteps(trace.program));
    const violation = judge(trace, terms, new Tally());
    if (violation) clauses.add(violation.clause.id);
  }
  // No schedule runs twice.
  expect(texts.size).toBe(count);
  return { clauses, count };
}

describe.each(RACES.map((race) => [race.name, race] as const))('%s', (name, race) => {
  const program = unscheduled(race);

  test('its program fails under some schedule with at most two preemptions', () => {
    expect(broken(mutant(name)!, program, 2).clauses).toContain(race.breaks);
  });

  test.each(['lazy', 'eager'])('its program holds under all of them on %s', (conforming) => {
    expect(broken(embedded(conforming)!, program, 2).clauses).toEqual(new Set());
  });
});

test('without preemptions, the schedules are the orders of whole lanes', () => {
  const text = 'mmspec program 1\ncpus 2\npar\n@0 a0 = vmap f0\n@0 read a0\n@1 a1 = vmap f1\n@1 read a1\nend\n';
  const { program } = parse(text, VOCABULARY).entries[0].trace;
  expect(broken(embedded('lazy')!, program, 0).count).toBe(2);
});

describe('mmspec explore --schedules', () => {
  const where = folder();
  const race = RACES.find(({ name }) => name === 'second-flush-returns-early')!;
  const file = join(where, 'race.mm');
  const save = join(where, 'found');
  writeFileSync(file, `mmspec program 1\ncpus 3\nframes 64\n${race.shows.replace(/^par .*$/m, 'par')}\n`);
  const sequential = join(where, 'sequential.mm');
  writeFileSync(sequential, 'mmspec program 1\ncpus 1\n@0 a0 = vmap f0\n@0 read a0\n');

  test('finds a race from its program without a schedule', { tags: ['long'] }, async () => {
    const { code, stdout } = await mmspec([
      ...['explore', '--schedules', file, '--target', `mutant:${race.name}`],
      ...['--bail', '--save', save],
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain(`violated ${race.breaks}`);
  });

  test('reports how many schedules held on a conforming implementation', async () => {
    const { code, stdout } = await mmspec(['explore', '--schedules', file, '--preemptions', '1', '--save', save]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/race\.mm \(<= 1 preemption\) +[0-9]+ programs/);
    const counted = await mmspec(['explore', '--schedules', file, '--preemptions', '1', '--dry-run']);
    expect(stdout).toContain(counted.stdout.trim().split(/\s+/).slice(-2).join(' '));
  });

  const refuses = async (args: readonly string[], message: string): Promise<void> => {
    const { code, stderr } = await mmspec(['explore', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  };

  // A command starts for each of them, so `npm test` takes one in three.
  test.each([
    [['--schedules'], '--schedules: name the files'],
    [['--schedules', sequential], 'has no parallel block'],
  ])('refuses %j with the reason', refuses);

  test.each([
    [[file], 'race.mm: files need --schedules; without it, use: npx mmspec replay '],
    [['--preemptions', '1'], '--preemptions needs --schedules'],
    [['--schedules', file, '--steps', '3'], '--steps cannot be combined with --schedules'],
    [['--schedules', file, '--target', bad('nothing')], 'embedded, mutant:NAME and linux:KERNEL'],
  ])('refuses %j with the reason', { tags: ['long'] }, refuses);
});
