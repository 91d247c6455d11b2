import { describe, expect, test } from 'vitest';
import { findInvalid } from '../../../reference/calls/valid.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import { judge } from '../../../reference/judge/judge.ts';
import { Known } from '../../../reference/model/known.ts';
import { parse } from '../../../reference/notation/document.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import { DOCUMENTED, withTraits } from '../../../reference/profiles/traits.ts';
import { agree } from '../../../src/targets/agreement.ts';

/** Steps that run in the address space of a child. */

const VMA = '@0 v0 = mmap o0 1 pfnmap shared remap=f1 => 0x200000000';
const FORK = '@0 m0 = fork => ok';

/** The clause that a trace breaks; undefined if it holds. */
function broken(...steps: readonly string[]): string | undefined {
  const { header, entries } = parse(['mmspec trace 1', 'frames 8', ...steps, ''].join('\n'), VOCABULARY);
  return judge(entries[0].trace, agree(header).terms)?.clause.id;
}

/** Why a program is undefined; undefined if it is not. */
function undefinedSteps(steps: readonly string[], traits = DOCUMENTED): string | undefined {
  const { program } = parse(['mmspec program 1', 'frames 8', ...steps, ''].join('\n'), VOCABULARY).entries[0].trace;
  return findInvalid(program, new Known(traits, program.cpus, program.frames, 4096))?.why;
}

const MADE = ['@0 v0 = mmap o0 1 pfnmap shared remap=f1', '@0 m0 = fork'];

describe('a program is undefined', () => {
  test.each([
    ['there is a child already: m0', ['@0 m0 = fork', '@0 m1 = fork']],
    ['an earlier step already binds m0', ['@0 m0 = fork', '@0 exit m0', '@0 m0 = fork']],
    ['no earlier step binds m0', ['@0 exit m0']],
    ['the child with address space m0 has ended', [...MADE, '@0 exit m0', '@0 read v0 in=m0']],
    ['no earlier step binds v1', [...MADE, '@0 v1 = mmap o0 1 plain shared', '@0 read v1 in=m0']],
    ['v0 is not a live VMA', [...MADE, '@0 munmap v0 in=m0', '@0 munmap v0 in=m0']],
    ['v0 is not a live VMA', ['@0 v0 = mmap o0 1 plain shared flags=dontcopy', '@0 m0 = fork', '@0 munmap v0 in=m0']],
    ['v0 may have private copies', ['@0 v0 = mmap o0 1 pfnmap private remap=f1', '@0 break_cow v0', '@0 m0 = fork']],
    ['fork must stand outside parallel blocks', ['par', '@0 m0 = fork', '@1 read null', 'end']],
    [/must stand outside parallel blocks/, [...MADE, 'par', '@0 read v0 in=m0', '@1 read null', 'end']],
  ])('if %s', (why, steps) => {
    expect(undefinedSteps(steps)).toMatch(why);
  });

  test('if it forks where callers flush', () => {
    const caller = withTraits(DOCUMENTED, [['user_tlb', 'caller']]);
    expect(undefinedSteps(['@0 m0 = fork'], caller)).toMatch('may linger');
  });

  test('but not if parent and child unmap the same VMA, each its own', () => {
    expect(
      undefinedSteps([...MADE, '@0 munmap v0', '@0 munmap v0 in=m0', '@0 exit m0', '@0 m1 = fork']),
    ).toBeUndefined();
  });
});

describe('what one of them does to its own VMA', () => {
  test('does not change the VMA of the other', () => {
    expect(broken(VMA, FORK, '@0 zap_vma_ptes v0 v0 0x1000 => 0', '@1 read v0 in=m0 => f1')).toBeUndefined();
    expect(broken(VMA, FORK, '@0 zap_vma_ptes v0 v0 0x1000 => 0', '@1 read v0 in=m0 => fault')).toBe('ZAP-7');
    expect(broken(VMA, FORK, '@0 munmap v0 in=m0 => ok', '@1 read v0 => fault')).toBe('MUN-3');
  });

  test('maps nothing in the other', () => {
    const empty = ['@0 v0 = mmap o0 1 mixedmap shared => 0x200000000', FORK, '@0 vm_insert_page v0 v0 f2 in=m0 => 0'];
    expect(broken(...empty, '@0 read v0 => fault', '@0 read v0 in=m0 => f2')).toBeUndefined();
    expect(broken(...empty, '@0 read v0 => f2')).toBe('MMAP-3');
  });
});

test('unmap_mapping_range in a parallel block unmaps the pages of the child', () => {
  const block = ['par', '@0 unmap_mapping_range o0 0x0 => ok [1 2]', '@1 read null => fault [3 4]', 'end'];
  expect(broken('cpus 2', VMA, FORK, ...block, '@1 read v0 in=m0 => fault')).toBeUndefined();
  expect(broken('cpus 2', VMA, FORK, ...block, '@1 read v0 in=m0 => f1')).toBe('UMR-1');
});

describe('a CPU that has faulted at an unmapped kernel address', () => {
  const unmapped = [FORK, '@0 a0 = vmap f1 => 0xffffc90000400000', '@0 read a0 => f1', '@0 vunmap a0 => ok'];

  test('may still reach the old frame in the other address space, whose translations it keeps apart', () => {
    expect(broken(...unmapped, '@0 read a0 in=m0 => fault', '@0 read a0 => f1')).toBeUndefined();
    expect(broken(...unmapped, '@0 read a0 => fault', '@0 read a0 in=m0 => f1')).toBeUndefined();
  });

  test('does not reach it again in the same one, nor in any after a flush', () => {
    const again = ['@0 read a0 in=m0 => fault', '@0 read a0 => f1', '@0 read a0 in=m0 => f1'];
    expect(broken(...unmapped, ...again)).toBe('UNMAP-4');
    expect(broken(...unmapped, '@0 vm_unmap_aliases => ok', '@0 read a0 in=m0 => f1')).toBe('ALIAS-1');
  });
});

test('steps are skipped if the fork failed, and if it did not they are not', () => {
  const failed = ['@0 fail_after 0 => ok', '@0 m0 = fork => -ENOMEM'];
  expect(broken(VMA, ...failed, '@0 read v0 in=m0 => skipped', '@0 exit m0 => skipped')).toBeUndefined();
  expect(() => broken(VMA, ...failed, '@0 read v0 in=m0 => f1')).toThrow('never bound');
  expect(() => broken(VMA, FORK, '@0 read v0 in=m0 => skipped')).toThrow('are bound');
});

test('the address space of a step is printed after its other arguments', () => {
  const text = '@0 v0 = mmap o0 1 plain shared flags=dontcopy\n@0 m0 = fork\n@1 write v0 7 in=m0\n@0 exit m0\n';
  const { program } = parse(`mmspec program 1\n${text}`, VOCABULARY).entries[0].trace;
  expect(printSteps(program)).toBe(text);
});
