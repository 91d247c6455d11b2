import { describe, expect, test } from 'vitest';
import type { Step } from '../../reference/calls/call.ts';
import type { Program } from '../../reference/calls/valid.ts';
import { CALLS, VOCABULARY } from '../../reference/contract.ts';
import { parse } from '../../reference/notation/document.ts';
import { areaOfFrame, type FrameId } from '../../reference/notation/frame.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { optionsWith } from '../../src/programs/generate/index.ts';
import { compare, shrinkNow } from '../../src/programs/shrink/index.ts';

const { traits } = optionsWith({ calls: CALLS });

const program = (...lines: string[]): Program =>
  parse(`mmspec program 1\ncpus 3\nframes 64\n${lines.join('\n')}\n`, VOCABULARY).entries[0].trace.program;

/** Shrinks a program, and returns its steps and how many programs were run. */
function shrunk(start: Program, fails: (program: Program) => boolean): { steps: string[]; executions: number } {
  expect(fails(start)).toBe(true);
  const verdict = (candidate: Program): string | undefined => (fails(candidate) ? 'key' : undefined);
  const found = shrinkNow(start, verdict, { traits, page: 4096, key: 'key' });
  expect(compare(found.program, start)).toBeLessThan(0);
  return { steps: printSteps(found.program).trim().split('\n'), executions: found.executions };
}

const named = ({ steps }: Program, ...names: string[]): Step[] => steps.filter(({ call }) => names.includes(call.name));
const at = (page: number): string => (page === 0 ? 'v0' : `v0+0x${(page * 4096).toString(16)}`);
const framesOf = ({ args }: Step, at: number): readonly FrameId[] => [args[at]].flat() as FrameId[];

describe('plateaus', () => {
  test('many small mappings that fill a structure only together become few large ones', () => {
    // A block of 16 pages is full. No other size and number will do, so no single mapping can go or grow.
    const full = (candidate: Program): boolean => {
      const sizes = named(candidate, 'vm_map_ram').map((step) => framesOf(step, 0).length);
      return sizes.every((pages) => pages === sizes[0] && pages <= 4) && sizes.length * sizes[0] === 16;
    };
    const { steps, executions } = shrunk(
      program(...Array.from({ length: 16 }, (_, n) => `@0 a${n} = vm_map_ram f${n}`)),
      full,
    );
    expect(steps.length).toBe(4);
    expect(executions).toBeLessThan(200);
  });

  test('many insertions of one frame become one', () => {
    const overflows = (candidate: Program): boolean =>
      named(candidate, 'vm_insert_page', 'vm_insert_pages')
        .flatMap((step) => framesOf(step, 2))
        .filter((frame) => frame === 0).length >= 256;
    const insertions = Array.from({ length: 256 }, (_, n) => `@0 vm_insert_page v0 ${at(n)} f0`);
    const { steps, executions } = shrunk(program('@0 v0 = mmap o0 256 mixedmap shared', ...insertions), overflows);
    expect(steps).toEqual(['@0 v0 = mmap o0 256 plain shared', '@0 vm_insert_pages v0 v0 f0x256']);
    expect(executions).toBeLessThan(200);
  });

  test('a list with pages of areas keeps only what matters, with the first page of an area', () => {
    const inserts = (candidate: Program): boolean =>
      named(candidate, 'vm_insert_pages').some((step) => framesOf(step, 2).some((frame) => areaOfFrame(frame)));
    const start = program(
      '@0 a0 = vmalloc 0x1000',
      '@0 a1 = vmalloc 0x4000',
      '@0 v0 = mmap o0 8 mixedmap shared',
      '@0 vm_insert_pages v0 v0 f3 a1:1..a1:3 a0:0 f2',
    );
    expect(shrunk(start, inserts).steps).toEqual([
      '@0 a0 = vmalloc 0x1000',
      '@0 v0 = mmap o0 1 plain shared',
      '@0 vm_insert_pages v0 v0 a0:0',
    ]);
  });

  test('insertions of pages of areas do not become a list, which the target may not take', () => {
    const inserts = (candidate: Program): boolean =>
      named(candidate, 'vm_insert_page', 'vm_insert_pages')
        .flatMap((step) => framesOf(step, 2))
        .filter((frame) => areaOfFrame(frame)).length === 3;
    const { steps } = shrunk(
      program(
        '@0 a0 = vmalloc 0x3000',
        '@0 v0 = mmap o0 3 mixedmap shared',
        ...Array.from({ length: 3 }, (_, n) => `@0 vm_insert_page v0 ${at(n)} a0:${n}`),
      ),
      inserts,
    );
    expect(steps.filter((step) => step.includes('vm_insert_pages'))).toEqual([]);
  });

  test('many zaps of a page become one', () => {
    const emptied = (candidate: Program): boolean =>
      named(candidate, 'zap_vma_ptes').reduce((sum, { args }) => sum + (args[2] as number), 0) >= 0x20000;
    const zaps = Array.from({ length: 32 }, (_, n) => `@0 zap_vma_ptes v0 ${at(n)} 0x1000`);
    const { steps } = shrunk(program('@0 v0 = mmap o0 32 pfnmap shared remap=f0', ...zaps), emptied);
    expect(steps.length).toBe(2);
  });

  test('a step changes its lane, where that frees another one', () => {
    // The unmapping must overlap with a flush and with a read, which one lane can do as well as two.
    const overlap = ({ steps, blocks }: Program): boolean =>
      blocks.some(({ start, end }) => {
        const inside = steps.slice(start, end);
        const cpuOf = (name: string): number => inside.find(({ call }) => call.name === name)?.cpu ?? -1;
        const [unmaps, flushes, reads] = [cpuOf('vunmap'), cpuOf('vm_unmap_aliases'), cpuOf('read')];
        const alone = flushes === unmaps && !inside.some(({ call }) => call.name === 'vmap');
        return unmaps >= 0 && flushes >= 0 && reads >= 0 && reads !== unmaps && !alone;
      });
    const { steps } = shrunk(
      program(
        '@0 a0 = vmap f0',
        'par schedule=0,1',
        '@0 vunmap a0',
        '@0 a1 = vmap f1',
        '@0 vm_unmap_aliases',
        '@1 read a0',
        'end',
      ),
      overlap,
    );
    expect(steps.filter((step) => step.startsWith('@')).length).toBe(4);
  });
});
