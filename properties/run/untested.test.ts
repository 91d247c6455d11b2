import { beforeAll, describe, expect, test } from 'vitest';
import type { Step } from '../../reference/calls/call.ts';
import { CALLS, clauseById } from '../../reference/contract.ts';
import { errno, FAULT, NIL, number, OK, type Outcome, SKIPPED, UNSUPPORTED } from '../../reference/notation/outcome.ts';
import { exitCode } from '../../src/run/report/exit-code.ts';
import type { Report } from '../../src/run/report/report.ts';
import { untested, whyUntested } from '../../src/run/report/untested.ts';
import { run } from '../../src/run/run.ts';
import { embedded } from '../../src/targets/embedded/index.ts';
import type { DirectTarget, Manifest } from '../../src/targets/target.ts';
import { longUnless } from '../support/sizes.ts';

// A run is green only if it has evidence: each of these targets or selections once ended with exit code 0.

const EMBEDDED = embedded('lazy')!;

/** The calls and sizes of the embedded target, with other answers. */
function answering(answer: (step: Step) => Outcome, changes: Partial<Manifest> = {}): DirectTarget {
  const execute: DirectTarget['execute'] = (program) => program.steps.map(answer);
  const manifest = { ...EMBEDDED.manifest, can: new Set<string>(), ...changes };
  return { manifest, execute, executeTrace: (program) => ({ program, outcomes: execute(program) }) };
}

/** The embedded target, with another manifest. */
const embeddedWith = (changes: Partial<Manifest>): DirectTarget => ({
  manifest: { ...EMBEDDED.manifest, ...changes },
  execute: (program) => EMBEDDED.execute(program),
  executeTrace: (program) => EMBEDDED.executeTrace(program),
});

/** Refuses everything that may be refused. */
function refuse({ call, args }: Step): Outcome {
  const names = args.some((arg) => typeof arg === 'object' && 'base' in arg && (arg.base === 'a' || arg.base === 'v'));
  if (names) return SKIPPED;
  if (call.name === 'mmap') return errno('ENOMEM');
  if (call.outcomes.includes('null')) return NIL;
  if (call.name === 'is_vmalloc_addr') return number(0);
  return call.outcomes.includes('fault') ? FAULT : call.outcomes.includes('ok') ? OK : number(0);
}

const KERNEL_CALLS = ['vmap', 'vunmap', 'vm_unmap_aliases', 'vmalloc', 'vfree', 'is_vmalloc_addr', 'read', 'write'];
// With ample memory, a failure without a cause is a violation of its own.
const KERNEL = { calls: new Set(KERNEL_CALLS), traits: new Map([['memory', 'scarce']]) };

const missing = (report: Report): string =>
  untested(report)
    .filter(({ required }) => required)
    .map(({ what, why }) => `${what}: ${why}`)
    .join('\n');

