import { expect, test } from 'vitest';
import type { Program } from '../../reference/calls/valid.ts';
import { CALLS, VOCABULARY } from '../../reference/contract.ts';
import type { Address } from '../../reference/notation/address.ts';
import { parse } from '../../reference/notation/document.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { NO_BLOCKS } from '../../reference/notation/program.ts';
import { optionsWith } from '../../src/programs/generate/index.ts';
import { shrinkNow } from '../../src/programs/shrink/index.ts';
import { stay } from '../../src/programs/shrink/passes/stay.ts';

const { traits } = optionsWith({ calls: CALLS });
const START = [
  '@0 v0 = mmap o0 3 plain shared',
  '@0 vm_insert_page v0 v0+0x1000 f1',
  '@0 v1 = mremap v0 3',
  '@1 read v1+0x1000',
  '@0 write v1+0x1000 7',
  '@0 v2 = mremap v1 2',
  '@1 read v2+0x1000',
  '@1 read v0+0x1000',
  '@0 munmap v2',
];

const programOf = (steps: readonly string[]): Program =>
  parse(`mmspec program 1\n${steps.join('\n')}\n`, VOCABULARY).entries[0].trace.program;
const linesOf = (program: Program): string[] => printSteps(program).trim().split('\n');

test('each call that moves or resizes a VMA is removed alone, and later steps use the old name', () => {
  const program = programOf(START);
  const edits = [...stay.edits(program, { traits, page: 4096, calls: CALLS }, undefined)].map(({ steps }) =>
    linesOf({ ...program, steps: steps.filter((step) => step !== undefined), blocks: NO_BLOCKS }),
  );
  expect(edits).toEqual([
    [
      '@0 v0 = mmap o0 3 plain shared',
      '@0 vm_insert_page v0 v0+0x1000 f1',
      '@1 read v0+0x1000',
      '@0 write v0+0x1000 7',
      '@0 v2 = mremap v0 2',
      '@1 read v2+0x1000',
      '@1 read v0+0x1000',
      '@0 munmap v2',
    ],
    [
      '@0 v0 = mmap o0 3 plain shared',
      '@0 vm_insert_page v0 v0+0x1000 f1',
      '@0 v1 = mremap v0 3',
      '@1 read v1+0x1000',
      '@0 write v1+0x1000 7',
      '@1 read v1+0x1000',
      '@1 read v0+0x1000',
      '@0 munmap v1',
    ],
  ]);
});

test('a failure that needs one of two moves is shrunk to a program with one', () => {
  /** Fails if accesses reach a VMA that was moved, by the name that it has then. */
  const fails = ({ steps }: Program): string | undefined => {
    const calls: string[] = [];
    let name: number | undefined;
    for (const { call, args, binds } of steps) {
      const { index } = args[0] as Address;
      if (call.name === 'mremap' && (name === undefined || index === name)) name = binds;
      else if (index === name) calls.push(call.name);
    }
    return `${calls}` === 'read,write,read,munmap' ? 'moved' : undefined;
  };
  const start = programOf(START);
  const key = fails(start)!;
  expect(key).toBe('moved');
  expect(linesOf(shrinkNow(start, fails, { traits, key }).program)).toEqual([
    '@0 v0 = mmap o0 1 plain shared',
    '@0 v1 = mremap v0 1',
    '@0 read v1',
    '@0 write v1 1',
    '@0 read v1',
    '@0 munmap v1',
  ]);
});
