import { describe, expect, test } from 'vitest';
import type { Step } from '../../reference/calls/call.ts';
import { findInvalid } from '../../reference/calls/valid.ts';
import { Tally } from '../../reference/clauses/tally.ts';
import { CALLS, CLAUSES, clauseById, clausesMatching, VOCABULARY } from '../../reference/contract.ts';
import { judge } from '../../reference/judge/judge.ts';
import { clauseApplies } from '../../reference/model/applicable.ts';
import { Known } from '../../reference/model/known.ts';
import { parse } from '../../reference/notation/document.ts';
import type { FrameId } from '../../reference/notation/frame.ts';
import { KERNEL_CALL_NAMES, OBSERVING_CALL_NAMES, USER_CALL_NAMES } from '../../reference/notation/names.ts';
import { printOutcome } from '../../reference/notation/outcome.ts';
import { printStep } from '../../reference/notation/print.ts';
import { PROFILES, profileNamed } from '../../reference/profiles/profiles.ts';
import { DOCUMENTED, TRAITS, type TraitName, withTraits } from '../../reference/profiles/traits.ts';
import { generator } from '../../src/programs/generate/index.ts';
import { openTarget } from '../../src/targets/open.ts';

/** Each sentence of the two documented pages, and what must not change, with the clauses for it. */
const PAGES: readonly (readonly [page: string, sentence: string, clauses: readonly string[]])[] = [
  [
    'vm_unmap_aliases',
    'The vmap/vmalloc layer lazily flushes kernel virtual mappings primarily to amortize TLB flushing overheads.',
    ['UNMAP-3'],
  ],
  [
    'vm_unmap_aliases',
    'What this means is that any page you have now, may, in a former life, have been mapped into kernel virtual address by the vmap layer and so there might be some CPUs with TLB entries still referencing that page (additional to the regular 1:1 kernel mapping).',
    ['UNMAP-3', 'UNMAP-5'],
  ],
  ['vm_unmap_aliases', 'vm_unmap_aliases flushes all such lazy mappings.', ['ALIAS-1', 'UNMAP-4']],
  [
    'vm_unmap_aliases',
    'After it returns, we can be sure that none of the pages we have control over will have any aliases from the vmap layer.',
    ['ALIAS-1'],
  ],
  ['vm_unmap_aliases', '(what must not change: live mappings, user mappings)', ['ALIAS-2', 'ALIAS-7']],
  ['zap_vma_ptes', 'remove ptes mapping the vma', ['ZAP-1', 'ZAP-2']],
  ['zap_vma_ptes', '@address: starting address of pages to zap', ['ZAP-7']],
  ['zap_vma_ptes', '@size: number of bytes to zap', ['ZAP-6', 'ZAP-7']],
  ['zap_vma_ptes', 'This function only unmaps ptes assigned to VM_PFNMAP vmas.', ['ZAP-4', 'ZAP-9']],
  ['zap_vma_ptes', 'The entire address range must be fully contained within the vma.', ['ZAP-3']],
  ['zap_vma_ptes', 'Returns 0 if successful.', ['ZAP-5']],
  [
    'zap_vma_ptes',
    '(what must not change: other pages, other VMAs, counts of frames mapped by number)',
    ['ZAP-7', 'ZAP-8'],
  ],
];

/** The frames that a step names, and those that it allocates. */
function* framesOf(step: Step, page: number): Iterable<FrameId> {
  const { call, args } = step;
  const count = call.frameCount?.(step, page) ?? 1;
  for (const [i, { type }] of call.parameters.entries()) {
    const value = args[i];
    if (type === 'frames') yield* value as readonly FrameId[];
    if (type === 'frame' && value !== undefined) for (let n = 0; n < count; n++) yield (value as FrameId) + n;
  }
  yield* call.allocates?.(step, page) ?? [];
}

