import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CALLS } from '../../reference/contract.ts';
import { familiesOf } from '../../src/programs/generate/family.ts';
import { optionsWith } from '../../src/programs/generate/index.ts';
import { repertoireOf } from '../../src/programs/generate/repertoire.ts';
import { isLook } from '../../src/programs/look.ts';
import { PASSES } from '../../src/programs/shrink/passes/index.ts';

const families = familiesOf(repertoireOf(optionsWith({ calls: CALLS })));

describe('the facets of calls', () => {
  test('put every call that changes mappings, and may overlap others, in a family of calls', () => {
    const grouped = new Set(
      families
        .flatMap(({ makers, fillers, changers, enders, shared }) => [makers, fillers, changers, enders, shared].flat())
        .map(({ call }) => call.name),
    );
    const changing = CALLS.filter(
      ({ side, effect, sequential }) => side !== 'observe' && effect !== 'none' && !sequential,
    );
    expect(
      changing.map(({ name }) => name).filter((name) => !grouped.has(name)),
      'effect',
    ).toEqual([]);
  });

  test.each(
    CALLS.filter(({ effect, sequential }) => effect === 'makes' && !sequential).map(
      (call) => [call.name, call] as const,
    ),
  )('name a call that unmaps what %s maps', (_, call) => {
    const own = families.filter(({ makers }) => makers.some((maker) => maker.call === call));
    expect(own.length, 'effect').toBeGreaterThan(0);
    for (const { enders } of own) expect(enders, 'origin, and origins of the call that unmaps').not.toEqual([]);
  });

  test('name an effect of every call that changes what is known, and what a call sees whose outcome is a frame', () => {
    const silent = CALLS.filter(({ predict, effect }) => predict && effect === 'none');
    expect(
      silent.map(({ name }) => name),
      'effect',
    ).toEqual([]);
    const blind = CALLS.filter(({ outcomes, sees }) => outcomes.includes('frame') && sees === 'nothing');
    expect(
      blind.map(({ name }) => name),
      'sees',
    ).toEqual([]);
  });

  test.each(CALLS.filter(isLook).map((call) => [call.name, call] as const))(
    'say that %s looks at an address, which it takes as an argument',
    (_, call) => {
      expect(
        call.parameters.some(({ type }) => type === 'address'),
        'sees',
      ).toBe(true);
      expect(call.predict, 'predict').toBeUndefined();
      expect(call.binds, 'binds').toBeUndefined();
    },
  );
});

test('every shrink pass is listed', async () => {
  const folder = new URL('../../src/programs/shrink/passes/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file !== 'index.ts');
  const modules = await Promise.all(files.map((file) => import(new URL(file, folder).href)));
  const passes = modules.flatMap((module) => Object.values(module));
  expect(passes.length).toBeGreaterThanOrEqual(files.length);
  expect(new Set(PASSES)).toEqual(new Set(passes));
});
