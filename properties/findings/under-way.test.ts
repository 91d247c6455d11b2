import { expect, test } from 'vitest';
import type { Violation } from '../../reference/clauses/violation.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { judge, type Trace } from '../../reference/judge/judge.ts';
import { parse } from '../../reference/notation/document.ts';
import { culpritOf } from '../../src/findings/localise/culprit.ts';
import { agree } from '../../src/targets/agreement.ts';
import { embedded } from '../../src/targets/embedded/index.ts';
import { culpritCall, findingOf } from '../support/finding-of.ts';

const { manifest } = embedded('lazy')!;

/** The first address of a window, as in a trace. */
const startOf = (window: 'kernel' | 'user'): string =>
  `0x${(BigInt(manifest.windows.get(window)!.start) * 4096n).toString(16)}`;

/** A trace on two CPUs, from its steps with their answers. */
const traceOf = (steps: string): Trace =>
  parse(`mmspec trace 1\ncpus 2\nframes 4\n${steps}\n`, VOCABULARY).entries[0].trace;

const violationOf = (trace: Trace): Violation => judge(trace, agree(manifest).terms)!;

test('a munmap that hides its VMA before it flushes is to blame, not the call for the object that missed the VMA', async () => {
  const finding = await findingOf(
    'munmap-unlinks-before-flush',
    `@0 v0 = mmap o0 1 pfnmap shared remap=f0
     @1 read v0
     par schedule=0,1
     @0 munmap v0
     @1 unmap_mapping_range o0 0x1000 flags=even_cows
     @1 read v0
     end`,
  );
  expect(finding.violation.clause.id).toBe('UMR-1');
  expect(culpritCall(finding)).toBe('munmap');
});

test('a munmap that is under way is quoted with what it did not do: unmap the page or flush it', () => {
  const trace = traceOf(`
    @0 v0 = mmap o0 1 pfnmap shared remap=f0 => ${startOf('user')}
    @1 read v0 => f0
    par
    @0 munmap v0 => ok [1 6]
    @1 unmap_mapping_range o0 0x1000 flags=even_cows => ok [2 3]
    @1 read v0 => f0 [4 5]
    end`);
  const violation = violationOf(trace);
  const blamed = (diagnosis?: 'stale' | 'mapped'): string[] => {
    const { step, clause } = culpritOf(trace, violation, diagnosis);
    return [trace.program.steps[step].call.name, clause.id];
  };
  expect(blamed('stale')).toEqual(['munmap', 'MUN-2']);
  expect(blamed('mapped')).toEqual(['munmap', 'MUN-1']);
  expect(blamed()).toEqual(['munmap', 'MUN-2']);
});

test('if a page is gone that should have stayed, a vm_munmap of another page is not quoted for a flush', () => {
  const trace = traceOf(`
    @0 v0 = mmap o0 2 pfnmap private remap=f0 => ${startOf('user')}
    par
    @0 vm_munmap v0+0x1000 v0+0x2000 => 0 [1 6]
    @1 unmap_mapping_range o0+0x1000 0x1000 => ok [2 3]
    @1 read v0 => fault [4 5]
    end`);
  const { step, clause } = culpritOf(trace, violationOf(trace), 'unmapped');
  expect([trace.program.steps[step].call.name, clause.promises]).toEqual(['unmap_mapping_range', 'maps']);
});

test('a call that is still under way is to blame for an address that was taken again, wherever it stands', () => {
  const address = startOf('kernel');
  const trace = (order: readonly string[]) => {
    const lines = [`@0 a0 = vmap f0 => ${address}`, '@0 read a0 => f0', '@0 vunmap a0 => ok', 'par', ...order, 'end'];
    return traceOf(lines.join('\n'));
  };
  const flush = '@1 vm_unmap_aliases => ok [1 6]';
  const taken = [`@0 a1 = vmap f1 => ${address} [2 3]`, '@0 read a1 => f0 [4 5]'];
  for (const order of [
    [flush, ...taken],
    [...taken, flush],
  ]) {
    const one = trace(order);
    const violation = violationOf(one);
    expect(violation.clause.id).toBe('VA-4');
    expect(one.program.steps[culpritOf(one, violation).step].call.name).toBe('vm_unmap_aliases');
  }
});

test('if a stale translation of an address that was taken again reaches freed memory, the call that freed it is to blame', () => {
  const address = startOf('kernel');
  const trace = traceOf(`
    @0 a0 = vmalloc 0x1000 => ${address}
    @0 read a0             => a0:0
    @1 vfree a0            => ok
    @0 a1 = vmap f0        => ${address}
    @0 read a1             => other`);
  const violation = violationOf(trace);
  const blamed = (diagnosis: 'stale' | 'mapped'): string[] => {
    const { step, clause } = culpritOf(trace, violation, diagnosis);
    return [trace.program.steps[step].call.name, clause.id];
  };
  expect(blamed('stale')).toEqual(['vfree', 'VA-4']);
  expect(blamed('mapped')).toEqual(['vmap', 'MAP-1']);
});

test('of two calls that both fill a page, the one that returns last is to blame: the page was filled by then', () => {
  const trace = traceOf(`
    @0 v0 = mmap o0 1 mixedmap shared => ${startOf('user')}
    par
    @0 vm_insert_page v0 v0 f0  => 0 [1 4]
    @1 vm_insert_pages v0 v0 f1 => 0 [2 3]
    end`);
  const violation = violationOf(trace);
  expect(trace.program.steps[violation.step].call.name).toBe('vm_insert_pages');
  expect(trace.program.steps[culpritOf(trace, violation).step].call.name).toBe('vm_insert_page');
});

test('if the clean-up finds something after two calls filled one page, neither is blamed for filling it twice', () => {
  const ran = traceOf(`
    @0 v0 = mmap o0 1 pfnmap shared => ${startOf('user')}
    par
    @0 vmf_insert_pfn v0 v0 f0 => NOPAGE [1 4]
    @1 vmf_insert_pfn v0 v0 f1 => NOPAGE [2 3]
    end`);
  const trace = { ...ran, leaks: ['1 frame still mapped'] };
  const violation = violationOf(trace);
  expect(violation.left).toBeDefined();
  expect(culpritOf(trace, violation).clause.id).toBe('SAFE-3');
});
