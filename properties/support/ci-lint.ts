import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, ROOT } from './cli.ts';

const FOLDER = join(ROOT, 'fixtures/ci/lint');

/** Installs the official schemas and linters of CI systems, unless they are installed. The kit does not depend on them. */
export async function installLinters(): Promise<void> {
  const lock = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');
  const wanted = JSON.parse(lock(join(FOLDER, 'package-lock.json'))).packages as Record<string, { version: string }>;
  const installed = (name: string): boolean => {
    const path = join(FOLDER, name, 'package.json');
    return existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).version === wanted[name].version;
  };
  const names = Object.keys(wanted).filter((name) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(name));
  if (names.every(installed)) return;
  const { code, stderr } = await command(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'],
    { cwd: FOLDER },
  );
  if (code !== 0) throw new Error(`npm ci in fixtures/ci/lint failed:\n${stderr}`);
}

/** The path of a file in the package of a linter. */
export const lintFile = (path: string): string => join(FOLDER, 'node_modules', path);
