import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/cli.ts';

test('docs/packages.md says why each package is there', () => {
  const { dependencies, optionalDependencies, peerDependencies, devDependencies } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  const [, shipped, own] = readFileSync(join(ROOT, 'docs/packages.md'), 'utf8').split('| package | why |');
  const listed = (table: string): string[] =>
    [...table.matchAll(/^\| ([^ |]+) \| \S/gm)].map(([, name]) => name).filter((name) => name !== '---');
  const users = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }).sort();
  expect(listed(shipped)).toEqual(users);
  expect(listed(own)).toEqual(
    Object.keys(devDependencies)
      .filter((name) => !users.includes(name))
      .sort(),
  );
});
