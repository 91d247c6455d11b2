// Bundles the TypeScript sources into a few JavaScript files, so that the command line starts in a tenth of a second.
// The package is built this way, and a checkout keeps a bundle of its current sources in .cache/.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What the package exports, the command line, and what runs in threads and processes of its own. */
const ENTRIES = [
  'src/index',
  'src/vitest',
  'src/cli/main',
  'src/run/campaign/jobs/worker',
  'src/targets/module/host',
  'src/targets/process/ffi/host',
];
const FOLDERS = ['src', 'reference', 'fixtures/simulator'];
const KEPT_MS = 24 * 3600 * 1000;

/** Writes the bundle into a folder. Code that several entries need is in files that they share. */
export async function bundle(folder, options = {}) {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES.map((entry) => `${entry}.ts`),
    outdir: folder,
    outbase: '.',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'silent',
    ...options,
  });
}

/** A name for the current state of the sources: it changes with each saved file. */
function sourcesKey() {
  const hash = createHash('sha256');
  const walk = (folder) => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (path.endsWith('.ts')) {
        const { mtimeMs, size } = statSync(join(ROOT, path));
        hash.update(`${path} ${mtimeMs} ${size}\n`);
      }
    }
  };
  for (const folder of FOLDERS) walk(folder);
  hash.update(`bin/bundle.mjs ${statSync(fileURLToPath(import.meta.url)).mtimeMs}\n`);
  return hash.digest('hex').slice(0, 16);
}

/** Removes bundles of earlier sources. Recent ones stay: a command that still runs may load more of its bundle. */
function removeOld(cache) {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}

/**
 * The folder that holds the bundle of the current sources. Makes the folder if it does not exist.
 * @throws where esbuild is not installed, the folder cannot be written, or the sources are wrong.
 */
export async function currentBundle() {
  const cache = join(ROOT, '.cache');
  const folder = join(cache, sourcesKey());
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  removeOld(cache);
  // Commands that start at the same time each write their own; the first one to finish is used.
  const own = `${folder}.${process.pid}`;
  try {
    await bundle(own, { sourcemap: true });
    renameSync(own, folder);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(join(ROOT, 'dist'));