describe('a target is not green', () => {
  test('that answers NULL to every mapping call and fault to every access', async () => {
    const report = await run({ target: answering(refuse, KERNEL), budget: { programs: 400 } });
    expect(report.findings).toEqual([]);
    expect(exitCode(report)).toBe(4);
    for (const call of ['vmap', 'vunmap', 'vm_unmap_aliases', 'vmalloc', 'vfree', 'read', 'write'])
      expect(missing(report)).toContain(call);
    expect(missing(report)).toContain('effects across CPUs: no CPU reached');
  });

  test('that announces calls and answers unsupported to all but is_vmalloc_addr', async () => {
    const lazy = (step: Step): Outcome => (step.call.name === 'is_vmalloc_addr' ? refuse(step) : UNSUPPORTED);
    const outcome = (step: Step): Outcome => (refuse(step) === SKIPPED ? SKIPPED : lazy(step));
    const report = await run({ target: answering(outcome, KERNEL), budget: { programs: 400 } });
    expect(exitCode(report)).toBe(4);
    expect(missing(report)).toContain('the target announces this and answers unsupported');
    expect(missing(report)).not.toContain('is_vmalloc_addr');
  });

  for (const name of ['vmap', 'vm_map_ram', 'vmalloc', 'vzalloc', 'vunmap', 'zap_vma_ptes', 'break_cow'])
    test(`that has everything but ${name}, which it announces`, longUnless(name === 'zap_vma_ptes'), async () => {
      const target: DirectTarget = {
        manifest: { ...EMBEDDED.manifest, can: new Set(['counts']) },
        execute: (program) => target.executeTrace(program).outcomes as Outcome[],
        executeTrace: (program) => {
          const without = program.steps.findIndex(({ call }) => call.name === name);
          const outcomes = EMBEDDED.execute(program);
          if (without < 0) return { program, outcomes };
          // What the missing call would have done, later steps would show: the rest of the program is left out.
          return { program, outcomes: program.steps.map((_, i) => (i < without ? outcomes[i] : UNSUPPORTED)) };
        },
      };
      const report = await run({ target, budget: { programs: 600 }, cpus: 2 });
      expect(report.findings).toEqual([]);
      expect(exitCode(report)).toBe(4);
      expect(report.calls.filter(({ effects }) => effects === 0).map(({ call }) => call)).toContain(name);
    });

  test('that has one CPU, unless one CPU was asked for', async () => {
    const one = embeddedWith({ cpus: 1, can: new Set(['counts']) });
    const report = await run({ target: one, budget: { programs: 300 } });
    expect(exitCode(report)).toBe(4);
    expect(missing(report)).toBe('effects across CPUs: 3 CPUs wanted, the target has 1');
    const asked = await run({ target: one, cpus: 1, budget: { programs: 300 } });
    expect(missing(asked)).toBe('');
    expect(exitCode(asked)).toBe(0);
  });
});

describe('a run of the embedded target', () => {
  let report: Report;
  beforeAll(async () => {
    report = await run({ target: 'embedded', budget: { programs: 1200 } });
  });

  test('is green, and shows an effect of every call', () => {
    expect(missing(report)).toBe('');
    expect(exitCode(report)).toBe(0);
    for (const { call, effects } of report.calls) expect(effects, call).toBeGreaterThan(0);
    // It flushes for its callers, so there is no flush_tlb.
    const drawn = CALLS.filter(({ name, weight }) => weight > 0 && name !== 'flush_tlb');
    expect(report.calls).toHaveLength(drawn.length);
    expect(report.acrossCpus).toBeGreaterThan(0);
  });

  test('of one program is not', async () => {
    const one = await run({ target: 'embedded', budget: { programs: 1 } });
    expect(exitCode(one)).toBe(4);
    expect(untested(one)[0].option).toContain('run more programs (--programs)');
  });

  test('is not green if one of the selected clauses was not exercised', () => {
    const [alias, safe] = ['ALIAS-1', 'SAFE-1'].map((id) => clauseById(id)!);
    const unexercised = report.coverage.map((line) =>
      line.clause === alias ? { ...line, exercised: 0, upheld: 0, unarmed: 0, status: 'unexercised' as const } : line,
    );
    const both = { ...report, coverage: unexercised, selected: [alias, safe] };
    expect(exitCode(both)).toBe(4);
    expect(missing(both)).toBe('clause ALIAS-1: not exercised');
    expect(exitCode({ ...report, selected: [alias, safe] })).toBe(0);
  });

  test('is not green if the target could run none of the programs of a part', () => {
    const reasons = [{ why: 'the program needs 2 CPUs, but x has 1', programs: 69 }];
    const phases = [{ name: 'directed', done: 0, left: 0, unfit: 69, reasons }];
    expect(exitCode({ ...report, phases })).toBe(4);
    expect(missing({ ...report, phases })).toContain(
      'directed programs: the target can run none of 69 (69: the program',
    );
    expect(exitCode({ ...report, phases: [{ ...phases[0], done: 1 }] })).toBe(0);
  });

  test('is not green as a shard without programs; a shard need not show more than that', () => {
    const shard = { index: 1, of: 4 };
    expect(exitCode({ ...report, shard, calls: [{ call: 'vmap', effects: 0, unsupported: 3 }] })).toBe(0);
    expect(exitCode({ ...report, shard, programs: 0 })).toBe(4);
  });
});

