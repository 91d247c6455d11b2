import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../../reference/calls/valid.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { NOTATION_VERSION, parse } from '../../reference/notation/document.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { PACKAGE_ROOT } from '../common/package.ts';
import { corpusPrograms } from '../findings/corpus.ts';
import { poolFrames } from '../programs/arguments.ts';
import { listMutants } from '../targets/embedded/index.ts';

/** The folder of the counterexamples that come with the kit. */
export const SHIPPED = join(PACKAGE_ROOT, 'fixtures', 'counterexamples');

/** CPUs of the header under which the steps are parsed; the program gets those that it names. */
const PARSING_CPUS = 64;
/** A program gets at least this many CPUs, if the target has them, and frames. */
const MIN_CPUS = 2;
const MIN_FRAMES = 64;

/** The steps of a recorded bug as a program with the CPUs and frames that it needs. */
function programFrom(steps: string, minCpus: number): Program {
  const text = `mmspec program ${NOTATION_VERSION}\ncpus ${PARSING_CPUS}\n${steps}\n`;
  const { program } = parse(text, VOCABULARY).entries[0].trace;
  const cpus = Math.max(minCpus, ...program.steps.map(({ cpu }) => cpu + 1));
  return { ...program, cpus, frames: Math.max(MIN_FRAMES, ...program.steps.map(poolFrames)) };
}

/**
 * The shortest known program of each recorded bug, in a fixed order and without duplicates.
 * @param cpus how many CPUs the target has.
 */
export function directedPrograms(cpus = MIN_CPUS): Program[] {
  const bugs = listMutants()
    .filter(({ shows }) => shows !== '')
    .map(({ shows }) => programFrom(shows, Math.min(cpus, MIN_CPUS)));
  const saved = existsSync(SHIPPED) ? corpusPrograms(SHIPPED) : [];
  const byText = new Map([...bugs, ...saved].map((program) => [printSteps(program), program]));
  return [...byText.values()];
}
