import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Mutant } from '../../fixtures/simulator/mutants/mutant.ts';
import type { Program } from '../../reference/calls/valid.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { parse } from '../../reference/notation/document.ts';
import type { Traits } from '../../reference/profiles/traits.ts';
import type { Manifest } from '../../src/targets/target.ts';
import { processorMs } from '../clock.ts';

/** CPUs, frames and the percentage of programs with a block: as `mmspec run` has them on embedded targets. */
const CPUS = 3;
const FRAMES = 64;
const PARALLEL_PERCENT = 75;

type Draw = (seed: number, index: number) => Program;

/** What a revision exports. */
interface Revision {
  readonly generator: (wanted: object) => Draw;
  readonly printSteps: (program: Program) => string;
}

/** Where revisions have their generator, the newest first. */
const GENERATORS = ['src/programs/generate/index.ts', 'src/generate/index.ts'];

/** Loads the generator of the revision in a folder. */
async function revisionIn(folder: string): Promise<Revision> {
  const path = GENERATORS.map((one) => join(folder, one)).find(existsSync);
  if (path === undefined) throw new Error(`${folder} has no generator; expected ${GENERATORS.join(' or ')}`);
  const { generator } = (await import(pathToFileURL(path).href)) as Pick<Revision, 'generator'>;
  const print = pathToFileURL(join(folder, 'reference/notation/print.ts')).href;
  const { printSteps } = (await import(print)) as Pick<Revision, 'printSteps'>;
  return { generator, printSteps };
}

/** Where the programs of a run come from. */
export interface Source {
  /** Draws programs [from, from + count) of a seed. `seconds`: the processor time of drawing alone. */
  draw(seed: number, from: number, count: number): { readonly programs: readonly Program[]; readonly seconds: number };
}

/**
 * The programs that the revision in a folder draws for a target. They are taken over as text, since only the notation is
 * the same in all revisions; printing and reading them is not counted.
 */
export async function sourceIn(folder: string, manifest: Manifest, traits: Traits): Promise<Source> {
  const { generator, printSteps } = await revisionIn(folder);
  const wanted = { ...manifest, traits, cpus: CPUS, frames: FRAMES, parallel: PARALLEL_PERCENT, warnings: true };
  const draw = generator(wanted);
  return {
    draw(seed, from, count) {
      const before = processorMs();
      const drawn = Array.from({ length: count }, (_, i) => draw(seed, from + i));
      const seconds = (processorMs() - before) / 1000;
      return { programs: readBack(drawn.map(printSteps)), seconds };
    },
  };
}

/** Programs that are looked at to know which calls a generator draws. */
const SAMPLE = 2_000;

const callsOf = (programs: readonly Program[]): Set<string> =>
  new Set(programs.flatMap(({ steps }) => steps.map(({ call }) => call.name)));

/**
 * Those mutants whose shortest known program has only calls that a revision draws: it cannot find others.
 * @param folder the folder of the revision.
 * @param manifest a target with all calls.
 * @param traits those of the target.
 */
export async function withinReach(
  folder: string,
  manifest: Manifest,
  traits: Traits,
  mutants: readonly Mutant[],
): Promise<Mutant[]> {
  const source = await sourceIn(folder, manifest, traits);
  const known = callsOf(source.draw(1, 0, SAMPLE).programs);
  return mutants.filter(({ shows }) => [...callsOf(readBack([shows]))].every((call) => known.has(call)));
}

function readBack(texts: readonly string[]): Program[] {
  const header = `mmspec program 1\ncpus ${CPUS}\nframes ${FRAMES}\n`;
  return texts.map((text) => parse(`${header}${text}\n`, VOCABULARY).entries[0].trace.program);
}
