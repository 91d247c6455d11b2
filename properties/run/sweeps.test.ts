import { describe, expect, test } from 'vitest';
import { MUTANTS } from '../../fixtures/simulator/mutants/index.ts';
import type { Program } from '../../reference/calls/valid.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { parse } from '../../reference/notation/document.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { lanesOf } from '../../reference/notation/program.ts';
import { execute, failureOf } from '../../src/findings/execution.ts';
import { type Finding, quotedClause } from '../../src/findings/finding.ts';
import { listSweeps, Sweeper } from '../../src/findings/schedules.ts';
import { failureUnderOtherSchedules } from '../../src/findings/until-failure.ts';
import { minimise } from '../../src/run/campaign/minimise.ts';
import { schedules } from '../../src/run/explore/schedules.ts';
import { agree } from '../../src/targets/agreement.ts';
import { embedded, mutant } from '../../src/targets/embedded/index.ts';
import type { Answer } from '../../src/targets/target.ts';
import { sweeping } from '../support/sweeping.ts';

const parsed = (text: string): Program =>
  parse(`mmspec program 1\ncpus 3\nframes 64\n${text}\n`, VOCABULARY).entries[0].trace.program;

/** Races whose program has one block of two lanes. */
const RACES = MUTANTS.filter(({ race }) => race)
  .map(({ name, shows, breaks }) => ({ name, breaks, program: parsed(shows.replace(/^par .*$/m, 'par')) }))
  .filter(({ program: { steps, blocks } }) => blocks.length === 1 && lanesOf(steps, blocks[0]).length === 2);

/** What a trace shows, without how it came about. */
const shown = ({ outcomes, times }: Pick<Answer, 'outcomes' | 'times'>): string => JSON.stringify([outcomes, times]);

test('there are races to try', () => expect(RACES.length).toBeGreaterThan(5));

describe.each(RACES)('$name', ({ name, breaks, program }) => {
  const { terms } = agree(mutant(name)!.manifest);

  test.each([1, 2])('sweeps of up to %i preemptions show what all such schedules show', async (preemptions) => {
    const target = sweeping(mutant(name)!);
    const sweeps = await listSweeps(program, preemptions, (programs) => target.run(programs));
    const answers = await target.run(sweeps);
    const swept = new Set(answers.flatMap((answer) => [...(answer.earlier ?? []), answer].map(shown)));
    const all = new Set([...schedules(mutant(name)!, program, preemptions)].map(shown));
    for (const trace of all) expect(swept).toContain(trace);
  });

  test('a program that fails under a schedule is found by sweeps, and fails again with the schedule found', async () => {
    const target = sweeping(mutant(name)!);
    const sweeper = new Sweeper(target, terms, 2, ({ violation }) => violation?.clause.id === breaks);
    const [{ failed }] = await sweeper.sweep([program]);
    expect(failed?.violation?.clause.id).toBe(breaks);
    const [again] = await execute(target, [failed!.trace.program], terms);
    expect(failureOf(again)).toBe(failureOf(failed!));
    expect(printSteps(again.trace.program)).toBe(printSteps(failed!.trace.program));
    // The second time nothing runs.
    const before = target.runs.count;
    expect((await sweeper.sweep([program]))[0].failed).toBe(failed);
    expect(target.runs.count).toBe(before);
  });
});

/** A race with steps that it does not need. */
const long = (): string => {
  const { program } = RACES[0];
  const text = printSteps(program).trimEnd();
  return `@0 a8 = vmap f8\n@1 read a8\n${text}\n@0 vunmap a8\n@0 vm_unmap_aliases`;
};

/** The finding from a program that fails under some schedule on a mutant. The mutant is used like a target outside this process. */
async function minimised(name: string, text: string, target = sweeping(mutant(name)!)): Promise<Finding> {
  const agreement = agree(target.manifest);
  const [{ failed }] = await new Sweeper(target, agreement.terms, 2).sweep([parsed(text)]);
  const key = failureOf(failed!)!;
  return minimise(failed!, { target, agreement, key, after: { programs: 0, steps: 0 }, milliseconds: 60_000 });
}

