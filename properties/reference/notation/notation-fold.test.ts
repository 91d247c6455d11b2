import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VOCABULARY } from '../../../reference/contract.ts';
import { parse } from '../../../reference/notation/document.ts';
import { fold, printFolded } from '../../../reference/notation/fold.ts';
import { printSteps, printTraceSteps } from '../../../reference/notation/print.ts';
import type { Trace } from '../../../reference/notation/program.ts';
import { document } from '../../support/documents.ts';
import { testInTwoSizes } from '../../support/sizes.ts';

const traceOf = (lines: readonly string[], kind = 'trace'): Trace =>
  parse(`mmspec ${kind} 1\ncpus 4\n${lines.join('\n')}\n`, VOCABULARY).entries[0].trace;
const range = (n: number): number[] => [...Array(n).keys()];
const folded = (lines: readonly string[], kind?: string): string[] =>
  printFolded(traceOf(lines, kind)).split('\n').slice(0, -1);

describe('fold puts on one line', () => {
  test('a run of maps, of reads and of unmaps', () => {
    const maps = range(16).map(
      (i) => `@0 a${i} = vm_map_ram f0..f63 => 0x${(0xc9000040_0000 + i * 0x40000).toString(16)}`,
    );
    const reads = range(8).map((i) => `@1 read a3+0x${(i * 0x1000).toString(16)} => f${i}`.replace('+0x0 ', ' '));
    const unmaps = range(16).map((i) => `@0 vm_unmap_ram a${15 - i} 64 => ok`);
    expect(folded([...maps, ...reads, ...unmaps, '@0 vm_unmap_aliases => ok'])).toEqual([
      '@0 a0..a15 = vm_map_ram f0..f63 => 0xc90000400000 (+0x40000 each)  x16',
      '@1 read a3 (+0x1000 each)       => f0 (+1 each)                    x8',
      '@0 vm_unmap_ram a15..a0 64      => ok                              x16',
      '@0 vm_unmap_aliases             => ok',
    ]);
  });

  test('lists and options that grow, also in a program without outcomes', () => {
    const maps = range(4).map((i) => `@0 a${i} = vmap f${i} f${i + 2} flags=put_pages`);
    const vmas = range(3).map((i) => `@2 v${i} = mmap o${i} ${2 - i} pfnmap private remap=f${4 * i}`);
    expect(folded([...maps, ...vmas], 'program')).toEqual(
      [
        '@0 a0..a3 = vmap f0 f2 (+1 each) flags=put_pages  x4',
        '@2 v0..v2 = mmap o0..o2 2 (-1 each) pfnmap private remap=f0 (+4 each)  x3',
      ].map((line, i) => (i === 0 ? line.replace('  x4', `${' '.repeat(23)}x4`) : line)),
    );
  });

  test('lists with pages of areas', () => {
    const lines = range(3).map((i) => `@0 vm_insert_pages v0 v0 f1 a0:${i} => 0`.replace('f1', `f${i + 1}`));
    expect(folded(lines)).toEqual(['@0 vm_insert_pages v0 v0 f1 a0:0 (+1 each) => 0  x3']);
  });

  test('no steps that differ in anything else', () => {
    const lines = [
      '@0 read a0 => f0',
      '@1 read a0 => f0',
      '@0 read a0 => f0', // CPUs
      '@0 read a0 => f0',
      '@0 read a2 => f0',
      '@0 read a4 => f0', // names that jump
      '@0 read a0 => f0',
      '@0 read a0 => fault',
      '@0 read a0 => f0', // outcomes
      '@0 read a0 => f0',
      '@0 read a0 => f1',
      '@0 read a0 => f3', // no progression
      '@0 read a1 => f0',
      '@0 read a1 => f0',
      '@1 read a1 => f0', // only two
    ];
    expect(folded(lines)).toEqual(lines);
  });

  test.each(['vm_insert_page v0 v0', 'vm_insert_pages v0 v0'])('no pages of different areas: %s', (call) => {
    const lines = range(3).map((i) => `@0 ${call} a${i}:0 => 0`);
    expect(folded(lines)).toEqual(lines);
  });

  test('no steps on both sides of a block border, and none with times', () => {
    const read = '@0 read a0 => f0';
    expect(folded([read, read, 'par', read, read, 'end', read, read])).toHaveLength(8);
    expect(folded(['par', `${read} [1 2]`, `${read} [3 4]`, `${read} [5 6]`, 'end'])).toHaveLength(5);
    expect(folded(['par repeat=3', read, read, read, 'end'])).toEqual(['par repeat=3', `${read}  x3`, 'end']);
  });

  test('no step that a report points at', () => {
    const trace = traceOf(range(9).map(() => '@0 read a0 => f0'));
    expect(fold(trace, 4096, new Set([4])).map(({ first, count }) => [first, count])).toEqual([
      [0, 4],
      [4, 1],
      [5, 4],
    ]);
  });
});

