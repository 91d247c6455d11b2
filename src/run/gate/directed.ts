import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../../../reference/calls/valid.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import { NOTATION_VERSION, parse } from '../../../reference/notation/document.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import { PACKAGE_ROOT } from '../../common/package.ts';
import { loadCorpus } from '../../findings/corpus.ts';
import { listMutants } from '../../targets/embedded/index.ts';

/** Counterexamples that come with the kit. */
export const SHIPPED = join(PACKAGE_ROOT, 'fixtures', 'counterexamples');

/** The most CPUs that a text may name. */
const MOST_CPUS = 64;

const FRAMES = new Set(['frame', 'frames']);

/** How many frames of the pool the program names, counted from f0 on. */
const framesOf = ({ steps }: Program): number =>
  Math.max(
    0,
    ...steps.flatMap(({ call, args }) =>
      call.parameters.map(({ type }, i) => {
        if (!FRAMES.has(type) || args[i] === undefined) return 0;
        const named = type === 'frame' ? [args[i] as number] : (args[i] as readonly number[]);
        return named.reduce((most, frame) => Math.max(most, frame + 1), 0);
      }),
    ),
  );

/** The steps of a recorded bug as a program, with the CPUs and frames that they need. */
function programFrom(steps: string): Program {
  const text = `mmspec program ${NOTATION_VERSION}\ncpus ${MOST_CPUS}\n${steps}\n`;
  const { program } = parse(text, VOCABULARY).entries[0].trace;
  const cpus = Math.max(2, ...program.steps.map(({ cpu }) => cpu + 1));
  return { ...program, cpus, frames: Math.max(64, framesOf(program)) };
}

/** The shortest known programs of all recorded bugs, each once, in a fixed order. */
export function directedPrograms(): Program[] {
  const bugs = listMutants()
    .filter(({ shows }) => shows !== '')
    .map(({ shows }) => programFrom(shows));
  const saved = existsSync(SHIPPED)
    ? loadCorpus(SHIPPED).flatMap(({ document }) => document.entries.map(({ trace }) => trace.program))
    : [];
  const byText = new Map([...bugs, ...saved].map((program) => [printSteps(program), program]));
  return [...byText.values()];
}
