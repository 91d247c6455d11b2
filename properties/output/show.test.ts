import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { inVma } from '../../reference/notation/address.ts';
import { storyOf } from '../../src/output/picture/story.ts';
import { picture } from '../../src/output/picture/terminal.ts';
import { watch } from '../../src/output/picture/watch.ts';
import { folder, mmspec } from '../support/cli.ts';
import { exhibitOfText, exhibits } from '../support/exhibits.ts';
import { longUnless } from '../support/sizes.ts';
import { NO_ORDER, PARALLEL, STALE } from '../support/traces.ts';

function storyOfText(text: string) {
  const { trace, agreement, violation } = exhibitOfText('x', text);
  return storyOf(trace, { traits: agreement.traits, page: 4096, violation });
}

test('the picture says where a schedule stopped lanes', () => {
  const block = 'par schedule=1:2,0 at=1:2@unmap_page_range/2,0:1@step3';
  const scheduled = PARALLEL.replace(/^par.*$/m, block);
  expect(scheduled).toContain(block);
  expect(picture(storyOfText(scheduled))).toContain(
    'schedule: lane 1 stopped at unmap_page_range, visit 2; then lane 0 stopped\n  before step 3\n',
  );
  expect(picture(storyOfText(PARALLEL))).not.toContain('schedule:');
});

