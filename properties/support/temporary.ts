import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives a run of the tests its own folder for temporary files, and removes it at the end. Vitest ends its workers with a
 * signal, so they cannot remove what they have made.
 */
export default function setup(): () => void {
  const path = mkdtempSync(join(tmpdir(), 'mmspec-tests-'));
  process.env.TMPDIR = path;
  return () => rmSync(path, { recursive: true, force: true });
}
