import { expect, test } from 'vitest';
import { firstFailure } from '../../bench/first-failure.ts';
import { isKnownWarning } from '../../bench/without-fault.ts';
import { clauseById } from '../../reference/contract.ts';
import { warn } from '../../reference/notation/outcome.ts';
import { agree } from '../../src/targets/agreement.ts';
import { openTarget } from '../../src/targets/open.ts';
import { TargetFailure } from '../../src/targets/target.ts';
import { programOf } from '../support/programs.ts';

const HOLDS = programOf('@0 a0 = vmap f0');

/** The embedded target, except that it fails outside a step in the first programs that it runs. */
async function failingAtFirst() {
  const target = await openTarget('embedded');
  let runs = 0;
  return {
    ...target,
    manifest: target.manifest,
    close: () => target.close(),
    run: async (programs: Parameters<typeof target.run>[0]) => {
      if (runs++ === 0) throw new TargetFailure('killed by SIGABRT');
      return target.run(programs);
    },
  };
}

test('programs in which the target fails outside a step are left out, and the others run', async () => {
  const target = await failingAtFirst();
  const found = await firstFailure({
    ...{ target, stock: failingAtFirst, terms: agree(target.manifest).terms },
    ...{ draw: () => HOLDS, seconds: 60, steps: 10 },
  });
  expect(found).toMatchObject({ judged: undefined, steps: 16, programs: 32 });
});

const MEMTYPE = 'WARNING at arch/x86/mm/pat/memtype.c:1050: get_pat_info';

test.each([
  ['counts as known where stock kernels give it', 'linux 6.12.117 x86_64', MEMTYPE, true],
  [
    'does not count as known in other code',
    'linux 6.12.117 x86_64',
    'WARNING at mm/memory.c:2500: insert_pages',
    false,
  ],
  ['does not count as known on other kernels', 'linux 7.3.4 x86_64', MEMTYPE, false],
])('a warning %s', async (_, name, text, known) => {
  const embedded = await openTarget('embedded');
  const target = { ...embedded, spec: 'linux:bench', manifest: { ...embedded.manifest, name } };
  const seen = warn(text);
  const violation = { clause: clauseById('SAFE-2')!, step: 0, seen, also: [], allowed: 'an address' };
  const judged = { trace: { program: HOLDS, outcomes: [seen] }, violation, steps: 1 };
  expect(isKnownWarning(judged, target)).toBe(known);
  expect(isKnownWarning({ ...judged, violation: undefined }, target)).toBe(false);
});

test.each([
  ['a known warning', MEMTYPE, false],
  ['another warning', 'WARNING at mm/memory.c:2500: insert_pages', true],
])('firstFailure and %s, %s: a failure %s', async (_, text, counts) => {
  const embedded = await openTarget('embedded');
  const { manifest } = embedded;
  const target = {
    ...embedded,
    spec: 'linux:bench',
    manifest: { ...manifest, name: 'linux 6.12.117 x86_64' },
    run: async (programs: Parameters<typeof embedded.run>[0]) =>
      programs.map((program) => ({ program, outcomes: [warn(text)] })),
  };
  const found = await firstFailure({
    ...{ target, stock: async () => embedded, terms: agree(manifest).terms },
    ...{ draw: () => HOLDS, seconds: 60, steps: 16 },
  });
  expect(found.judged?.violation?.clause.id).toBe(counts ? 'SAFE-2' : undefined);
});
