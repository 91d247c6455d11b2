import { describe, expect, test } from 'vitest';
import { oracleOf } from '../../bench/oracle.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { parse } from '../../reference/notation/document.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { shrinkNow } from '../../src/programs/shrink/index.ts';
import { mutant } from '../../src/targets/embedded/index.ts';

const { traits, run } = oracleOf(mutant('munmap-keeps-walk-cache')!);

/** Programs that no deletion makes smaller: without a step, the right and the wrong frame would be the same. */
const STUCK = {
  'a frame put on a page that is not read': `
    @0 v0 = mmap o0 2 plain shared
    @0 vm_insert_page v0 v0+0x1000 f0
    @0 read v0
    @0 munmap v0
    @0 v1 = mmap o0 1 pfnmap shared remap=f0
    @0 read v0`,
  'a VMA next to the one that is read': `
    @0 v0 = mmap o0 1 pfnmap shared remap=f0
    @0 read v0
    @0 v1 = mmap o0 1 plain shared after=v0
    @0 munmap v0
    @0 munmap v1
    @0 v2 = mmap o0 2 pfnmap shared remap=f0
    @0 read v1`,
  'a frame put on the last page': `
    @0 v0 = mmap o0 2 pfnmap shared remap=f0
    @0 read v0
    @0 munmap v0
    @0 v1 = mmap o0 2 plain shared
    @0 vm_insert_page v1 v1+0x1000 f0
    @0 read v0+0x1000`,
};

const LEAST = `@0 v0 = mmap o0 1 pfnmap shared remap=f0
@0 read v0
@0 munmap v0
@0 v1 = mmap o0 1 pfnmap shared remap=f1
@0 read v0
`;

describe('shrinking steps that only make frames different', () => {
  test.each(Object.entries(STUCK))('removes %s', (_, steps) => {
    const { program } = parse(`mmspec program 1\n${steps}\n`, VOCABULARY).entries[0].trace;
    const fails = (one: typeof program) => run(one)?.key;
    const key = fails(program)!;
    expect(key).toBe('MMAP-2 read frame');
    expect(printSteps(shrinkNow(program, fails, { traits, key }).program)).toBe(LEAST);
  });

  test('removes them if the frame stays on its page', () => {
    const { program } = parse(
      `mmspec program 1
      @0 v0 = mmap o0 2 pfnmap shared remap=f0
      @0 read v0
      @0 zap_vma_ptes v0 v0 0x2000
      @0 follow_pfn v0 v0+0x1000
      @0 munmap v0
      @0 v1 = mmap o0 2 plain shared
      @0 vm_insert_page v1 v1+0x1000 f1
      @0 read v0+0x1000\n`,
      VOCABULARY,
    ).entries[0].trace;
    const fails = (one: typeof program) => run(one)?.key;
    const key = fails(program)!;
    expect(key).toBe('ZAP-2 read frame');
    expect(shrinkNow(program, fails, { traits, key }).program.steps.length).toBe(6);
  });
});
