import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from '../../reference/contract.ts';
import { FAULT } from '../../reference/notation/outcome.ts';
import { completeManifest } from '../../src/targets/module/manifest.ts';
import { target } from '../../src/targets/module/target.ts';
import { openTarget } from '../../src/targets/open.ts';
import { TargetFailure } from '../../src/targets/target.ts';
import { folder } from '../support/cli.ts';

test('a manifest needs only its calls: the rest is as in the handshake', () => {
  const manifest = completeManifest({ calls: ['read'], traits: { tlb: 'caller' }, can: ['counts'] });
  expect(manifest).toMatchObject({ name: 'unnamed target', profile: 'documented', cpus: 1, frames: 64, page: 4096 });
  expect([...manifest.traits]).toEqual([['tlb', 'caller']]);
  expect([...manifest.calls]).toEqual(['read', 'page_count', 'page_mapcount']);
  expect(manifest.windows.size).toBe(0);
  expect(manifest).not.toHaveProperty('memory');
  expect(manifest.steps).toBe(Number.POSITIVE_INFINITY);
});

test.each([
  [{}, /calls undefined; expected the names of its calls/],
  [null, /expected an object/],
  [{ calls: 'read' }, /calls "read"; expected names of calls/],
  [{ calls: ['read'], cpus: 0 }, /cpus 0; expected a number of CPUs/],
  [{ calls: ['read'], memory: 'much' }, /memory "much"; expected a number of pages/],
  [{ calls: ['read'], page: 1000 }, /page 1000; expected/],
  [{ calls: ['read'], profile: 'minix' }, /unknown profile minix; there are: documented/],
  [{ calls: ['read'], traits: { tlb: 'soon' } }, /trait tlb cannot be soon; it can be: lazy/],
  [{ calls: ['read'], traits: ['tlb=lazy'] }, /traits \["tlb=lazy"\]; expected choices by trait/],
  [{ calls: ['read'], windows: { kernel: { start: 9, end: 3 } } }, /windows.kernel .*start before end/],
  [{ calls: ['vmap'], support: { vmap: ['sorted'] } }, /vmap has no limit sorted; it can have/],
] as const)('a wrong manifest is reported in one sentence: %o', (given, message) => {
  expect(() => completeManifest(given)).toThrow(message);
});

test('a module may say how many pages a program may count on', async () => {
  const path = join(folder(), 'memory.ts');
  writeFileSync(path, "export default { manifest: { calls: ['read'], memory: 10 }, execute: () => [] };\n");
  const opened = await openTarget(path);
  await opened.close();
  expect(opened.manifest.memory).toBe(10);
});

test('a module that is wrong ends with one sentence, not with a stack', async () => {
  const path = join(folder(), 'wrong.ts');
  writeFileSync(path, "export default { manifest: { calls: ['read'], cpus: 'two' }, execute: () => [] };\n");
  const failure = await openTarget(path).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(TargetFailure);
  expect((failure as TargetFailure).log.trim()).toBe(
    'the manifest of the module has cpus "two"; expected a number of CPUs',
  );
});

test('target() binds names, skips steps without them, and answers crash for an exception', () => {
  const { execute } = target({
    begin() {},
    calls: {
      vmap: ({ args: [frames] }) => ({ ...FAULT, kind: frames.length > 0 ? 'address' : 'null', value: 16 }),
      read(_step, at) {
        if (at.page({ base: 'a', index: 0, offset: 4096 }) !== 17) throw new Error('not bound');
        return FAULT;
      },
      vunmap() {
        throw new Error('no such area');
      },
    },
  });
  const text = 'mmspec program 1\n@0 read a1\n@0 a0 = vmap f0\n@0 read a0\n@0 vfree null\n@0 vunmap a0\n@0 read a0\n';
  const { program } = parse(text).entries[0].trace;
  expect(execute(program).map(({ kind }) => kind)).toEqual([
    ...['skipped', 'address', 'fault', 'unsupported', 'crash'],
  ]);
});
