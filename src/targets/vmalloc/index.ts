import { UsageError } from '../../common/errors.ts';
import { definitionsIn } from '../definitions.ts';
import { startChild } from '../process/child.ts';
import { membersOf, type Target } from '../target.ts';
import { WireTarget } from '../wire/target.ts';
import { buildVmalloc } from './build.ts';
import { kernelTree } from './tree.ts';

/** How many CPUs the shim can simulate: NR_CPUS of fixtures/vmalloc/include/config.h. */
const MAX_CPUS = 8;

/**
 * Checks the setting after the path: `points=wide`.
 * @throws UsageError for a word that vmalloc: does not know.
 */
function checkedPoints(points = 'fixed'): string {
  if (points === 'fixed' || points === 'wide') return points;
  throw new UsageError(`points=${points}: vmalloc: has the points fixed and wide`);
}

/**
 * Builds mm/vmalloc.c of a source tree as a program of its own, and opens it.
 * @param rest top folder of the tree; with `,points=wide`, schedules can hold lanes at each branch of the file.
 * @throws UsageError if there is no such tree; TargetFailure if it cannot be built.
 */
export async function openVmalloc(rest: string, { cpus = 2 }: { readonly cpus?: number } = {}): Promise<Target> {
  if (!Number.isInteger(cpus) || cpus < 1 || cpus > MAX_CPUS)
    throw new UsageError(`vmalloc: has 1 to ${MAX_CPUS} CPUs; requested were ${cpus}`);
  const [, path, points] = /^(.*?)(?:,points=([^,]*))?$/s.exec(rest)!;
  const checked = checkedPoints(points);
  const tree = kernelTree(path);
  const program = await buildVmalloc(tree);
  const target = await WireTarget.open(async () => startChild([program, String(cpus), checked]), {});
  return { ...membersOf(target), definition: definitionsIn(tree.folder) };
}
