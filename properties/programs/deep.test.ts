import { describe, expect, test } from 'vitest';
import type { Step } from '../../reference/calls/call.ts';
import { findInvalid, type Program } from '../../reference/calls/valid.ts';
import { CALLS } from '../../reference/contract.ts';
import { Known } from '../../reference/model/known.ts';
import type { Address } from '../../reference/notation/address.ts';
import { PROFILES } from '../../reference/profiles/profiles.ts';
import { namedAddresses } from '../../src/programs/arguments.ts';
import { DeepGenerator } from '../../src/programs/generate/deep/deep.ts';
import type { Theme } from '../../src/programs/generate/deep/themes.ts';
import { type Options, optionsWith } from '../../src/programs/generate/index.ts';
import { Random } from '../../src/programs/generate/random.ts';
import { repertoireOf } from '../../src/programs/generate/repertoire.ts';
import { pagesOf } from '../../src/programs/shrink/order.ts';
import { StateTally } from '../../src/programs/states/count.ts';
import { SIZES } from '../../src/programs/states/sizes.ts';
import { PHASES, touching } from '../../src/programs/states/vocabulary.ts';
import type { Sizes } from '../../src/targets/sizes.ts';

const everything = optionsWith({ calls: CALLS, cpus: 3, sizes: SIZES });
const deep = (options: Options): DeepGenerator => new DeepGenerator(repertoireOf(options));

/** Programs of this structure take tens of milliseconds each. */
const LARGE = 'arena';
const themes: readonly Theme[] = PHASES.flatMap(({ side, structure, phase }) =>
  touching(side).map((beside) => ({ side, structure, phase, beside })),
);
const small = themes.filter(({ structure }) => structure !== LARGE);

/** The states that a program reaches. */
function reached(program: Program, sizes: Partial<Sizes> = {}): ReadonlySet<string> {
  const tally = new StateTally(everything.page, { ...SIZES, ...sizes });
  tally.see(program);
  return new Set(tally.counts().flatMap(({ state, programs }) => (programs > 0 ? [state.id] : [])));
}

/** The first of several programs on a theme that reaches a state; undefined if none does. */
function attempt(generator: DeepGenerator, theme: Theme, state: string, parallel: boolean): Program | undefined {
  for (let n = 0; n < 40; n++) {
    const program = generator.program(new Random(3, n), theme, parallel);
    if (reached(program).has(state)) return program;
  }
  return undefined;
}

