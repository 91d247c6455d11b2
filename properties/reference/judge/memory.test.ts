import { expect, test } from 'vitest';
import { VOCABULARY } from '../../../reference/contract.ts';
import { judge } from '../../../reference/judge/judge.ts';
import { unexplained } from '../../../reference/naive/explain.ts';
import { parse, print } from '../../../reference/notation/document.ts';
import { agree, headerFor } from '../../../src/targets/agreement.ts';
import { Handshake } from '../../../src/targets/wire/handshake.ts';

/** The number of the step that breaks a clause, from 1, and the clause; undefined if the trace is allowed. */
function broken(steps: string, header = ''): string | undefined {
  const { header: read, entries } = parse(`mmspec trace 1\ncpus 2\nframes 8\n${header}${steps}\n`, VOCABULARY);
  const violation = judge(entries[0].trace, agree(read).terms);
  return violation && `${violation.step + 1} ${violation.clause.id}`;
}

const VMA = '@0 v0 = mmap o0 2 plain shared => 0x200000000\n';

test.each([
  ['one fail_after explains one failure', '@0 fail_after 0 => ok\n@0 a0 = vmap f0 => null', undefined],
  ['and no other one after it', '@0 fail_after 0 => ok\n@0 a0 = vmap f0 => null\n@0 a1 = vmap f0 => null', '3 MEM-1'],
  [
    'also if the first was one of another call',
    `${VMA}@0 fail_after 3 => ok\n@0 vm_insert_page v0 v0 f0 => -ENOMEM\n@0 a0 = vmalloc 0x1000 => null`,
    '4 MEM-1',
  ],
  [
    'also if the first said so with -EFAULT',
    `${VMA}@0 fail_after 0 => ok\n@0 vm_insert_pages v0 v0 f0 f1 => -EFAULT left 2\n@0 a0 = vmap f0 => null`,
    '4 MEM-1',
  ],
  [
    'two of them explain two',
    '@0 fail_after 0 => ok\n@0 fail_after 1 => ok\n@0 a0 = vmap f0 => null\n@0 a1 = vmap f0 => null',
    undefined,
  ],
  [
    'a page is mapped after -EBUSY if the call found it mapped or filled it first',
    `${VMA}@0 fail_after 3 => ok\n@0 vm_map_pages_zero v0 f1 f0 => -ENOMEM\n@0 vm_insert_page v0 v0+0x1000 f2 => 0\n@0 vm_map_pages v0 f0 f1 => -EBUSY\n@1 read v0 => fault`,
    '6 INS-20',
  ],
  ['none explains what came before it', '@0 a0 = vmap f0 => null\n@0 fail_after 0 => ok', '1 MEM-1'],
  [
    'calls of a block may fail in any order',
    'par\n@0 a0 = vmap f0 => null [1 2]\n@1 fail_after 0 => ok [3 4]\nend',
    undefined,
  ],
  [
    'but only one of them',
    'par\n@0 a0 = vmap f0 => null [1 2]\n@0 a1 = vmap f0 => null [5 6]\n@1 fail_after 0 => ok [3 4]\nend',
    '2 MEM-1',
  ],
])('%s', (_, steps, verdict) => expect(broken(steps)).toBe(verdict));

test.each([
  ['the first word', '@0 read a0 => a0:0:126976', undefined],
  ['the first word, which then keeps its value', '@0 read a0 => a0:0:126976\n@0 read a0 => a0:0', '4 MAP-2'],
  ['no other word', '@0 read a0+0x8 => a0:0:126976', '3 MAP-2'],
  ['no word of another page', '@0 read a0+0x1000 => a0:1:126976', '3 MAP-2'],
])('vfree_atomic writes into %s', (_, reads, verdict) => {
  const freed = '@0 a0 = vmalloc 0x2000 => 0xffffc90000400000\n@0 vfree_atomic a0 => ok\n';
  expect(broken(freed + reads)).toBe(verdict);
  const { header, entries } = parse(`mmspec trace 1\ncpus 2\nframes 8\n${freed}${reads}\n`, VOCABULARY);
  expect(unexplained({ ...agree(header).terms, cpus: 2 }, entries[0].trace) === undefined).toBe(verdict === undefined);
});

test.each([
  ['read', '@0 read a0 => fault', '', '5 UNMAP-4'],
  // A translation for reads only may remain.
  ['write', '@0 write a0 1 => fault', '', undefined],
  // A CPU may hold the page in pieces of 4 KiB.
  ['read in a larger page', '@0 read a0+0x1000 => fault', 'page 16384\n', undefined],
])('a %s that faults at an unmapped address', (_, faults, page, verdict) => {
  const steps = `@0 a0 = vmap f0 => 0xffffc90000400000\n@0 read a0 => f0\n@0 vunmap a0 => ok\n${faults}\n@0 read a0 => f0`;
  expect(broken(steps, page)).toBe(verdict);
  const { header, entries } = parse(`mmspec trace 1\ncpus 2\nframes 8\n${page}${steps}\n`, VOCABULARY);
  expect(unexplained({ ...agree(header).terms, cpus: 2 }, entries[0].trace) === undefined).toBe(verdict === undefined);
});

test('a target declares how many pages a program may count on', () => {
  // Each area counts with 4 pages for what surrounds it.
  const two = '@0 a0 = vmap f0 f1 => 0xffffc90000400000\n@0 a1 = vmap f0 => null';
  expect(broken(two)).toBe('2 MEM-1');
  expect(broken(two, 'memory 11\n')).toBe('2 MEM-1');
  expect(broken(two, 'memory 10\n')).toBeUndefined();
});

test('the naive specification counts on the same number', () => {
  const steps = '@0 a0 = vmap f0 f1 => 0xffffc90000400000\n@0 a1 = vmap f0 => null';
  for (const [memory, at] of [
    [11, 1],
    [10, undefined],
  ]) {
    const { header, entries } = parse(`mmspec trace 1\nmemory ${memory}\n${steps}\n`, VOCABULARY);
    const { terms } = agree(header);
    expect(unexplained({ ...terms, cpus: 2 }, entries[0].trace)).toBe(at);
  }
});

test('the number is kept in the header of a saved trace', () => {
  const text = 'mmspec program 1\ncpus 2\nframes 8\nmemory 96\n@0 a0 = vmap f0\n';
  expect(print(parse(text, VOCABULARY))).toBe(text);
  expect(() => parse(text.replace('96', '0'), VOCABULARY)).toThrow('a number of pages (1 to 1048576)');
});

test('the number comes from the handshake', () => {
  const handshake = new Handshake();
  for (const line of ['mmspec target 1', 'cpus 2', 'frames 8', 'calls vmap', 'limit memory 10', 'ready'])
    handshake.take(line);
  const manifest = handshake.manifest();
  const agreement = agree(manifest);
  expect(agreement.terms.memory).toBe(10);
  expect(headerFor(manifest, agreement, { cpus: 1, frames: 1 }).memory).toBe(10);
  expect(() => handshake.take('limit memory none')).toThrow('limit memory PAGES');
});

test('with scarce memory every failure is explained', () => {
  expect(broken('@0 a0 = vmap f0 => null\n@0 a1 = vmap f0 => null', 'trait memory=scarce\n')).toBeUndefined();
});