describe('a clause that the target cannot show', () => {
  test.each([
    ['SAFE-2', 'warn'],
    ['SAFE-3', 'allocated_pages'],
    ['RAM-2', 'page_count'],
    ['VUNMAP-2', 'vmalloc_to_page'],
    ['MAP-2', 'write'],
  ])('is not observable, never upheld: %s without %s', async (id, needed) => {
    const calls = new Set([...EMBEDDED.manifest.calls].filter((name) => name !== needed && !name.startsWith('page_')));
    const target = embeddedWith({ calls, can: new Set() });
    const report = await run({ target, budget: { programs: 50 } });
    const line = report.coverage.find(({ clause }) => clause.id === id)!;
    expect(line).toMatchObject({ status: 'unobservable', upheld: 0, exercised: 0 });
    expect(untested(report).some(({ what, why }) => what.includes(id) && why.startsWith('not observable'))).toBe(true);
  });

  test('is upheld where it can', async () => {
    const target = embeddedWith({ can: new Set(['leaks', 'warn', 'counts']) });
    const report = await run({ target, budget: { programs: 50 } });
    for (const id of ['SAFE-2', 'SAFE-3'])
      expect(report.coverage.find(({ clause }) => clause.id === id)?.upheld).toBe(report.steps);
  });
});

test('a clause that another clause covers asks for no more programs', async () => {
  const report = await run({ target: 'embedded:eager', budget: { programs: 100 }, seed: 1 });
  const line = untested(report).find(({ what }) => what === 'ALIAS-1');
  expect(line?.why).toBe('not armed: with tlb=before-return, a translation that lingers breaks UNMAP-2 first');
  expect(line?.option).toBe('UNMAP-2 tests it (--clause UNMAP-2)');
  const { coverage } = report;
  expect(coverage.find(({ clause }) => clause.id === 'UNMAP-2')!.exercised).toBeGreaterThan(0);
});

describe('a clause that few programs exercise on a real kernel', () => {
  const whyOf = (id: string, report: Report): string =>
    whyUntested(report.coverage.find(({ clause }) => clause.id === id)!, report);

  test('says so where the target cannot make an allocation fail', async () => {
    const calls = new Set([...EMBEDDED.manifest.calls].filter((call) => call !== 'fail_after'));
    const report = await run({ target: embeddedWith({ calls, can: new Set() }), budget: { programs: 20 }, seed: 1 });
    const why = 'not exercised: no call failed for want of memory, and the target cannot make one fail';
    expect(whyOf('VRE-5', report)).toBe(why);
    const gap = untested(report).find((one) => one.why === why);
    expect(gap?.option).toBe('announce fail_after, if the target can make allocations fail');
  });

  test('says so where the target can make only forks fail', async () => {
    const target = embeddedWith({ can: new Set([...EMBEDDED.manifest.can, 'fail_forks']) });
    const report = await run({ target, budget: { programs: 1 }, seed: 1 });
    const unexercised = { ...report, coverage: report.coverage.map((line) => ({ ...line, unarmed: 0, exercised: 0 })) };
    const why = 'not exercised: no call failed for want of memory, and the target can make only forks fail';
    expect(whyOf('SMR-4', unexercised)).toBe(why);
    expect(whyOf('FRK-5', unexercised)).toBe('not exercised');
    const gap = untested(unexercised).find((one) => one.why === why);
    expect(gap?.option).toBe('announce fail_after without fail_forks, if the target can make other allocations fail');
  });

  test('names --warnings where steps that warn are not drawn', async () => {
    const target = embeddedWith({ can: new Set([...EMBEDDED.manifest.can, 'warn']) });
    const report = await run({ target, budget: { programs: 20 }, seed: 1 });
    const why = 'not exercised: the steps that exercise it make a kernel warn, and by default they are not drawn';
    expect(whyOf('VM-3', report)).toBe(why);
    expect(untested(report).find((one) => one.why === why)?.option).toMatch(/^draw them, too \(run --warnings\)/);
  });
});
