import { expect, test } from 'vitest';
import { openAdapter } from '../../../src/targets/process/index.ts';
import { type Manifest, TargetFailure } from '../../../src/targets/target.ts';
import { Handshake } from '../../../src/targets/wire/handshake.ts';
import { bad, openingTargets } from '../../support/adapters.ts';
import { GOOD } from '../../support/bad-program.ts';
import { programOf } from '../../support/programs.ts';

const { open } = openingTargets();

test('a target that does not start is a failure, with the reason', async () => {
  const start = (deed: string, limit = 60_000) => openAdapter(bad(deed), { start: limit });
  await expect(start('die-at-start')).rejects.toThrow(/ended before it said ready \(exited with code 5\)/);
  await expect(start('silent-start', 300)).rejects.toThrow(/did not say ready within 0.3 s/);
  await expect(start('wrong-version')).rejects.toThrow(
    /"mmspec target 9".*expected mmspec target 1, or mmspec target 2/,
  );
  await expect(start('wrong-cpus')).rejects.toThrow(/"cpus many".*expected a number of CPUs/);
  await expect(start('no-calls')).rejects.toThrow(/without required lines, such as: calls vmap vunmap read/);
  await expect(openAdapter('exec:/no/such/file')).rejects.toThrow(TargetFailure);
});

function sizesOf(...lines: string[]): Manifest['sizes'] {
  const handshake = new Handshake();
  for (const line of ['mmspec target 1', 'cpus 2', 'frames 64', 'calls vmap', ...lines, 'ready']) handshake.take(line);
  return handshake.manifest().sizes;
}

test('a target may tell the sizes of its structures', () => {
  expect(sizesOf()).toEqual({});
  expect(sizesOf('sizes block=16 lazy=64', 'sizes table=512 huge=32')).toEqual({
    block: 16,
    lazy: 64,
    table: 512,
    huge: 32,
  });
  expect(sizesOf('sizes block=16 later=3')).toEqual({ block: 16 });
  for (const wrong of ['sizes block', 'sizes block=0', 'sizes block=1=2', 'sizes block=x', 'sizes'])
    expect(() => sizesOf(wrong), wrong).toThrow(/expected sizes in pages/);
});

/** What a target announces with these lines. */
function announced(...lines: string[]): Manifest {
  const handshake = new Handshake();
  for (const line of ['mmspec target 2', 'cpus 2', 'frames 64', ...lines, 'ready']) handshake.take(line);
  return handshake.manifest();
}

test('a target may announce a part of a call', () => {
  const { calls, support } = announced('calls vmap(contiguous, pages=2..) vunmap', 'calls mmap( plain,shared ) read');
  expect([...calls]).toEqual(['vmap', 'vunmap', 'mmap', 'read']);
  expect(support?.get('vmap')).toMatchObject({ contiguous: true, least: 2, most: Number.POSITIVE_INFINITY });
  expect([...support!.get('mmap')!.choices.values()]).toEqual([['plain'], ['shared']]);
  expect(support?.has('vunmap')).toBe(false);
  expect(() => announced('calls vmap(sorted)')).toThrow(
    /vmap has no limit sorted; it can have: contiguous, pages=MIN..MAX, no-put_pages/,
  );
  expect(() => announced('calls vmap(pages=3..2)')).toThrow(/MAX is smaller than MIN/);
  expect(() => announced('calls vmap(contiguous')).toThrow(/expected calls, such as/);
  // A call that this version does not know may have limits that it does not know.
  expect(announced('calls vmap new_call(anything)').calls.has('new_call')).toBe(true);
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