test('also on a target that runs schedules, a call of a block that merely noticed is replaced by an observation after the block', async () => {
  const finding = await minimised(
    'copy-without-lock',
    `@0 v0 = mmap o0 1 plain private
     @0 vm_insert_page v0 v0 f0
     par
     @0 break_cow v0
     @0 vm_insert_pages v0 v0 f0
     @1 unmap_mapping_range o0 0x1000 flags=even_cows
     end`,
  );
  expect(finding.symptoms?.map(({ key }) => key)).toEqual(['INS-13 vm_insert_pages errno']);
  expect(finding.trace.program.steps.at(-1)!.call.side).toBe('observe');
  expect(finding.trace.program.blocks[0].attributes.get('schedule')).toBeDefined();
  expect(quotedClause(finding).id).toBe('UMR-1');
  expect(finding.rate.failed).toBe(finding.rate.of);
});

test('a failure that needs no overlap is shrunk to a program without', async () => {
  const finding = await minimised(
    'munmap-without-flush',
    `@0 v0 = mmap o0 1 pfnmap shared remap=f0
     @1 read v0
     par
     @0 munmap v0
     @1 unmap_mapping_range o0 0x1000
     end
     @1 read v0`,
  );
  expect(finding.trace.program.blocks, printSteps(finding.trace.program)).toEqual([]);
  expect(finding.trace.program.steps[finding.culprit!.step].call.name).toBe('munmap');
});

test('a warning that comes as late as the clean-up is reported with the overlap that it needs', async () => {
  const name = 'emptied-block-retired-twice';
  const target = sweeping(mutant(name)!);
  const warning = (answer: Answer): Answer =>
    answer.leaks ? { ...answer, leaks: answer.leaks.map((leak) => `warning: ${leak}`) } : answer;
  const warns = async (programs: readonly Program[]): Promise<Answer[]> =>
    (await target.run(programs)).map((answer) => ({ ...warning(answer), earlier: answer.earlier?.map(warning) ?? [] }));
  const { program } = RACES.find((race) => race.name === name)!;
  const text = printSteps({ ...program, steps: program.steps.slice(0, program.blocks[0].end) });
  const finding = await minimised(name, text, { ...target, run: warns });
  expect(finding.violation.clause.id).toBe('SAFE-2');
  expect(finding.trace.program.blocks.length).toBe(1);
  expect(finding.trace.program.steps.length).toBe(finding.trace.program.blocks[0].end);
});

test('a race is shrunk with its schedule, and the certificate covers all schedules', async () => {
  const target = sweeping(mutant(RACES[0].name)!);
  const found = await minimised(RACES[0].name, long(), target);
  const { program } = found.trace;
  expect(program.steps.length).toBeLessThanOrEqual(RACES[0].program.steps.length);
  expect(program.blocks[0].attributes.get('schedule')).toBeDefined();
  expect(program.blocks[0].attributes.get('at')).toContain('@somewhere');
  expect(found.certificate?.text).toMatch(/under every schedule of up to 2 preemptions/);
  expect(found.rate.failed).toBe(found.rate.of);
  const again = await execute(target, new Array<Program>(200).fill(program), agree(target.manifest).terms);
  expect(again.filter((run) => failureOf(run) === found.key)).toHaveLength(200);
});

test('a schedule that no longer fails is swept before the program is said to hold', async () => {
  const { name, program } = RACES[0];
  const blocks = program.blocks.map((block) => ({ ...block, attributes: new Map([['schedule', '-']]) }));
  const { terms } = agree(mutant(name)!.manifest);
  const found = await failureUnderOtherSchedules(sweeping(mutant(name)!), { ...program, blocks }, terms);
  expect(found?.violation).toBeDefined();
  expect(found?.trace.program.blocks[0].attributes.get('schedule')).not.toBe('-');
  expect(await failureUnderOtherSchedules(sweeping(embedded('lazy')!), { ...program, blocks }, terms)).toBeUndefined();
});
