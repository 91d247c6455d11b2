import { type Edit, type Pass, START } from '../pass.ts';

/** Simpler values of an attribute: lists with fewer words, and smaller numbers, also those behind a colon. */
function* simpler(value: string): Iterable<string> {
  const words = value.split(',');
  for (let size = words.length >> 1; size > 0; size >>= 1) {
    for (let end = words.length; end > 0; end -= size) yield words.toSpliced(Math.max(end - size, 0), size).join(',');
  }
  for (const [at, word] of words.entries()) {
    const match = /^(.*?)(\d+)$/.exec(word);
    const number = match ? Number(match[2]) : 0;
    // In a list, a number that does not follow a colon is a CPU.
    if (!match || (words.length > 1 && !match[1].endsWith(':'))) continue;
    const less = [1, number >> 1, number - 1].filter((n) => n > 0 && n < number);
    for (const n of new Set(less)) yield words.with(at, `${match[1]}${n}`).join(',');
    if (number === 1 && match[1].endsWith(':')) yield words.with(at, match[1].slice(0, -1)).join(',');
  }
}

/**
 * Makes the attributes of blocks simpler: fewer preemptions, repetitions and delays.
 *
 * Proposes: to remove each attribute; then to shorten its list of words, and to lower its numbers.
 * Continues: from the start.
 * Costs: a few edits for each word of an attribute.
 */
export const attributes: Pass = {
  name: 'attributes',
  *edits({ steps, blocks }) {
    for (const [number, block] of blocks.entries()) {
      const changed = (name: string, value: string | undefined): Edit => {
        const map = new Map(block.attributes);
        if (value === undefined || value === '') map.delete(name);
        else map.set(name, value);
        return { steps, blocks: blocks.with(number, { ...block, attributes: map }), next: START };
      };
      for (const name of block.attributes.keys()) yield changed(name, undefined);
      for (const [name, value] of block.attributes)
        for (const less of simpler(value)) if (less !== '') yield changed(name, less);
    }
  },
};
