import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { Contents, compile, link } from '../../../src/targets/vmalloc/objects.ts';
import { folder } from '../../support/cli.ts';

const COMPILER = ['gcc'];
let at = '';
const path = (name: string): string => join(at, name);

beforeEach(() => {
  at = folder();
  writeFileSync(path('link.ld'), '');
});

async function compileText(text: string): Promise<void> {
  writeFileSync(path('main.c'), `#include <stdio.h>\n${text}\n`);
  await compile([...COMPILER, path('main.c')], path('main.o'), at, new Contents());
}
const linkProgram = (): Promise<void> => link(COMPILER, path('link.ld'), [path('main.o')], path('main'));
const output = (): string => execFileSync(path('main'), { encoding: 'utf8' });

test('a program is linked of the newest objects, also after a build that ended before it was linked', async () => {
  await compileText('int main(void) { puts("first"); }');
  await linkProgram();
  expect(output()).toBe('first\n');
  await compileText('int main(void) { puts("second"); }');
  await compileText('int main(void) { puts("second"); }');
  await linkProgram();
  expect(output()).toBe('second\n');
});

test('a program that cannot be linked is an error each time', async () => {
  await compileText('int main(void) { puts("first"); }');
  await linkProgram();
  await compileText('int missing(void); int main(void) { return missing(); }');
  await expect(linkProgram()).rejects.toThrow();
  await expect(linkProgram()).rejects.toThrow();
});

test('nothing is made again without a change', async () => {
  await compileText('int main(void) { puts("first"); }');
  await linkProgram();
  for (const made of ['main.o', 'main']) writeFileSync(path(made), 'kept');
  await compileText('int main(void) { puts("first"); }');
  await linkProgram();
  expect(() => output()).toThrow();
});
