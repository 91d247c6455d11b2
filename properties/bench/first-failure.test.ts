import { expect, test } from 'vitest';
import { firstFailure } from '../../bench/first-failure.ts';
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