describe('the story of a trace', () => {
  test('follows what is mapped, and what each CPU may reach', () => {
    const story = storyOfText(STALE);
    const states = story.moments.map(({ ranges, entries }) => [
      ranges.get('a0')?.state,
      [...entries].map(([key, state]) => `${key}=${state}`).join(' '),
    ]);
    expect(states).toEqual([
      ['live', ''],
      ['live', '1:a0:3:3=held'],
      ['ended', '1:a0:3:3=stale'],
      ['ended', '1:a0:3:3=stale'],
      ['gone', '1:a0:3:3=overdue'],
      ['gone', '1:a0:3:3=overdue'],
      ['gone', '1:a0:3:3=overdue'],
      ['gone', '1:v0:1:9=held 1:a0:3:3=overdue'],
      ['gone', '1:a0:3:3=overdue'],
      ['gone', '1:a0:3:3=wrong'],
    ]);
    expect(story.moments.map(({ offending }) => offending).indexOf(true)).toBe(9);
    expect(story.moments[8].ranges.get('v0')?.frames).toEqual([-1, -1, 10, 11]);
  });

  test('shows what a CPU reaches that it never held, and what had the addresses before', () => {
    const { moments } = storyOfText(`mmspec trace 1
cpus 1
frames 4
program 1
@0 v0 = mmap o0 2 pfnmap shared remap=f0 => 0x200000000
@0 munmap v0 => ok
@0 v1 = mmap o0 2 pfnmap shared => 0x200000000
@0 read v1+0x1000 => f3
end 1
`);
    expect(moments[2].notes).toEqual(['v1 is a VMA at 0x200000000, where v0 was, 2 pages; nothing is mapped in it']);
    expect(moments[1].notes).toEqual(['the VMA v0 is gone; no CPU may reach what was mapped in it']);
    expect(moments[2].ranges.get('v1')?.state).toBe('empty');
    expect(moments[3].notes).toEqual(['CPU 0 reaches v1+0x1000 -> f3, which it must not reach here']);
    expect(moments.flatMap(({ entries }) => [...entries.values()])).toEqual(['wrong']);
    expect(moments[3].place).toEqual({ range: 'v1', page: 1 });
  });

  test('tells a VMA from what is mapped in it', () => {
    const story = storyOfText(`mmspec trace 1
cpus 1
frames 4
program 1
@0 v0 = mmap o0 2 pfnmap shared remap=f0 => 0x200000000
@0 zap_vma_ptes v0 v0 0x2000 => ok
@0 read v0 => fault
end 1
`);
    expect(story.moments[0].notes).toEqual(['v0 is a VMA at 0x200000000, 2 pages; it maps f0 f1']);
    expect(story.moments[1].notes).toEqual(['nothing is mapped in v0 now']);
    expect(story.moments.map(({ ranges }) => ranges.get('v0')?.state)).toEqual(['live', 'empty', 'empty']);
    const text = stripVTControlCharacters(picture(story));
    expect(text).toMatch(/^2 @0 zap_vma_ptes v0 v0 0x2000 => ok +\* +o<$/m);
    expect(text).toContain('o  a VMA in which nothing is mapped');
    expect(stripVTControlCharacters(picture(storyOfText(STALE)))).not.toContain('o  a VMA');
  });

  test('shows no translation as overdue that the CPU was seen to be without', () => {
    const { moments } = storyOfText(`mmspec trace 1
cpus 1
frames 4
program 1
@0 a0 = vmap f0 => 0xffffc90000400000
@0 read a0 => f0
@0 vunmap a0 => ok
@0 read a0 => fault
@0 vm_unmap_aliases => ok
@0 read a0 => f0
end 1
`);
    expect(moments.map(({ entries }) => [...entries.values()].join())).toEqual(['', 'held', 'stale', '', '', 'wrong']);
    expect(moments[3].notes).toEqual(['CPU 0 no longer holds a0 -> f0']);
    expect(moments[3].touches).toContain('0:a0:0:0');
    expect(moments[5].offending).toBe(true);
  });

  test('lets a step that changes nothing point at what it is about', () => {
    const { moments } = storyOfText(`mmspec trace 1
cpus 1
frames 4
program 1
@0 v0 = mmap o0 2 pfnmap shared remap=f0 => 0x200000000
@0 read v0+0x1000 => fault
end 1
`);
    expect(moments[1]).toMatchObject({ offending: true, touches: ['v0'], place: { range: 'v0', page: 1 } });
  });

  test('shows calls that overlap in the order of their times', () => {
    const { moments } = storyOfText(PARALLEL);
    expect(moments.map(({ step, phase, running }) => `${step} ${phase} ${running.join()}`)).toEqual([
      '0 whole ',
      '1 call 0',
      '2 whole 0',
      '1 return ',
      '3 whole ',
      '4 whole ',
    ]);
    expect(moments[4].offending).toBe(true);
  });

  test('rounds the hole of unmap_mapping_range as the judge does', () => {
    const { moments } = storyOfText(`mmspec trace 1
cpus 1
frames 8
@0 v0 = mmap o0 3 mixedmap shared => 0x10000000
@0 vm_insert_page v0 v0 f1 => 0
@0 vm_insert_page v0 v0+0x1000 f2 => 0
@0 unmap_mapping_range o0+0x800 0x800 => ok
@0 read v0 => fault
@0 read v0+0x1000 => f2
`);
    expect(moments.map(({ ranges }) => ranges.get('v0')?.frames)).toEqual([
      [-1, -1, -1],
      [1, -1, -1],
      [1, 2, -1],
      [-1, 2, -1],
      [-1, 2, -1],
      [-1, 2, -1],
    ]);
    expect(moments[3].notes).toEqual(['v0 maps - f2 - now']);
    expect(moments.some(({ offending }) => offending)).toBe(false);
  });

  test('draws all that a page may map while calls overlap, and what is left when they have returned', () => {
    const story = storyOfText(`mmspec trace 1
cpus 3
frames 8
@0 v0 = mmap o0 1 pfnmap shared remap=f5 => 0x10000000
par
@0 zap_vma_ptes v0 v0 0x1000 => 0 [1 8]
@1 vmf_insert_pfn v0 v0 f7 => NOPAGE [2 3]
@2 vmf_insert_pfn v0 v0 f6 => NOPAGE [4 5]
@1 follow_pfn v0 v0 => f7 [6 7]
end
@0 read v0 => f7
`);
    const states = story.moments.map(({ step, phase, ranges }) => [step, phase, ranges.get('v0')!.frames[0]]);
    expect(states).toEqual([
      [0, 'whole', 5],
      // The zap is under way.
      [1, 'call', [-1, 5]],
      // The insertion came before the zap and found f5, or after it.
      [2, 'whole', [-1, 5, 7]],
      // The same again: f6 was inserted if the zap came between the two.
      [3, 'whole', [-1, 5, 6, 7]],
      // f7 can only be there if the zap came before the first insertion.
      [4, 'whole', 7],
      [1, 'return', 7],
      [5, 'whole', 7],
    ]);
    expect(story.violation).toBeUndefined();
    const text = stripVTControlCharacters(picture(story));
    expect(text).toContain('v0 may map f5|- now');
    expect(text).toContain('\nf0|-  a page that maps one of these');
    expect(watch(story, inVma(0, 0))).toContain('mapped: f5|-');
  });

  test('draws what a page certainly maps once the only call that changes it has returned', () => {
    const { moments } = storyOfText(`mmspec trace 1
cpus 2
frames 8
@0 v0 = mmap o0 1 pfnmap shared remap=f5 => 0x10000000
par
@0 zap_vma_ptes v0 v0 0x1000 => 0 [1 4]
@1 read v0 => f5 [2 3]
@1 read v0 => fault [5 6]
end
`);
    expect(moments.map(({ step, phase, ranges }) => [step, phase, ranges.get('v0')!.frames[0]])).toEqual([
      [0, 'whole', 5],
      [1, 'call', [-1, 5]],
      [2, 'whole', [-1, 5]],
      [1, 'return', -1],
      [3, 'whole', -1],
    ]);
  });

  test('draws an area at an address that it must not have, and what comes after that', () => {
    const { moments } = storyOfText(`mmspec trace 1
cpus 1
frames 8
@0 a0 = vmap f0 f1 => 0xffffc90000400000
@0 a1 = vmap f2 => 0xffffc90000401000
@0 v0 = mmap o0 1 mixedmap shared => 0x10000000
@0 read a1 => f2
@0 vunmap a1 => ok
@0 vm_insert_page v0 v0 f3 => 0
`);
    expect(moments.map(({ offending }) => offending)).toEqual([false, true, false, false, false, false]);
    expect(moments[1].notes).toEqual(['a1 is mapped at 0xffffc90000401000, where a0 was, 1 page: f2']);
    expect(moments[5].ranges.get('a1')?.state).not.toBe('live');
    expect(moments[5].ranges.get('v0')?.frames).toEqual([3]);
    const unaligned = storyOfText(
      'mmspec trace 1\n@0 a0 = vmap f0 => 0xffffc90000400008\n@0 v0 = mmap o0 2 plain shared => 0x8\n',
    );
    expect(unaligned.violation?.step).toBe(0);
    expect([...unaligned.moments[1].ranges.keys()]).toEqual(['a0', 'v0']);
  });

  test('gives the longest order that can be followed, and the step where every order fails', () => {
    const story = storyOfText(NO_ORDER);
    expect(story.why).toEqual([
      {
        title: 'the longest order that can be followed for v0, which is empty at first',
        lines: [
          { step: 1, text: '@0 vm_insert_page v0 v0 f0 => 0', note: 'v0 maps f0 now' },
          { step: 2, text: '@1 vm_insert_page v0 v0 f1 => -EBUSY', note: '' },
        ],
        ordered: true,
      },
      {
        title: 'here every order fails',
        lines: [{ step: 3, text: '@2 vm_insert_page v0 v0 f2 => 0', note: 'cannot be so where v0 maps f0' }],
        ordered: false,
      },
    ]);
    expect(stripVTControlCharacters(picture(story))).toContain(`
the longest order that can be followed for v0, which is empty at first:
   1. step 2   @0 vm_insert_page v0 v0 f0 => 0   v0 maps f0 now
   2. step 3   @1 vm_insert_page v0 v0 f1 => -EBUSY

here every order fails:
    X step 4   @2 vm_insert_page v0 v0 f2 => 0   cannot be so where v0 maps f0
`);
  });

  test('lists the steps before and during a wrong read if no order was searched for', () => {
    const { why } = storyOfText(`mmspec trace 1
profile documented
cpus 3
frames 4
@0 a0 = vmap f0 => 0xffffc90000400000
@1 read a0 => f0
@0 vunmap a0 => ok
par
@0 vm_unmap_aliases => ok [1 2]
@1 read a0 => f0 [4 5]
@2 vm_unmap_aliases => ok [3 6]
@2 vm_unmap_aliases => ok [7 8]
end
`);
    expect(why.map(({ title, lines }) => [title, lines.map(({ step }) => step)])).toEqual([
      ['had returned before step 5 was called', [3]],
      ['overlapped with step 5', [5]],
    ]);
  });

  test.each(exhibits().map((exhibit) => [exhibit.name, exhibit] as const))(
    'draws the program of the mutant %s',
    (_, exhibit) => {
      const { trace, agreement, violation } = exhibit;
      const story = storyOf(trace, { traits: agreement.traits, page: 4096, violation });
      expect(story.moments.filter(({ offending }) => offending).length).toBe(1);
      const text = stripVTControlCharacters(picture(story));
      expect(text).toContain(`breaks ${violation?.clause.id}`);
      for (const line of text.split('\n')) expect(line).toBe(line.trimEnd());
    },
  );
});

