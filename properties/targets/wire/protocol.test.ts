import { describe, expect, test } from 'vitest';
import { TargetFailure } from '../../../src/targets/target.ts';
import { bad, openingTargets } from '../../support/adapters.ts';
import { EVIL, GOOD_ANSWERS, runAmongGood } from '../../support/bad-program.ts';
import { answersOf, programOf } from '../../support/programs.ts';
import { longUnless } from '../../support/sizes.ts';

const { open } = openingTargets();

describe('an answer that the protocol forbids is a failure of the target, with the program', () => {
  const FORBIDDEN: readonly (readonly [deed: string, message: RegExp])[] = [
    ['half-line', /step 2 => 0xffff-; expected an outcome/],
    ['invalid-utf8', /step 2 => .*; expected an outcome/],
    ['long-answer', /a line of 10485763 bytes/],
    ['flood-outcomes', /more outcomes than the program has steps/],
    ['one-too-many', /more outcomes than the program has steps/],
    ['one-too-few', /ended the trace after 2 outcomes; the program has 3 steps/],
    ['out-of-order', /ended the trace after 1 outcomes/],
    ['other-trace', /it said end [0-9]+; expected => OUTCOME or end [0-9]+/],
    ['error', /did not understand the program \(line 1: @0 a0 = vmap f0\): error 1 I do not like this line/],
  ];
  // A target starts for each of them, so `npm test` takes one in three.
  for (const [i, [deed, message]] of FORBIDDEN.entries())
    test(deed, longUnless(i % 3 === 0), async () => {
      const { result } = await runAmongGood(open, deed);
      expect(result).toBeInstanceOf(TargetFailure);
      expect((result as TargetFailure).message).toMatch(message);
      expect((result as TargetFailure).programs).toEqual([EVIL]);
    });
});

describe('lines that do not belong to the protocol are log', () => {
  test.each(['long-line', 'invalid-utf8-log', 'leak', 'nothing'])('%s', async (deed) => {
    const { result, target } = await runAmongGood(open, deed);
    expect((result as string[][])[2]).toEqual(GOOD_ANSWERS);
    expect(target.starts).toBe(1);
    if (deed === 'invalid-utf8-log') expect(target.log).toContain('boot \ufffd\ufffd\ufffd( done');
    if (deed === 'long-line') expect(target.log).toContain('(a line of 10485760 bytes)');
  });
});

test('lines may end with a carriage return, a warning is an outcome, an oops ends the trace', async () => {
  const answers = async (deed: string) => ((await runAmongGood(open, deed)).result as string[][])[2];
  expect(await answers('carriage-returns')).toEqual(['0xffffc9000000f000', 'ok', 'ok']);
  expect((await answers('warn'))[1]).toBe('warn "a \\"WARNING\\" at mm/vmalloc.c"');
  expect(await answers('oops')).toEqual(['0xffffc9000000f000', 'crash "BUG: unable to handle page fault"']);
});

test('a target can tell which of its functions programs enter', async () => {
  const { target } = await runAmongGood(open, 'entered');
  expect(target.manifest.functions).toEqual(['vmap', 'vunmap', 'purge']);
  expect([...target.entered()]).toEqual(['vunmap', 'purge']);
  const { target: silent } = await runAmongGood(open, 'nothing');
  expect(silent.manifest.functions).toBeUndefined();
  expect(silent.entered().size).toBe(0);
});

describe('a program with repeat=N', () => {
  const twice = programOf('par repeat=2', '@0 vm_unmap_aliases', '@1 vm_unmap_aliases', 'end');

  test('is answered with the traces of all its runs', async () => {
    const target = await open(bad('again'));
    const [answer] = await target.run([twice]);
    expect(answer.earlier).toHaveLength(1);
    expect(answersOf(answer.earlier![0])).toEqual(['ok', 'ok']);
    expect(answer.earlier![0].times).toEqual([
      { called: 1, returned: 2 },
      { called: 3, returned: 4 },
    ]);
    expect(answersOf(answer)).toEqual(['ok', 'ok']);
  });

  test.each([
    ['again-too-often', /it said again after 2 runs; the program says repeat=2/],
    ['again-too-short', /it ended the trace after 0 outcomes; the program has 2 steps/],
  ])('%s is a failure of the target', async (deed, message) => {
    const target = await open(bad(deed));
    await expect(target.run([twice])).rejects.toThrow(message);
  });
});

describe('a program with a schedule', () => {
  const swept = programOf('par schedule=0:1,1 step=1 repeat=9', '@0 vm_unmap_aliases', '@1 vm_unmap_aliases', 'end');

  test('is answered with the course of each run, and each trace has the schedule of its run', async () => {
    const target = await open(bad('courses'));
    const [answer] = await target.run([swept]);
    const [first] = answer.earlier!;
    expect(first.courses).toEqual([
      { stops: [{ cpu: 0, passages: 1, place: 'flush_tlb', visit: 1, stuck: false }], passages: [4, 3] },
    ]);
    expect(answer.courses![0].stops[1]).toEqual({ cpu: 1, passages: 1, place: 'step2', visit: 1, stuck: true });
    expect(Object.fromEntries(first.program.blocks[0].attributes)).toEqual({
      schedule: '0,1',
      at: '0:1@flush_tlb',
    });
    expect(Object.fromEntries(answer.program.blocks[0].attributes)).toEqual({
      schedule: '0:2,1',
      at: '0:2@flush_tlb/2',
    });
    expect(answersOf(answer)).toEqual(['ok', 'ok']);
  });

  test('without one, each trace has the number of its random delays, and its delays', async () => {
    const target = await open(bad('chances'));
    const byChance = programOf('par repeat=9 delay=0:3,1:10', '@0 vm_unmap_aliases', '@1 vm_unmap_aliases', 'end');
    const [answer] = await target.run([byChance]);
    const attributes = [...answer.earlier!, answer].map(({ program }) => [...program.blocks[0].attributes]);
    expect(attributes).toEqual([
      [
        ['delay', '0:3,1:10'],
        ['chance', '7'],
      ],
      [
        ['delay', '0:6,1:20'],
        ['chance', '8'],
      ],
    ]);
    const malformed = await open(bad('chance-malformed'));
    await expect(malformed.run([byChance])).rejects.toThrow(/it said chance of rain; expected chance NUMBER/);
  });

  const picking = programOf('par schedule=0,1,0 repeat=9 pick=7', '@0 vm_unmap_aliases', '@1 vm_unmap_aliases', 'end');

  test('each trace has the schedule that the target picked for its run', async () => {
    const target = await open(bad('picks'));
    const [answer] = await target.run([picking]);
    const attributes = [...answer.earlier!, answer].map(({ program }) => [...program.blocks[0].attributes]);
    expect(attributes).toEqual([
      [
        ['schedule', '0,1,0'],
        ['at', '0:1@flush_tlb'],
      ],
      [
        ['schedule', '1:2,0:3,1'],
        ['at', '1:2@flush_tlb,0:3@free_vmap_block'],
      ],
    ]);
  });

  test('a malformed schedule that the target picked is a failure of the target', async () => {
    const target = await open(bad('pick-malformed'));
    await expect(target.run([picking])).rejects.toThrow(
      /it said again and again; expected again, or again CPU:PASSAGES/,
    );
  });

  test('a malformed course is a failure of the target', async () => {
    const target = await open(bad('course-malformed'));
    await expect(target.run([swept])).rejects.toThrow(
      /it said course 0 after 1 .*; expected course CPU:PASSAGES@PLACE/,
    );
  });
});
