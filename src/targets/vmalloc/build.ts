import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { cacheFolder } from '../cache.ts';
import { CommandFailure } from '../process/command.ts';
import { splitCommand } from '../process/words.ts';
import { TargetFailure } from '../target.ts';
import { AT_BRANCHES, hostCompiler, kernelCompiler, linker } from './commands.ts';
import { type Configured, configure } from './configure.ts';
import { Contents, compile, link } from './objects.ts';
import { type Source, shimFolder, sources } from './sources.ts';
import { knownSeries, missingSymbols } from './symbols.ts';
import type { Tree } from './tree.ts';

/** The folder of the cache for one tree. */
const workFolder = (tree: Tree): string =>
  join(
    cacheFolder('vmalloc'),
    `${basename(tree.folder)}-${createHash('sha256').update(tree.folder).digest('hex').slice(0, 12)}`,
  );

/** The command that compiles a file. */
function compilerOf(source: Source, configured: Configured): string[] {
  const [compiler] = splitCommand(configured.command);
  if (source.kind === 'host') return [...hostCompiler(compiler), source.path];
  const command = kernelCompiler(configured.command, shimFolder(), configured.source);
  return [...command, ...(source.kind === 'tested' ? [AT_BRANCHES] : []), resolve(configured.source, source.path)];
}

/** Runs a function for all items, a few at a time. */
async function forAll<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(4, cpus().length) }, worker));
}

/** What to add to an error about a tree of a series for which the shim was not written. */
const seriesHint = ({ series }: Tree): string =>
  knownSeries().includes(series)
    ? ''
    : `; the shim was written for ${knownSeries().join(', ')}, and ${series} may need changes to it (docs/vmalloc-target.md)`;

/** A TargetFailure with the messages of a command that failed; other errors as they are. */
const failed = (what: string, error: unknown): unknown =>
  error instanceof CommandFailure
    ? new TargetFailure(`${what}:\n${error.output.trim()}`, { log: error.output, cause: error })
    : error;

/** What to throw if the linker failed: the symbols that the shim lacks, or the linker's messages. */
function notLinked(tree: Tree, error: unknown): unknown {
  const missing = error instanceof CommandFailure ? missingSymbols(tree, error.output) : undefined;
  if (missing !== undefined) return new TargetFailure(missing, { cause: error });
  return failed(`mm/vmalloc.c of Linux ${tree.version} could not be linked`, error);
}

/**
 * Builds mm/vmalloc.c of a tree with the shim. Only what has changed is compiled and linked.
 * @returns the path of the program, which speaks the wire protocol.
 * @throws TargetFailure with the compiler's messages, or with the symbols that the shim lacks.
 */
export async function buildVmalloc(tree: Tree): Promise<string> {
  const work = workFolder(tree);
  const configured = await configure(tree, work);
  const folder = join(work, 'objects');
  mkdirSync(folder, { recursive: true });
  const contents = new Contents();
  const all = sources();
  const objectOf = (source: Source): string => join(folder, source.object);
  await forAll(all, async (source) => {
    try {
      await compile(compilerOf(source, configured), objectOf(source), configured.folder, contents);
    } catch (error) {
      throw failed(`${source.path} could not be compiled for Linux ${tree.version}${seriesHint(tree)}`, error);
    }
  });
  const program = join(work, 'vmalloc');
  const script = join(shimFolder(), 'host', 'link.ld');
  const [compiler] = splitCommand(configured.command);
  await link(linker(compiler, script), script, all.map(objectOf), program).catch((error) => {
    throw notLinked(tree, error);
  });
  return program;
}
