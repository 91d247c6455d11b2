import type { Step } from '../../../../reference/calls/call.ts';
import type { Program } from '../../../../reference/calls/valid.ts';
import type { FrameId } from '../../../../reference/notation/frame.ts';
import { withCpus } from '../cpus.ts';
import { pagesOf } from '../order.ts';
import { type Context, type Pass, withArgument } from '../pass.ts';

/** Numbers by first use: 0 is what comes first. */
class Numbering {
  readonly #numbers = new Map<number, number>();

  of(label: number): number {
    let number = this.#numbers.get(label);
    if (number === undefined) this.#numbers.set(label, (number = this.#numbers.size));
    return number;
  }
}

/** Frames of a step, those of a range of consecutive ones included. */
function framesOf(step: Step, page: number): readonly FrameId[] {
  return step.call.parameters.flatMap(({ type }, i) => {
    const value = step.args[i];
    if (value === undefined || (type !== 'frame' && type !== 'frames')) return [];
    if (type === 'frames') return value as readonly FrameId[];
    return Array.from({ length: Math.max(pagesOf(step, page), 1) }, (_, n) => (value as FrameId) + n);
  });
}

/** A map of frames to those of first use, or undefined where a range would not be consecutive any more. */
function byFirstUse({ steps }: Program, { page }: Context): ((frame: FrameId) => FrameId) | undefined {
  const numbering = new Numbering();
  for (const step of steps) {
    const frames = framesOf(step, page);
    const numbers = frames.map((frame) => numbering.of(frame));
    const ranged = step.call.parameters.some(({ type }, i) => type === 'frame' && step.args[i] !== undefined);
    if (ranged && numbers.some((number, n) => number !== numbers[0] + n)) return undefined;
  }
  return (frame) => numbering.of(frame);
}

/** A map of frames that brings the lowest to 0. */
function lowered({ steps }: Program, { page }: Context): (frame: FrameId) => FrameId {
  const least = Math.min(...steps.flatMap((step) => framesOf(step, page)), Number.MAX_SAFE_INTEGER);
  return (frame) => frame - least;
}

function withFrames(step: Step, change: (frame: FrameId) => FrameId): Step {
  return step.call.parameters.reduce((made, { type }, i) => {
    const value = step.args[i];
    if (value === undefined) return made;
    if (type === 'frame') return withArgument(made, i, change(value as FrameId));
    return type === 'frames' ? withArgument(made, i, (value as readonly FrameId[]).map(change)) : made;
  }, step);
}

/** Each two CPUs of some steps, changing places. */
function* swaps(steps: readonly Step[]): Iterable<(cpu: number) => number> {
  const cpus = [...new Set(steps.map(({ cpu }) => cpu))].sort((a, b) => a - b);
  for (const [i, a] of cpus.entries())
    for (const b of cpus.slice(i + 1)) yield (cpu) => (cpu === a ? b : cpu === b ? a : cpu);
}

/**
 * Renames frames and CPUs, as far as implementations take them for alike.
 *
 * Proposes: frames by first use (or all of them lower, where ranges would break), CPUs by first use, both; in programs
 * with blocks the lanes in order, and each two CPUs changing places, everywhere and in one block.
 * Goes on: nowhere.
 * Costs: three proposals, and two for each two CPUs of a program with blocks.
 */
export const relabel: Pass = {
  name: 'relabel',
  *edits(program, context) {
    const next = { at: 0, size: 0 };
    const frames = byFirstUse(program, context) ?? lowered(program, context);
    const cpus = new Numbering();
    for (const step of program.steps) cpus.of(step.cpu);
    const framed = { ...program, steps: program.steps.map((step) => withFrames(step, frames)) };
    yield { ...withCpus(framed, (cpu) => cpus.of(cpu)), next };
    yield { steps: framed.steps, next };
    yield { ...withCpus(program, (cpu) => cpus.of(cpu)), next };
    // In lanes CPU 0 is as good as any.
    if (program.blocks.length === 0) return;
    yield { ...withCpus(program, (cpu) => cpu), next };
    for (const swap of swaps(program.steps)) yield { ...withCpus(program, swap), next };
    for (const block of program.blocks) {
      const lanes = program.steps.slice(block.start, block.end);
      for (const swap of swaps(lanes)) yield { ...withCpus(program, swap, block), next };
    }
  },
};
