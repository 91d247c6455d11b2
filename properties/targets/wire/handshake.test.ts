import { expect, test } from 'vitest';
import { openAdapter } from '../../../src/targets/process/index.ts';
import { TargetFailure } from '../../../src/targets/target.ts';
import { bad, openingTargets } from '../../support/adapters.ts';
import { GOOD } from '../../support/bad-program.ts';
import { programOf } from '../../support/programs.ts';

const { open } = openingTargets();

test('a target that does not start is a failure, with the reason', async () => {
  const start = (deed: string, limit = 60_000) => openAdapter(bad(deed), { start: limit });
  await expect(start('die-at-start')).rejects.toThrow(/ended before it said ready \(exited with code 5\)/);
  await expect(start('silent-start', 300)).rejects.toThrow(/did not say ready within 0.3 s/);
  await expect(start('wrong-version')).rejects.toThrow(/"mmspec target 9".*expected mmspec target 1/);
  await expect(start('wrong-cpus')).rejects.toThrow(/"cpus many".*expected a number of CPUs/);
  await expect(start('no-calls')).rejects.toThrow(/without required lines, such as: calls vmap vunmap read/);
  await expect(openAdapter('exec:/no/such/file')).rejects.toThrow(TargetFailure);
});

test('a name may be UTF-8', async () => {
  expect((await open(bad('utf8-name'))).manifest.name).toBe('café');
});

test('a program that exceeds the announced limits is refused before it is sent', async () => {
  const target = await open(bad('nothing'));
  const wide = programOf(`@0 a0 = vmap ${'f0 f2 '.repeat(1000)}`);
  await expect(target.run([wide])).rejects.toThrow(/bytes in one line; the target takes at most 4096/);
  await expect(target.run([{ ...GOOD, cpus: 5 }])).rejects.toThrow(/has 5 CPUs; the target takes at most 4/);
});
