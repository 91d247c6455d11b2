import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { buildsOf } from '../../src/run/builds.ts';

const scratch = mkdtempSync(join(tmpdir(), 'mmspec-builds-'));
afterAll(() => rmSync(scratch, { recursive: true }));

test('each build of a file is seen once, and an empty or missing file is none', async () => {
  const file = join(scratch, 'bzImage');
  const abort = new AbortController();
  const builds = buildsOf(file, abort.signal);
  const first = builds.next();
  writeFileSync(file, '');
  writeFileSync(file, 'first');
  expect(await first).toEqual({ value: 1, done: false });
  const second = builds.next();
  writeFileSync(file, 'the second');
  expect(await second).toEqual({ value: 2, done: false });
  // Two builds while the caller works on the second one.
  writeFileSync(file, 'the third one');
  writeFileSync(file, 'the fourth one');
  expect(await builds.next()).toEqual({ value: 3, done: false });
  const end = builds.next();
  abort.abort();
  expect(await end).toEqual({ value: undefined, done: true });
});

test('a file that is still being written is not a build yet', async () => {
  const file = join(scratch, 'growing');
  const parts = ['a', 'aa', 'aaa'];
  // It is written between the looks, until it is complete.
  const builds = buildsOf(file, new AbortController().signal, async () => {
    const part = parts.shift();
    if (part !== undefined) writeFileSync(file, part);
  });
  expect(await builds.next()).toEqual({ value: 1, done: false });
  expect(readFileSync(file, 'utf8')).toBe('aaa');
});
