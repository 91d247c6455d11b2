import { readFileSync, writeFileSync } from 'node:fs';
import { cpus as processors } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/run/run.ts';
import { prepareOwn } from '../../src/targets/linux/index.ts';
import { openTarget } from '../../src/targets/open.ts';
import { runCommand } from '../../src/targets/process/command.ts';
import type { Bug } from './bug.ts';
import { edited } from './edit.ts';

/** How the sources become a target: `vmalloc`, without a kernel, or `kernel`, which is built and booted. */
export type Way = 'vmalloc' | 'kernel';

/** One bug on one seed. */
export interface Run {
  readonly bug: string;
  readonly way: Way;
  readonly seed: number;
  readonly cpus: number;
  /** By the clock, from the edit to a target that answers. */
  readonly buildSeconds: number;
  /** By the clock, until the violation was found and shrunk. */
  readonly seconds: number;
  readonly programs: number;
  /** The clause that the report quotes first; null if nothing was found. */
  readonly clause: string | null;
  /** Whether the report blames one of the calls whose code is wrong. */
  readonly named: boolean;
}

const secondsSince = (start: number): number => (performance.now() - start) / 1000;

/** Builds the sources, and names the target. */
async function built(way: Way, folder: string): Promise<string> {
  if (way === 'vmalloc') return `vmalloc:${folder}`;
  await runCommand(['make', '-s', '-C', folder, `-j${processors().length}`, 'bzImage'], { both: true });
  await prepareOwn('bench', join(folder, 'arch/x86/boot/bzImage'), folder);
  return 'linux:bench';
}

/**
 * Puts a bug into the sources, builds them, and runs until it is found. The sources are as before afterwards.
 * @param folder the sources, configured and built once if `way` is `kernel`.
 */
export async function hunt(
  bug: Bug,
  { way, folder, seed, cpus, seconds }: Pick<Run, 'way' | 'seed' | 'cpus' | 'seconds'> & { readonly folder: string },
): Promise<Run> {
  const path = join(folder, bug.edit.file);
  const original = readFileSync(path, 'utf8');
  const start = performance.now();
  writeFileSync(path, edited(original, bug.edit));
  try {
    const target = await openTarget(await built(way, folder), { cpus });
    try {
      const buildSeconds = secondsSince(start);
      const begin = performance.now();
      const report = await run({ target, seed, cpus, bail: true, budget: { milliseconds: seconds * 1000 } });
      const [finding] = report.findings;
      const culprit = finding && (finding.culprit ?? finding.violation);
      const blamed = culprit && finding.trace.program.steps[culprit.step].call.name;
      return {
        bug: bug.name,
        way,
        seed,
        cpus,
        buildSeconds,
        seconds: secondsSince(begin),
        programs: finding?.afterPrograms ?? report.programs,
        clause: culprit?.clause.id ?? null,
        named: blamed !== undefined && bug.calls.some((call) => call === blamed),
      };
    } finally {
      await target.close();
    }
  } finally {
    writeFileSync(path, original);
  }
}
