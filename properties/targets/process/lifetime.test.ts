import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { TargetFailure } from '../../../src/targets/target.ts';
import { bad, openingTargets } from '../../support/adapters.ts';
import { EVIL } from '../../support/bad-program.ts';
import { isAlive, until } from '../../support/processes.ts';

const { open } = openingTargets();

test('closing a target ends all processes that it started', async () => {
  const target = await open(bad('orphan'), { deadline: 20_000 });
  const running = target.run([EVIL]).catch((error: unknown) => error);
  await until(() => target.log.includes('grandchild'));
  const pid = Number(/grandchild ([0-9]+)/.exec(target.log)?.[1]);
  expect(isAlive(pid)).toBe(true);
  await target.close();
  expect(await running).toBeInstanceOf(TargetFailure);
  await until(() => !isAlive(pid));
});

test('a target ends when the kit is killed', { tags: ['long'] }, async () => {
  const holder = fileURLToPath(new URL('../../support/hold-target.ts', import.meta.url));
  const kit = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), holder, bad('hang')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = (await once(kit.stdout, 'data')) as [Buffer];
  const pid = Number(output.toString());
  expect(isAlive(pid)).toBe(true);
  kit.kill('SIGKILL');
  await until(() => !isAlive(pid));
});
