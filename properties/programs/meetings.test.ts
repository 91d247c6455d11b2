import { expect, test } from 'vitest';
import type { Step } from '../../reference/calls/call.ts';
import { findInvalid, type Program } from '../../reference/calls/valid.ts';
import { CALLS } from '../../reference/contract.ts';
import { Known } from '../../reference/model/known.ts';
import type { Address } from '../../reference/notation/address.ts';
import { optionsWith, ParallelGenerator } from '../../src/programs/generate/index.ts';
import { Random } from '../../src/programs/generate/random.ts';
import { repertoireOf } from '../../src/programs/generate/repertoire.ts';
import { ReuseGenerator } from '../../src/programs/generate/reuse.ts';
import { SamePageGenerator } from '../../src/programs/generate/same-page.ts';

const COUNT = 400;
const can = new Set(['repeat', 'area_pages', 'area_page_lists', 'fork']);
const options = optionsWith({ calls: CALLS, cpus: 2, can });
const repertoire = repertoireOf(options);
const programsOf = (generator: { program(random: Random): Program }): Program[] =>
  Array.from({ length: COUNT }, (_, index) => generator.program(new Random(7, index)));
const inBlock = ({ steps, blocks: [block] }: Program): readonly Step[] =>
  block ? steps.slice(block.start, block.end) : [];

/** The pages of the areas of a program, each number once. */
const sizesIn = ({ steps }: Program): ReadonlySet<number> =>
  new Set(
    steps
      .filter(({ call }) => call.binds === 'a')
      .map(({ args: [size] }) => (Array.isArray(size) ? size.length : Math.ceil(Number(size) / options.page))),
  );

/**
 * One lane flushes or gives an area back; another one makes an area of the same size as all others, and looks at it before
 * the block ends.
 */
function takesAgain(program: Program): boolean {
  const inside = inBlock(program);
  if (sizesIn(program).size !== 1) return false;
  return inside.some(({ call, binds, cpu }) => {
    const looks = inside.some(({ args: [where] }) => {
      const { base, index } = (where ?? {}) as Partial<Address>;
      return base === 'a' && index === binds;
    });
    const under = inside.some((other) => other.cpu !== cpu && ['ends', 'flushes'].includes(other.call.effect));
    return call.binds === 'a' && looks && under;
  });
}

/** Two lanes fill the same page. */
function fillsTwice(program: Program): boolean {
  const filling = inBlock(program).filter(({ call }) => call.effect === 'fills');
  const place = ({ args }: Step): string => JSON.stringify(args.slice(0, 2));
  return filling.some((one) => filling.some((other) => one.cpu !== other.cpu && place(one) === place(other)));
}

const valid = (program: Program): boolean =>
  findInvalid(program, new Known(options.traits, program.cpus, program.frames, options.page)) === undefined;

test('a lane takes addresses again while another one gives them back or flushes', () => {
  const programs = programsOf(new ReuseGenerator(repertoire));
  expect(programs.every(valid)).toBe(true);
  expect(programs.filter(takesAgain).length).toBeGreaterThan(COUNT / 4);
});

test('programs about addresses that are taken again are more often about favoured calls', () => {
  const vmap = CALLS.find(({ name }) => name === 'vmap')!;
  const share = (favour: typeof options.favour): number => {
    const programs = programsOf(new ReuseGenerator(repertoireOf({ ...options, favour })));
    return programs.filter(({ steps }) => steps.some(({ call }) => call === vmap)).length / COUNT;
  };
  expect(share(new Map([[vmap, 8]]))).toBeGreaterThan(1.5 * share(new Map()));
});

test('in some programs, everything in a block was given back before a lane flushes', () => {
  const sized = repertoireOf({ ...options, sizes: { block: 256 } });
  const emptied = programsOf(new ReuseGenerator(sized)).filter(({ steps, blocks: [block] }) => {
    const before = steps.slice(0, block?.start).map(({ call }) => call.name);
    const count = (name: string): number => before.filter((one) => one === name).length;
    return count('vm_map_ram') >= 13 && count('vm_unmap_ram') >= count('vm_map_ram');
  });
  expect(emptied.length).toBeGreaterThan(COUNT / 25);
  expect(emptied.every(valid)).toBe(true);
});

test('two lanes fill the same page', () => {
  const programs = programsOf(new SamePageGenerator(repertoire));
  expect(programs.every(valid)).toBe(true);
  expect(programs.filter(fillsTwice).length).toBeGreaterThan(COUNT / 2);
});

test('on targets that repeat programs, lanes fill the same page more often than on others', () => {
  const count = (repeats: boolean): number => {
    const parallel = new ParallelGenerator({ ...options, can: repeats ? can : new Set() });
    return Array.from({ length: 3000 }, (_, index) => parallel.program(3, index)).filter(fillsTwice).length;
  };
  expect(count(true)).toBeGreaterThan(2 * count(false));
});
