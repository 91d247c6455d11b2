import { expect, test } from 'vitest';
import { CLAUSES } from '../../../reference/contract.ts';
import { profileNamed } from '../../../reference/profiles/profiles.ts';
import { DOCUMENTED, TRAITS } from '../../../reference/profiles/traits.ts';
import { openTarget } from '../../../src/targets/open.ts';
import {
  differences,
  explainTraits,
  inferTraits,
  printInference,
  printTraits,
} from '../../../src/targets/probes/index.ts';
import { adapterFile, bad } from '../../support/adapters.ts';

test('every trait is explained, with the clauses that depend on it', () => {
  const explained = explainTraits();
  expect(explained.map((trait) => trait.name)).toEqual(TRAITS.map((trait) => trait.name));
  const named = new Set(explained.flatMap((trait) => trait.choices.flatMap((choice) => choice.clauses)));
  expect(CLAUSES.filter((clause) => Object.keys(clause.where).length > 0 && !named.has(clause))).toEqual([]);
  expect(printTraits(explained)).toContain(
    'tlb=before-return: before the unmapping call returns\n      requires VA-4, MAP-1, UNMAP-2, ALIAS-1',
  );
});

test('a declared difference names the clauses that it drops', () => {
  expect(differences(DOCUMENTED)).toEqual([]);
  const [tlb] = differences({ ...DOCUMENTED, tlb: 'never' });
  expect(tlb).toMatchObject({ trait: 'tlb', choice: 'never', documented: 'lazy' });
  expect(tlb.drops.map((clause) => clause.id)).toEqual(['ALIAS-1']);
  expect(differences(profileNamed('xen').traits).map((difference) => difference.trait)).toContain('guard');
});

test('probes find the traits that implementations really have', async () => {
  const found = async (spec: string) => {
    const target = await openTarget(spec);
    const inference = await inferTraits(target);
    await target.close();
    return Object.fromEntries(inference.inferred.map(({ trait, seen }) => [trait, seen]));
  };
  const python = await found(`exec:python3 '${adapterFile('python/adapter.py')}'`);
  expect(python).toMatchObject({ tlb: 'before-return', guard: 'leading', alias: 'allowed', zero_vmap: 'null' });
  expect(python.zap_return).toBeUndefined();
  for (const spec of ['embedded:lazy', 'embedded:eager']) {
    const target = await openTarget(spec);
    const { inferred } = await inferTraits(target);
    for (const { trait, declared, seen } of inferred) expect(`${trait}=${seen}`).toBe(`${trait}=${declared}`);
  }
});

test('a probe that crashes the target concludes that the behaviour is undefined', async () => {
  const inference = await inferTraits(bad('crash', '--when', "'vunmap hole'"));
  expect(inference.inferred.find(({ trait }) => trait === 'unmap_unknown')).toMatchObject({
    seen: 'undefined',
    sure: true,
  });
  expect(printInference(inference)).toMatch(/proposed lines for the handshake:\n {4}profile /);
});

test('a target that answers unsupported shows nothing, and no trait is guessed from that', async () => {
  const { inferred } = await inferTraits(bad('unsupported', '--when', "'vmap f'"));
  const found = Object.fromEntries(inferred.map(({ trait, seen }) => [trait, seen]));
  expect(found).toMatchObject({ guard: undefined, zero_vmap: undefined, unmap_interior: undefined });
});

test('the profile of another implementation is not proposed', async () => {
  // It differs from the profile of Xen in fewer traits than from any other.
  const { lines } = await inferTraits(`exec:python3 '${adapterFile('skeletons/python/adapter.py')}'`);
  expect(lines[0]).toBe('profile eager');
  expect(lines[1]).toContain('guard=leading');
});