describe('clauses', () => {
  test('each have an id, a sentence and a source', () => {
    for (const { id, sentence, source } of CLAUSES) {
      expect(id).toMatch(/^[A-Z0-9]+-\d+$/);
      expect(sentence, id).toMatch(/^[^\s].*[^\s]\.$/);
      expect(source.length, id).toBeGreaterThan(8);
    }
    expect(new Set(CLAUSES.map(({ id }) => id)).size).toBe(CLAUSES.length);
    expect(new Set(CLAUSES.map(({ sentence }) => sentence)).size).toBe(CLAUSES.length);
  });

  test('depend only on traits and choices that exist, and apply under some profile, or under traits that no profile has', () => {
    for (const clause of CLAUSES) {
      for (const [name, values] of Object.entries(clause.where))
        for (const value of values.split('|')) withTraits(DOCUMENTED, [[name, value]]);
      const own = withTraits(
        DOCUMENTED,
        Object.entries(clause.where).map(([name, values]) => [name, values.split('|')[0]] as const),
      );
      const profiles = PROFILES.filter(({ traits }) => clauseApplies(clause, traits));
      const unusual = Object.entries(clause.where).some(([name, values]) =>
        PROFILES.every(({ traits }) => !values.split('|').includes(traits[name as TraitName])),
      );
      expect(profiles.length > 0 || (unusual && clauseApplies(clause, own)), clause.id).toBe(true);
    }
  });

  test('that are details of Linux apply only under Linux profiles', () => {
    for (const clause of CLAUSES.filter((one) => one.of === 'linux'))
      for (const { name, traits } of PROFILES)
        if (clauseApplies(clause, traits)) expect(name, clause.id).toMatch(/^linux-/);
  });

  test('are found by id and by glob', () => {
    expect(clauseById('ALIAS-1')?.sentence).toContain('vm_unmap_aliases');
    expect(clauseById('ALIAS-99')).toBeUndefined();
    expect(clausesMatching('zap-*').map(({ id }) => id)).toContain('ZAP-8');
    expect(clausesMatching('ZAP-1').map(({ id }) => id)).toEqual(['ZAP-1']);
    expect(clausesMatching('A.IAS-1')).toEqual([]);
  });
});

describe('every sentence of the documented pages has its clauses', () => {
  for (const [page, sentence, ids] of PAGES) {
    test(`${page}: ${sentence}`, () => {
      for (const id of ids) expect(clauseById(id), id).toBeDefined();
    });
  }

  test('quotations in sources are from the pages', () => {
    const said = PAGES.map(([page, sentence]) => `${page} ${sentence}`);
    const own = `${said.join(' ')} unmap outstanding lazy aliases in the vmap layer`;
    for (const { id, source } of CLAUSES) {
      if (!/vm_unmap_aliases|zap_vma_ptes/.test(source)) continue;
      for (const [, quoted] of source.matchAll(/"([^"]+)"/g)) expect(own, id).toContain(quoted);
    }
  });
});