describe('deep programs', () => {
  const generator = deep(everything);

  test.each(
    small
      .filter(({ beside, side }) => beside === touching(side)[0])
      .map((theme) => [`${theme.structure}-${theme.phase}`, theme] as const),
  )('reach %s in order', (state, theme) => {
    expect(attempt(generator, theme, state, false)).toBeDefined();
  });

  test.each(
    PHASES.filter(({ structure }) => structure !== LARGE).map(({ structure, phase }) => [structure, phase] as const),
  )('reach %s-%s beside each call of its side', (structure, phase) => {
    for (const theme of small) {
      if (theme.structure !== structure || theme.phase !== phase) continue;
      const state = `${structure}-${phase}-beside-${theme.beside.name}`;
      expect(attempt(generator, theme, state, true), state).toBeDefined();
    }
  });

  test('meet the threshold of a kernel, which is far above the pages that are live at a time', () => {
    const sizes = { block: 256, lazy: 16_384, table: 512 };
    const made = deep({ ...everything, sizes });
    for (const phase of ['all-but-one', 'full', 'crossed']) {
      const theme = themes.find(({ structure, phase: one }) => structure === 'lazy' && one === phase)!;
      const programs = Array.from({ length: 10 }, (_, n) => made.program(new Random(3, n), theme, false));
      expect(programs.filter((program) => reached(program, sizes).has(`lazy-${phase}`)).length).toBeGreaterThan(2);
    }
  });

  test('look at what the change gives back before and after it', () => {
    const changes = ['areas-emptied', 'block-all-but-one-given-back', 'block-emptied', 'object-emptied'];
    for (const theme of small) {
      if (!changes.includes(`${theme.structure}-${theme.phase}`) || theme.beside !== touching(theme.side)[0]) continue;
      const looks = Array.from({ length: 40 }, (_, n) => {
        const { steps } = generator.program(new Random(3, n), theme, false);
        const at = steps.findLastIndex(({ call }) => call.effect === 'ends' && call.side === theme.side);
        const [ended] = at < 0 ? [] : namedAddresses(steps[at]);
        const read = ({ call, args }: Step): boolean => {
          const { base, index } = (args[0] ?? {}) as Partial<Address>;
          return call.name === 'read' && base === ended?.base && index === ended?.index;
        };
        return steps.slice(0, at).some(read) && steps.slice(at).some(read);
      });
      expect(looks.filter((seen) => seen).length, `${theme.structure}-${theme.phase}`).toBeGreaterThan(28);
    }
  });

  test('fill blocks of which something was given back before', () => {
    const theme = small.find(({ structure, phase }) => structure === 'block' && phase === 'full')!;
    const programs = Array.from({ length: 40 }, (_, n) => generator.program(new Random(3, n), theme, false));
    const full = programs.filter((program) => reached(program).has('block-full'));
    const given = full.filter(({ steps }) => steps.some(({ call }) => call.name === 'vm_unmap_ram'));
    expect(given.length).toBeGreaterThan(5);
    expect(given.length).toBeLessThan(full.length);
  });

  test('fill blocks of which everything was given back before', () => {
    const theme = small.find(({ structure, phase }) => structure === 'block' && phase === 'full')!;
    const programs = Array.from({ length: 40 }, (_, n) => generator.program(new Random(3, n), theme, true));
    const count = (steps: readonly Step[], name: string): number =>
      steps.filter(({ call }) => call.name === name).length;
    const empty = programs.filter(({ steps, blocks: [block] }) => {
      const before = steps.slice(0, block?.start);
      return count(before, 'vm_map_ram') > 3 && count(before, 'vm_unmap_ram') >= count(before, 'vm_map_ram');
    });
    expect(empty.length).toBeGreaterThan(5);
    expect(empty.length).toBeLessThan(30);
  });

  test('take up all addresses beside a call', () => {
    const theme = themes.find(({ structure, beside }) => structure === LARGE && beside.effect === 'flushes')!;
    expect(attempt(generator, theme, `arena-full-beside-${theme.beside.name}`, true)).toBeDefined();
  });

  test.each(PROFILES.map((profile) => [profile.name, profile] as const))('are valid in profile %s', (_, { traits }) => {
    const options = { ...everything, traits, cpus: 8 };
    const made = deep(options);
    for (const [n, theme] of small.entries()) {
      const program = made.program(new Random(1, n), theme, n % 2 === 0);
      const known = new Known(traits, program.cpus, program.frames, options.page);
      expect(findInvalid(program, known), `${theme.structure}-${theme.phase} ${n}`).toBeUndefined();
    }
  });

  test('stay within the limits of steps and pages', () => {
    const options = { ...everything, cpus: 8, steps: 150, pages: 16, sizes: { table: 8 } };
    const made = deep(options);
    for (const [n, theme] of small.entries()) {
      const { steps } = made.program(new Random(1, n), theme, true);
      expect(steps.length).toBeLessThanOrEqual(options.steps);
      for (const step of steps) {
        const listed = step.call.parameters.some(({ type }) => type === 'frames');
        if (listed) expect(pagesOf(step, options.page)).toBeLessThanOrEqual(options.pages);
      }
    }
  });

  test('are written only where a target has calls for them, and takes long programs', () => {
    const count = (options: Options): number => {
      const made = deep(options);
      return Array.from({ length: 200 }, (_, i) => made.themeOf(1, i, 'parallel')).filter((theme) => theme).length;
    };
    expect(count(everything)).toBe(50);
    expect(count({ ...everything, steps: 100 })).toBe(0);
    expect(count({ ...everything, calls: CALLS.filter(({ sees }) => sees === 'nothing') })).toBe(0);
  });

  test('take up each theme once in a few rounds, whatever the seed', () => {
    const ids = new Set<string>();
    const made = deep(everything);
    for (let i = 0; i < 20_000; i++) {
      const theme = made.themeOf(12_345, i, 'parallel');
      if (theme) ids.add(`${theme.structure}-${theme.phase}-beside-${theme.beside.name}`);
    }
    // Besides, calls of the other side are in some of them.
    const own = themes.map(({ structure, phase, beside }) => `${structure}-${phase}-beside-${beside.name}`);
    expect(own.filter((id) => !ids.has(id))).toEqual([]);
    expect(ids.size).toBeGreaterThan(own.length);
  });
});
