import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

/** The name of the packed kit in that folder: the tests of a run share it (installed.ts). */
export const PACKED_KIT = 'kit.tgz';

/**
 * Gives a run of the tests its own folder for temporary files, and removes it at the end. Vitest ends its workers with a
 * signal, so they cannot remove what they have made.
 */
export default function setup(project: TestProject): () => void {
  const path = mkdtempSync(join(tmpdir(), 'mmspec-tests-'));
  process.env.TMPDIR = path;
  // In watch mode the sources may have changed since the last run.
  project.onTestsRerun(() => rmSync(join(path, PACKED_KIT), { force: true }));
  return () => rmSync(path, { recursive: true, force: true });
}
