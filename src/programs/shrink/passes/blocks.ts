import type { Step } from '../../../../reference/calls/call.ts';
import type { Program } from '../../../../reference/calls/valid.ts';
import { lanesOf } from '../../../../reference/notation/program.ts';
import { type Edit, type Pass, withEntry } from '../pass.ts';

const START = { at: 0, size: 0 };

/**
 * Takes overlap away.
 *
 * Proposes: each block as plain steps, lane after lane, from each lane on; each block without one of its lanes.
 * Goes on: from the start.
 * Costs: two proposals for each lane.
 */
export const lanes: Pass = {
  name: 'lanes',
  *edits(program) {
    const { steps, blocks } = program;
    for (const block of blocks) {
      const others = blocks.filter((other) => other !== block);
      const cpus = lanesOf(program.steps, block);
      for (const [turn] of cpus.entries()) {
        const order = [...cpus.slice(turn), ...cpus.slice(0, turn)];
        const inside = order.flatMap((cpu) => steps.slice(block.start, block.end).filter((step) => step.cpu === cpu));
        yield {
          steps: [...steps.slice(0, block.start), ...inside, ...steps.slice(block.end)],
          blocks: others,
          next: START,
          whole: true,
        };
      }
      for (const cpu of cpus) {
        const left = steps.map((step, at) =>
          at >= block.start && at < block.end && step.cpu === cpu ? undefined : step,
        );
        yield { steps: left, next: START };
      }
    }
  },
};

/** The first or last step of a lane, out of the block. */
function moved({ steps, blocks }: Program, number: number, at: number, before: boolean): Edit {
  const { start, end, attributes } = blocks[number];
  const left = steps.toSpliced(at, 1);
  const made = left.toSpliced(before ? start : end - 1, 0, steps[at]);
  const block = before ? { start: start + 1, end, attributes } : { start, end: end - 1, attributes };
  return { steps: made, blocks: withEntry(blocks, number, block), next: START, whole: true };
}

/**
 * Moves steps out of a block: the first of a lane to before it, the last of a lane to after it.
 *
 * Proposes: for each lane its first step, then its last.
 * Goes on: from the start.
 * Costs: two proposals for each lane.
 */
export const leave: Pass = {
  name: 'leave',
  *edits(program) {
    for (const [number, block] of program.blocks.entries()) {
      for (const cpu of lanesOf(program.steps, block)) {
        const inLane = program.steps.flatMap((step, at) =>
          at >= block.start && at < block.end && step.cpu === cpu ? [at] : [],
        );
        yield moved(program, number, inLane[0], true);
        yield moved(program, number, inLane[inLane.length - 1], false);
      }
    }
  },
};

/**
 * Lets the step behind a block end a lane of it, so that another step can go: what is seen while calls still overlap
 * may need less than what is still seen after them.
 *
 * Proposes: for each step besides that it goes, and the one behind the block stands in its CPU's lane.
 * Goes on: from the start.
 * Costs: as many proposals for each block as there are steps.
 */
export const enter: Pass = {
  name: 'enter',
  *edits({ steps, blocks }) {
    for (const [number, { start, end, attributes }] of blocks.entries()) {
      if (end === steps.length || number + 1 < blocks.length) continue;
      const wider = withEntry(blocks, number, { start, end: end + 1, attributes });
      for (let gone = end - 1; gone >= 0; gone--)
        yield { steps: withEntry<Step | undefined>(steps, gone, undefined), blocks: wider, next: START };
    }
  },
};

/**
 * Makes two lanes one.
 *
 * Proposes: for each two lanes of a block of more that the steps of one stand after those of the other, or before.
 * Goes on: from the start.
 * Costs: two proposals for each two lanes of a block that has more than two.
 */
export const fold: Pass = {
  name: 'fold',
  *edits(program) {
    const { steps, blocks } = program;
    for (const block of blocks) {
      const cpus = lanesOf(program.steps, block);
      if (cpus.length < 3) continue;
      for (const kept of cpus) {
        for (const gone of cpus) {
          if (gone === kept) continue;
          const lane = (cpu: number) => steps.slice(block.start, block.end).filter((step) => step.cpu === cpu);
          const others = cpus.filter((cpu) => cpu !== kept && cpu !== gone).flatMap(lane);
          const moved = lane(gone).map((step) => ({ ...step, cpu: kept }));
          const inside = [...lane(kept), ...moved, ...others];
          yield {
            steps: [...steps.slice(0, block.start), ...inside, ...steps.slice(block.end)],
            next: START,
            whole: true,
          };
          const before = [...moved, ...lane(kept), ...others];
          yield {
            steps: [...steps.slice(0, block.start), ...before, ...steps.slice(block.end)],
            next: START,
            whole: true,
          };
        }
      }
    }
  },
};

/** Simpler values of an attribute: lists with fewer words, numbers that are smaller, also behind a colon. */
function* simpler(value: string): Iterable<string> {
  const words = value.split(',');
  for (let size = words.length >> 1; size > 0; size >>= 1) {
    for (let end = words.length; end > 0; end -= size) yield words.toSpliced(Math.max(end - size, 0), size).join(',');
  }
  for (const [at, word] of words.entries()) {
    const match = /^(.*?)(\d+)$/.exec(word);
    const number = match ? Number(match[2]) : 0;
    // What stands before a colon is no quantity.
    if (!match || (words.length > 1 && !match[1].endsWith(':'))) continue;
    const less = [1, number >> 1, number - 1].filter((n) => n > 0 && n < number);
    for (const n of new Set(less)) yield withEntry(words, at, `${match[1]}${n}`).join(',');
    if (number === 1 && match[1].endsWith(':')) yield withEntry(words, at, match[1].slice(0, -1)).join(',');
  }
}

/**
 * Makes the attributes of blocks simpler: fewer preemptions, repetitions, delays.
 *
 * Proposes: each attribute gone; then with fewer words, and with smaller numbers.
 * Goes on: from the start.
 * Costs: a few proposals for each word of an attribute.
 */
export const attributes: Pass = {
  name: 'attributes',
  *edits({ steps, blocks }) {
    for (const [number, block] of blocks.entries()) {
      const changed = (name: string, value: string | undefined): Edit => {
        const map = new Map(block.attributes);
        if (value === undefined || value === '') map.delete(name);
        else map.set(name, value);
        return { steps, blocks: withEntry(blocks, number, { ...block, attributes: map }), next: START };
      };
      for (const name of block.attributes.keys()) yield changed(name, undefined);
      for (const [name, value] of block.attributes)
        for (const less of simpler(value)) if (less !== '') yield changed(name, less);
    }
  },
};
