import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MUTANTS } from '../../fixtures/simulator/mutants/index.ts';
import { CALLS, CLAUSES, clauseById } from '../../reference/contract.ts';
import { OK, warn } from '../../reference/notation/outcome.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { textHash } from '../../src/findings/corpus.ts';
import { appliesTo, compareVersions, type Entry, expects, triesFor, versionIn } from '../../src/run/expect/entry.ts';
import { parseExpectations, printEntry } from '../../src/run/expect/file.ts';
import { replayExpected } from '../../src/run/expect/replay.ts';
import { updateExpectations } from '../../src/run/expect/update.ts';
import { reportJson } from '../../src/run/report/json.ts';
import { run } from '../../src/run/run.ts';
import { agree } from '../../src/targets/agreement.ts';
import { mutant } from '../../src/targets/embedded/index.ts';
import { openTarget } from '../../src/targets/open.ts';
import { folder, ROOT } from '../support/cli.ts';
import { programOf as stepsOf } from '../support/programs.ts';
import { sweeping } from '../support/sweeping.ts';

const entry = (text: string): Entry => parseExpectations(text)[0];
const LINE =
  'ALIAS-1 0123abcd call=read seen=frame target=linux:* version<6.12 bug=https://example.org/1 : It is known.';

describe('a file of expected divergences', () => {
  const word = fc.stringMatching(/^[a-z0-9:*./-]{1,12}$/);
  const version = fc.array(fc.nat(99), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
  const drawn = fc.record(
    {
      clause: fc.constantFrom(...CLAUSES.map(({ id }) => id)),
      program: fc.stringMatching(/^[0-9a-f]{8}$/),
      call: fc.constantFrom(...CALLS.map(({ name }) => name)),
      seen: fc.constantFrom('frame', 'fault', 'crash'),
      warning: word,
      overlap: fc.constant(true),
      target: word,
      versions: fc.array(fc.record({ operator: fc.constantFrom('<', '<=', '=', '>=', '>'), version }), {
        maxLength: 2,
      }),
      rate: fc
        .tuple(fc.integer({ min: 1, max: 20 }), fc.nat(20))
        .map(([failed, more]) => ({ failed, of: failed + more })),
      bug: word,
      why: fc.stringMatching(/^[A-Z][a-z :=]{0,20}\.$/).map((text) => text.replace(/\s+/g, ' ')),
    },
    { requiredKeys: ['clause', 'program', 'versions', 'bug', 'why'] },
  ) as fc.Arbitrary<Omit<Entry, 'line' | 'text'>>;

  test('is parsed to what was printed', () => {
    fc.assert(
      fc.property(drawn, (one) => {
        const { line: _, text: __, ...read } = entry(printEntry(one));
        expect(read).toEqual(one);
      }),
    );
  });

  test.each([
    ['a line without a sentence', 'ALIAS-1 0123abcd bug=x', 'the sentence that says why is missing'],
    ['a line without a bug', 'ALIAS-1 0123abcd : Why.', 'bug=LINK is missing'],
    ['an unknown clause', 'ALIAS-99 0123abcd bug=x : Why.', 'unknown clause ALIAS-99'],
    ['a line without a hash', 'ALIAS-1 bug=x : Why.', 'expected the hash of a program'],
    ['an unknown field', 'ALIAS-1 0123abcd when=now bug=x : Why.', 'invalid field when=now'],
    ['a rate of zero', 'ALIAS-1 0123abcd rate=0/3 bug=x : Why.', 'invalid field rate=0/3'],
    ['an invalid version', 'ALIAS-1 0123abcd version<new bug=x : Why.', 'invalid field version<new'],
    ['the same line twice', `${LINE}\n${LINE}`, 'line 1 lists the same'],
  ])('%s is refused, and the error names the line', (_, text, message) => {
    expect(() => parseExpectations(`# a comment\n\n${text}`)).toThrow(message.replace('line 1', 'line 3'));
    expect(() => parseExpectations(text, 'file')).toThrow(/^file, line \d/);
  });
});

describe('an expected divergence', () => {
  test.each([
    ['linux:bookworm', 'linux 6.1.192 x86_64', true],
    ['linux:trixie', 'linux 6.12.3 x86_64', false],
    ['linux:old', 'linux 5.10 x86_64', true],
    ['embedded', 'lazy-vmap', false],
    ['linux:odd', 'linux next', false],
  ])('on %s (%s) applies: %s', (spec, name, applies) => expect(appliesTo(entry(LINE), { spec, name })).toBe(applies));

  test('with a version without a patch level applies to every patch level', () => {
    const exact = entry('ALIAS-1 0123abcd version=6.1 bug=x : Why.');
    expect(appliesTo(exact, { spec: 'x', name: 'linux 6.1.7' })).toBe(true);
    expect(appliesTo(exact, { spec: 'x', name: 'linux 6.10' })).toBe(false);
  });

  test('compares versions number by number', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }), fc.nat(30), (parts, more) => {
        const text = parts.join('.');
        expect(compareVersions(text, text)).toBe(0);
        expect(compareVersions(`${text}.${more}`, text)).toBe(more);
        expect(compareVersions(text, `${text}.${more}`) + more).toBe(0);
      }),
    );
    expect(versionIn('asterinas v0 on x86_64')).toBeUndefined();
  });

  test('matches only the same clause, call and kind of outcome', () => {
    const clause = CLAUSES.find(({ id }) => id === 'ALIAS-1')!;
    const seen = { kind: 'frame' } as never;
    expect(expects(entry(LINE), { clause, seen }, 'read', false)).toBe(true);
    expect(expects(entry(LINE), { clause, seen }, 'write', false)).toBe(false);
    expect(expects(entry(LINE), { clause, seen: { kind: 'crash' } as never }, 'read', false)).toBe(false);
    expect(expects(entry(LINE), { clause: CLAUSES[0], seen }, 'read', false)).toBe(false);
  });

  test('with overlap=yes matches only failures that need an overlap', () => {
    const violation = { clause: clauseById('ALIAS-1')!, seen: { kind: 'frame' } as never };
    const line = entry(LINE.replace('target=', 'overlap=yes target='));
    expect(expects(line, violation, 'read', true)).toBe(true);
    expect(expects(line, violation, 'read', false)).toBe(false);
  });

  test('an unstable one is tried until it can hardly be chance', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 19 }), (failed) => {
        const tries = triesFor(entry(`ALIAS-1 0123abcd rate=${failed}/20 bug=x : Why.`));
        expect((1 - failed / 20) ** tries).toBeLessThanOrEqual(0.001);
      }),
    );
    expect(triesFor(entry(LINE))).toBe(1);
  });
});

