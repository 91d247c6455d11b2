import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Step } from '../../reference/calls/call.ts';
import { findInvalid, type Program } from '../../reference/calls/valid.ts';
import { CALLS, VOCABULARY } from '../../reference/contract.ts';
import { Known } from '../../reference/model/known.ts';
import type { Address } from '../../reference/notation/address.ts';
import { parse } from '../../reference/notation/document.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { optionsWith, ParallelGenerator } from '../../src/programs/generate/index.ts';
import { candidates } from '../../src/programs/shrink/candidates.ts';
import { compare, shrinkNow } from '../../src/programs/shrink/index.ts';
import { testInTwoSizes } from '../support/sizes.ts';

const options = optionsWith({ calls: CALLS, cpus: 4 });
const { traits } = options;
const context = { traits, page: 4096, calls: CALLS };
const made = new ParallelGenerator(options);
const program = (text: string): Program =>
  parse(`mmspec program 1\ncpus 4\n${text}`, VOCABULARY).entries[0].trace.program;

/** A vunmap in one lane, named in the schedule, while another lane reads the same area. */
function race({ steps, blocks }: Program): string | undefined {
  for (const { start, end, attributes } of blocks) {
    const inside = steps.slice(start, end);
    const ends = inside.find(({ call }) => call.name === 'vunmap');
    const words = attributes.get('schedule')?.split(',') ?? [];
    if (!ends || !words.some((word) => Number.parseInt(word, 10) === ends.cpu)) continue;
    const same = ({ args }: Step): boolean => (args[0] as Address).index === (ends.args[0] as Address).index;
    const reads = ({ call, args }: Step): boolean => call.name === 'read' && (args[0] as Address).base === 'a';
    if (inside.some((step) => reads(step) && same(step) && step.cpu !== ends.cpu)) return 'race';
  }
  return undefined;
}

describe('shrinking programs with parallel blocks', () => {
  testInTwoSizes('proposes candidates that are valid, smaller and printable', { small: 5, full: 60 }, (numRuns) => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), (seed, index) => {
        const start = made.program(seed, index);
        let seen = 0;
        for (const candidate of candidates(start, context)) {
          const { cpus, frames } = candidate.program;
          expect(findInvalid(candidate.program, new Known(traits, cpus, frames))).toBeUndefined();
          expect(compare(candidate.program, start)).toBeLessThan(0);
          expect(program(printSteps(candidate.program))).toEqual(candidate.program);
          if (++seen === 150) break;
        }
      }),
      { numRuns },
    );
  });

  test('leaves only steps that must overlap, and few preemptions', () => {
    const texts = new Set<string>();
    for (let index = 0; index < 400; index++) {
      const start = made.program(1, index);
      if (race(start) === undefined) continue;
      const found = shrinkNow(start, race, { traits, key: 'race' });
      texts.add(printSteps(found.program));
    }
    expect([...texts]).toEqual(['@0 a0 = vmap f0\npar schedule=0\n@0 vunmap a0\n@1 read a0\nend\n']);
  });

  test('removes the block if overlap does not matter', () => {
    const fails = ({ steps }: Program) => (steps.some(({ call }) => call.name === 'vmalloc') ? 'any' : undefined);
    const start = program(
      'par schedule=0,1\n@0 a0 = vmalloc 0x1000\n@0 read a0\n@1 vm_unmap_aliases\nend\n@0 vfree a0\n',
    );
    const found = shrinkNow(start, fails, { traits, key: 'any' });
    expect(found.program.blocks).toEqual([]);
    expect(printSteps(found.program)).toBe('@0 a0 = vmalloc 0x1000\n');
  });

  test('keeps the steps of other lanes when it moves one out', () => {
    const fails = ({ steps, blocks }: Program) =>
      blocks.some(({ start, end }) => steps.slice(start, end).some(({ call }) => call.name === 'vm_unmap_aliases')) &&
      steps.some(({ call }) => call.name === 'vunmap')
        ? 'flush'
        : undefined;
    const start = program('par repeat=20\n@0 a0 = vmap f3\n@0 vunmap a0\n@1 vm_unmap_aliases\n@1 read hole\nend\n');
    const found = shrinkNow(start, fails, { traits, key: 'flush' });
    expect(printSteps(found.program)).toBe('@0 a0 = vmap f0\npar\n@0 vm_unmap_aliases\n@1 vunmap a0\nend\n');
  });
});