describe('calls', () => {
  test('are named in the group of their side', () => {
    const named = { kernel: KERNEL_CALL_NAMES, user: USER_CALL_NAMES, observe: OBSERVING_CALL_NAMES };
    for (const { name, side } of CALLS) expect(named[side], `side of ${name}`).toContain(name);
  });

  test('each have a name of their own, a summary and outcomes', () => {
    expect(new Set(CALLS.map(({ name }) => name)).size).toBe(CALLS.length);
    for (const { name, summary, outcomes } of CALLS) {
      expect(summary, name).toMatch(/^[a-z]/);
      expect(outcomes.length, name).toBeGreaterThan(0);
    }
  });

  test('each have an example that is valid, ends with the call, and holds on a conforming target', async () => {
    const target = await openTarget('embedded');
    for (const { name, example, outcomes } of CALLS) {
      const header = 'mmspec program 1\ncpus 1\nframes 64\n';
      const { program } = parse(`${header}${example.steps.join('\n')}\n`, VOCABULARY).entries[0].trace;
      expect(program.steps.at(-1)!.call.name).toBe(name);
      expect(findInvalid(program, new Known(DOCUMENTED, 1, 64)), name).toBeUndefined();
      const [answer] = await target.run([program]);
      const last = answer.outcomes.at(-1)!;
      expect(outcomes, name).toContain(last.kind);
      if (example.outcome !== undefined) expect(printOutcome(last, 4096), name).toBe(example.outcome);
      const terms = { traits: DOCUMENTED, page: 4096, windows: target.manifest.windows };
      expect(judge({ ...answer, program }, terms, new Tally()), name).toBeUndefined();
    }
    await target.close();
  });

  test('have an effect and a result that fit their parameters and outcomes', () => {
    for (const { name, effect, sees, binds, origin, side, naming, outcomes, predict, noun, parameters } of CALLS) {
      expect(noun, name).toMatch(/^[a-z]/);
      expect(effect === 'makes' || effect === 'moves' || effect === 'forks', name).toBe(binds !== undefined);
      expect(origin !== undefined, name).toBe(binds === 'a');
      if (effect === 'ends' || effect === 'fills' || effect === 'copies')
        expect(naming.length, name).toBeGreaterThan(0);
      const ofSparse = parameters.some(({ origins }) => origins?.includes('sparse'));
      if (effect === 'fills' || effect === 'empties') expect(side, name).toBe(ofSparse ? 'kernel' : 'user');
      if (effect === 'none' || effect === 'writes') expect(predict, name).toBeUndefined();
      if (sees === 'tables' || sees === 'translations') expect(outcomes, name).toContain('frame');
      expect(outcomes.includes('frame'), name).toBe(sees === 'tables' || sees === 'translations');
      if (sees === 'counts' || sees === 'window') expect(outcomes, name).toEqual(['number']);
    }
  });

  test('name or allocate every frame that a later step reaches', async () => {
    const target = await openTarget('embedded');
    const { page } = target.manifest;
    const draw = generator({ ...target.manifest, traits: DOCUMENTED, frames: 64, parallel: 0 });
    let reached = 0;
    for (let seed = 0; seed < 400; seed++) {
      const program = draw(seed, 0);
      const [{ outcomes }] = await target.run([program]);
      const known = new Set<FrameId>();
      for (const [i, step] of program.steps.entries()) {
        for (const frame of framesOf(step, page)) known.add(frame);
        if (outcomes[i].kind !== 'frame') continue;
        reached++;
        expect([...known], `seed ${seed}, ${printStep(step)}: frameCount or allocates of an earlier call`).toContain(
          outcomes[i].value,
        );
      }
    }
    expect(reached).toBeGreaterThan(1000);
    await target.close();
  });

  test('that change something have clauses', () => {
    for (const { name, side, clauses } of CALLS)
      if (side !== 'observe') expect(clauses.length, name).toBeGreaterThan(0);
  });
});

describe('traits and profiles', () => {
  test('the documented choice is the first', () => {
    for (const { name, choices } of TRAITS) expect(DOCUMENTED[name]).toBe(Object.keys(choices)[0]);
    expect(profileNamed('documented').traits).toEqual(DOCUMENTED);
  });

  test('a Linux version without a profile uses the newest profile before it', () => {
    expect(profileNamed('linux-6.6').traits).toBe(profileNamed('linux-6.1').traits);
    expect(profileNamed('linux-6.15')).toMatchObject({ name: 'linux-6.15', traits: { follow_outside: 'refused' } });
    expect(profileNamed('linux-7.3').traits.zap_mixedmap).toBe('zapped');
    expect(profileNamed('linux-10.0').traits.zap_mixedmap).toBe('zapped');
  });

  test('an unknown name is refused with a list of the known ones', () => {
    expect(() => profileNamed('linux-4.19')).toThrow(/unknown profile linux-4.19; there are: documented, linux-5.10/);
    expect(() => profileNamed('minix')).toThrow(/unknown profile minix/);
    expect(() => withTraits(DOCUMENTED, [['tlbs', 'lazy']])).toThrow(/unknown trait tlbs; there are: tlb, user_tlb/);
    expect(() => withTraits(DOCUMENTED, [['tlb', 'eager']])).toThrow(
      'trait tlb cannot be eager; it can be: lazy, before-return, never',
    );
  });
});