describe('a line without call= or seen=', () => {
  const PROGRAMS = [join(ROOT, 'fixtures/recorded-0.1/counterexamples')];
  const FULL = 'ZAP-1 f1b0af10 call=follow_pfn seen=frame bug=x : Why.';

  test.each([
    ['ZAP-1 f1b0af10 bug=x : Why.', undefined],
    ['ZAP-1 f1b0af10 call=follow_pfn bug=x : Why.', undefined],
    ['ZAP-1 f1b0af10 bug=x : Why.', { index: 1, of: 2 }],
    [FULL, undefined],
  ])('excuses only what its own program shows: %s', async (line, shard) => {
    const target = await openTarget('mutant:zap-misses-last-page');
    const agreement = agree(target.manifest);
    const terms = { target, agreement, file: 'mmspec.expect', folders: PROGRAMS, shard, over: () => false };
    const [{ expected, excused }] = await replayExpected([entry(line)], terms);
    expect(excused.map(printEntry)).toEqual([FULL]);
    expect(expected.shown).toEqual(shard ? undefined : { failed: 1, of: 1 });
  });

  test('excuses nothing if its program holds, or did not run', async () => {
    for (const over of [false, true]) {
      const target = await openTarget('embedded');
      const terms = { target, agreement: agree(target.manifest), file: 'x', folders: PROGRAMS, shard: undefined };
      const [{ excused }] = await replayExpected([entry('ZAP-1 f1b0af10 bug=x : Why.')], {
        ...terms,
        over: () => over,
      });
      expect(excused).toEqual([]);
    }
  });
});

describe('a line whose program has a schedule that this target does not share', () => {
  const { shows } = MUTANTS.find(({ name }) => name === 'second-flush-returns-early')!;
  const steps = shows.replace(/^par .*$/m, 'par schedule=1:99,0');
  const folders = [folder()];
  const program = textHash(printSteps(stepsOf(steps)));
  const line = entry(`ALIAS-1 ${program} call=read seen=frame overlap=yes bug=x : Why.`);
  writeFileSync(join(folders[0], `ALIAS-1-${program}.mm`), `mmspec program 1\ncpus 2\nframes 64\n${steps}\n`);

  test.each([
    ['shows', 'second-flush-returns-early', 1],
    ['does not show on a target with another bug', 'zap-misses-last-page', 0],
  ])('%s', async (_, name, failed) => {
    const target = sweeping(mutant(name)!);
    const terms = { target, agreement: agree(target.manifest), file: 'x', folders, shard: undefined };
    const [{ expected }] = await replayExpected([line], { ...terms, over: () => false });
    expect(expected.shown).toEqual({ failed, of: 1 + failed });
  });
});

describe('a line with warning=', () => {
  const line = entry('SAFE-2 0123abcd warning=*untrack_pfn* bug=x : Why.');
  const text = 'WARNING at arch/x86/mm/pat/memtype.c:1028 untrack_pfn';
  const SAFE_2 = clauseById('SAFE-2')!;

  test.each([
    ['a step that warns so', { seen: warn(text) }, true],
    ['a step that warns of something else', { seen: warn('WARNING at mm/vmalloc.c:1 vunmap') }, false],
    ['a warning of the clean-up', { seen: OK, left: [`warning: ${text}`] }, true],
    ['two of them', { seen: OK, left: [`warning: ${text}`, `warning: ${text}`] }, true],
    ['another warning of the clean-up beside it', { seen: OK, left: [`warning: ${text}`, 'warning: BUG: x'] }, false],
    ['a leak beside it', { seen: OK, left: [`warning: ${text}`, '2 pages of addresses'] }, false],
    ['a leak with that word', { seen: OK, left: ['untrack_pfn'] }, false],
  ])('covers %s: %s', (_, violation, covered) => {
    expect(expects(line, { clause: SAFE_2, ...violation }, 'munmap', false)).toBe(covered);
  });

  test('covers no other clause', () => {
    const violation = { clause: clauseById('SAFE-3')!, seen: OK, left: [`warning: ${text}`] };
    expect(expects(line, violation, 'munmap', false)).toBe(false);
  });

  test('is what expect update writes for a warning of the clean-up', async () => {
    const report = await run({ target: 'embedded', budget: { programs: 50 } });
    const { findings } = await run({ target: 'mutant:zap-returns-zero', bail: true });
    const violation = { ...findings[0].violation, clause: SAFE_2, seen: OK, left: [`warning: ${text}`] };
    const found = { ...report, findings: [{ ...findings[0], key: 'SAFE-2 zap_vma_ptes ok', violation }] };
    const { added } = updateExpectations('', [], reportJson(found), { bug: 'x' });
    expect(added[0].line).toMatch(/^SAFE-2 [0-9a-f]{8} warning=\*untrack_pfn\* target=embedded bug=x : /);
  });
});