/** Unfolds one line from its text alone, as a reader does. */
function unfold(line: string): string[] {
  const count = / {2,}x(\d+)$/.exec(line);
  if (!count) return [line];
  const text = line.slice(0, count.index);
  return range(Number(count[1])).map((i) =>
    text
      .replace(
        /\b([avom])(\d+)\.\.\1(\d+)/g,
        (_, base, from, to) => `${base}${Number(from) + (Number(to) > Number(from) ? i : -i)}`,
      )
      .replace(/((?:[^ (]+ )+?)\(([+-])(\d+|0x[0-9a-f]+) each\)/g, (_, words, sign, size) =>
        grow(words.trimEnd(), BigInt(i) * BigInt(size) * (sign === '+' ? 1n : -1n)),
      ),
  );
}

/** A frame or a page of an area, as lists have them. */
const LISTED = /^(?:f|a\d+:)\d/;

/** Adds to the last word, or to each frame of the list that ends there. */
function grow(words: string, by: bigint): string {
  const list = words.split(' ');
  let first = list.length - 1;
  if (LISTED.test(list[first])) while (first > 0 && LISTED.test(list[first - 1])) first--;
  return list
    .map((whole, i) => {
      if (i < first) return whole;
      const option = /^[a-z]+=(?!>)/.exec(whole)?.[0] ?? '';
      const word = whole.slice(option.length);
      if (option !== '') return option + grow(word, by);
      if (LISTED.test(word)) return word.replace(/(f|a\d+:)(\d+)/g, (_, of, n) => `${of}${BigInt(n) + by}`);
      const frame = /^(v\d+:)(\d+)(.*)$/.exec(word);
      if (frame) return `${frame[1]}${BigInt(frame[2]) + by}${frame[3]}`;
      const address = /^([avom]\d+|hole|null)(?:([+-])(0x[0-9a-f]+))?$/.exec(word);
      if (!address) return word.startsWith('0x') ? `0x${(BigInt(word) + by).toString(16)}` : `${BigInt(word) + by}`;
      const offset = BigInt(address[3] ?? 0) * (address[2] === '-' ? -1n : 1n) + by;
      if (offset === 0n) return address[1];
      return `${address[1]}${offset < 0n ? '-' : '+'}0x${(offset < 0n ? -offset : offset).toString(16)}`;
    })
    .join(' ');
}

describe('a folded text loses nothing', () => {
  const squeeze = (text: string): string => text.replace(/ +(?==>)/g, ' ').trimEnd();

  /** Documents, and how to repeat their steps so that they contain runs. */
  const runs = fc.tuple(
    document,
    fc.array(fc.tuple(fc.nat({ max: 5 }), fc.integer({ min: -1, max: 1 }), fc.nat({ max: 3 })), {
      minLength: 12,
      maxLength: 12,
    }),
  );

  testInTwoSizes('unfolding returns the steps', { small: 30, full: 400 }, (numRuns) => {
    fc.assert(
      fc.property(runs, ([{ header, entries }, moves]) => {
        for (const { trace } of entries) {
          const many = repeat(trace, moves);
          const text = printFolded(many, header.page);
          expect(text.split('\n').flatMap(unfold).map(squeeze).join('\n')).toBe(
            printTraceSteps(many, header.page).split('\n').map(squeeze).join('\n'),
          );
        }
      }),
      { numRuns },
    );
  });

  testInTwoSizes('a trace without runs is printed as without folding', { small: 30, full: 100 }, (numRuns) => {
    fc.assert(
      fc.property(document, ({ entries, header }) => {
        for (const { trace } of entries) {
          const lines = fold(trace, header.page);
          if (lines.some(({ count }) => count > 1)) continue;
          expect(printFolded(trace, header.page)).toBe(printTraceSteps(trace, header.page));
          if (trace.outcomes.length === 0) expect(printFolded(trace)).toBe(printSteps(trace.program));
        }
      }),
      { numRuns },
    );
  });
});

function repeat({ program, outcomes }: Trace, moves: readonly (readonly [number, number, number])[]): Trace {
  const steps: Trace['program']['steps'][number][] = [];
  const answers: Trace['outcomes'][number][] = [];
  program.steps.forEach((step, n) => {
    const [times, by, size] = moves[n];
    for (let i = 0; i <= times; i++) {
      const args = step.args.map((value) => {
        if (typeof value === 'number') return value + i * size;
        if (Array.isArray(value)) return value.map((word) => (typeof word === 'number' ? word + i * size : word));
        if (typeof value !== 'object' || !('base' in value) || value.base === 'hole' || value.base === 'null')
          return value;
        return { ...value, index: Math.max(value.index + i * by, 0), offset: value.offset + i * size };
      });
      steps.push({
        ...step,
        binds: step.binds < 0 ? -1 : Math.max(step.binds + i * by, 0),
        args: args as typeof step.args,
      });
      const answer = outcomes[n];
      if (answer)
        answers.push(
          answer.kind === 'frame' || answer.kind === 'number' ? { ...answer, value: answer.value + i * size } : answer,
        );
    }
  });
  return { program: { ...program, steps, blocks: [] }, outcomes: answers };
}
