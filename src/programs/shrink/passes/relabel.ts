import type { Step } from '../../../../reference/calls/call.ts';
import type { Program } from '../../../../reference/calls/valid.ts';
import { type FrameId, isPoolFrame } from '../../../../reference/notation/frame.ts';
import { argumentsOf, mapFrames } from '../../arguments.ts';
import { withCpus } from '../cpus.ts';
import { pagesOf } from '../order.ts';
import { type Context, type Pass, START } from '../pass.ts';

/** Numbers labels by first use, from 0. */
class Numbering {
  readonly #numbers = new Map<number, number>();

  of(label: number): number {
    let number = this.#numbers.get(label);
    if (number === undefined) this.#numbers.set(label, (number = this.#numbers.size));
    return number;
  }
}

/** The frames that a step uses, including the rest of a range of which it names the first. */
const framesOf = (step: Step, page: number): readonly FrameId[] =>
  argumentsOf(step).flatMap(({ type, value }) => {
    if (type === 'frames') return value.filter(isPoolFrame);
    if (type !== 'frame' || !isPoolFrame(value)) return [];
    return Array.from({ length: Math.max(pagesOf(step, page), 1) }, (_, n) => value + n);
  });

/** A map of frames to numbers by first use; undefined if it would break a range of frames. */
function byFirstUse({ steps }: Program, { page }: Context): ((frame: FrameId) => FrameId) | undefined {
  const numbering = new Numbering();
  for (const step of steps) {
    const numbers = framesOf(step, page).map((frame) => numbering.of(frame));
    const ranged = argumentsOf(step).some(({ type }) => type === 'frame');
    if (ranged && numbers.some((number, n) => number !== numbers[0] + n)) return undefined;
  }
  return (frame) => numbering.of(frame);
}

/** A map of frames that moves them down so that the lowest is 0. */
function lowered({ steps }: Program, { page }: Context): (frame: FrameId) => FrameId {
  const least = Math.min(...steps.flatMap((step) => framesOf(step, page)), Number.MAX_SAFE_INTEGER);
  return (frame) => frame - least;
}

const withFrames = (step: Step, rename: (frame: FrameId) => FrameId): Step =>
  mapFrames(step, (frame) => (isPoolFrame(frame) ? rename(frame) : frame));

/** The exchanges of each two CPUs of some steps. */
function* swaps(steps: readonly Step[]): Iterable<(cpu: number) => number> {
  const cpus = [...new Set(steps.map(({ cpu }) => cpu))].sort((a, b) => a - b);
  for (const [i, a] of cpus.entries())
    for (const b of cpus.slice(i + 1)) yield (cpu) => (cpu === a ? b : cpu === b ? a : cpu);
}

/**
 * Renames frames and CPUs, since implementations treat most of them alike.
 *
 * Proposes: frames by first use (or all of them lower, if ranges would break) and CPUs by first use, together and each
 * alone. For programs with blocks also: the lanes in the order of their CPUs; each two CPUs exchanged, everywhere and
 * in one block.
 * Continues: from the start.
 * Costs: three edits, and two for each two CPUs of a program with blocks.
 */
export const relabel: Pass = {
  name: 'relabel',
  *edits(program, context) {
    const frames = byFirstUse(program, context) ?? lowered(program, context);
    const cpus = new Numbering();
    for (const step of program.steps) cpus.of(step.cpu);
    const renamed = { ...program, steps: program.steps.map((step) => withFrames(step, frames)) };
    yield { ...withCpus(renamed, (cpu) => cpus.of(cpu)), next: START };
    yield { steps: renamed.steps, next: START };
    yield { ...withCpus(program, (cpu) => cpus.of(cpu)), next: START };
    if (program.blocks.length === 0) return;
    yield { ...withCpus(program, (cpu) => cpu), next: START };
    for (const swap of swaps(program.steps)) yield { ...withCpus(program, swap), next: START };
    for (const block of program.blocks) {
      const inBlock = program.steps.slice(block.start, block.end);
      for (const swap of swaps(inBlock)) yield { ...withCpus(program, swap, block), next: START };
    }
  },
};