describe('mmspec show', () => {
  const where = folder();
  const file = join(where, 'stale.mm');
  writeFileSync(file, STALE);

  test('draws the picture in plain characters', async () => {
    const { code, stdout } = await mmspec(['show', file]);
    expect(code).toBe(0);
    expect(`\n${stdout}`).toBe(`
                                                            CPU 0 CPU 1    areas and VMAs
                                                                     A  B  a0 a1 v0
 1 @0 a0 = vm_map_ram f0..f3 => 0xffffc90000400000          *              |<
     a0 is mapped at 0xffffc90000400000, 4 pages: f0..f3
 2 @1 read a0+0x3000 => f3                                        *  |<    |
     CPU 1 uses the translation a0+0x3000 -> f3
 3 @0 vm_unmap_ram a0 4 => ok                               *        :<    :<
     a0 is unmapped; old translations may linger
     CPU 1 may still hold a0+0x3000 -> f3
 4 @1 read a0+0x3000 => f3                                        *  :<    :
 5 @0 vm_unmap_aliases => ok                                *        !<     <
     no CPU may use an old translation of a0 any more
     CPU 1 must no longer hold a0+0x3000 -> f3
 6 @0 a1 = vmap f9x3 => 0xffffc90000800000                  *        !        |<
     a1 is mapped at 0xffffc90000800000, 3 pages: f9x3
 7 @0 v0 = mmap o0 4 pfnmap shared remap=f8 => 0x200000000  *        !        |  |<
     v0 is a VMA at 0x200000000, 4 pages; it maps f8..f11
 8 @1 read v0+0x1000 => f9                                        *  !  |<    |  |
     CPU 1 uses the translation v0+0x1000 -> f9
 9 @0 zap_vma_ptes v0 v0 0x2000 => ok                       *        !   <    |  |<
     v0 maps -x2 f10 f11 now
     CPU 1 must no longer hold v0+0x1000 -> f9
10 @1 read a0+0x3000 => f3                                        *  X<       |  |
     CPU 1 still uses a0+0x3000 -> f3, which it must not reach here
     breaks ALIAS-1: After vm_unmap_aliases has returned, no page has any alias
     left from the vmap layer: no CPU reaches the old frame through an address
     whose unmapping call had returned before vm_unmap_aliases was called.
     allowed: fault, or other

A  CPU 1: a0+0x3000 -> f3
B  CPU 1: v0+0x1000 -> f9
|  mapped, and seen to be used     :  unmapped, may still be used
!  must be gone, and is not        X  used, and must not be
*  the CPU that the step runs on   <  what the step changed, used or is about
`);
  });

  test('follows one address', async () => {
    const { code, stdout } = await mmspec(['show', file, '--watch', 'a0+0x3000']);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('a0+0x3000, after each step:');
    expect(lines[2]).toMatch(/^ {2}2 @1 read a0\+0x3000 => f3 +mapped: f3 {2}CPU 0: - {2}CPU 1: f3$/);
    expect(lines[4]).toMatch(/mapped: - {3}CPU 0: - {2}CPU 1: f3 \(stale\)$/);
    expect(lines[9]).toMatch(/CPU 1: f3 \(must be gone\)$/);
    expect(lines[10]).toMatch(/^> 10 .*CPU 1: f3 \(WRONG\)$/);
    const outside = await mmspec(['show', file, '--watch', 'a0+0x9000']);
    expect(outside.stdout).toMatch(/^a0\+0x9000, outside of a0 \(4 pages\), after each step:\n/);
  });

  const WRONG: readonly (readonly [args: readonly string[], message: string])[] = [
    [['show', file, '--watch', 'a7'], 'a7 is bound by no step of the trace; bound are: a0, a1, v0'],
    [['show', file, '--watch', 'b0'], 'address b0: expected one such as a0+0x3000'],
    [['show', 'nowhere.mm'], 'cannot read nowhere.mm: there is no such file'],
  ];
  // A command starts for each of them, so `npm test` takes the first one.
  for (const [i, [args, message]] of WRONG.entries())
    test(`says what is wrong with ${JSON.stringify(args)}`, longUnless(i === 0), async () => {
      const { code, stderr } = await mmspec(args);
      expect(code).toBe(2);
      expect(stderr).toContain(message);
    });

  test('needs outcomes', async () => {
    const program = join(where, 'program.mm');
    writeFileSync(program, STALE.replace('trace 1', 'program 1').replace(/ =>.*$/gm, ''));
    const { code, stderr } = await mmspec(['show', program]);
    expect(code).toBe(2);
    expect(stderr).toContain('is a program without outcomes');
  });
});
