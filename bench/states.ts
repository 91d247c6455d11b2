import { profileNamed } from '../reference/profiles/profiles.ts';
import { writeWhole } from '../src/common/files.ts';
import { type GeneratorOptions, generator } from '../src/programs/generate/index.ts';
import { StateTally } from '../src/programs/states/count.ts';
import { STATES } from '../src/programs/states/vocabulary.ts';
import { agree } from '../src/targets/agreement.ts';
import { embedded } from '../src/targets/embedded/index.ts';
import type { Sizes } from '../src/targets/sizes.ts';
import { median } from './quantile.ts';
import { clockSeeds, parseOptions, positive, refuse } from './script.ts';

/**
 * `npm run bench:states [-- --programs N --seeds N --clock N --most N --output FILE]`: programs that are drawn until each
 * state of the vocabulary is reached, from the seeds 1 to N and from N seeds that the clock draws. A state that some seed
 * does not reach is looked for in up to `--most` programs of one seed.
 */

const values = parseOptions('bench:states', {
  programs: { type: 'string', default: '20000' },
  seeds: { type: 'string', default: '5' },
  clock: { type: 'string', default: '0' },
  most: { type: 'string', default: '500000' },
  output: { type: 'string' },
});
const PROGRAMS = positive('programs', values.programs);
const MAX_PROGRAMS = positive('most', values.most);
const seedsIn = (option: 'seeds' | 'clock'): number => (values[option] === '0' ? 0 : positive(option, values[option]));
const seeds = [...Array.from({ length: seedsIn('seeds') }, (_, i) => i + 1), ...clockSeeds(seedsIn('clock'))];
if (seeds.length === 0) refuse('no seeds: --seeds or --clock must be above 0');

/** A kind of target for which programs are drawn. */
interface Kind {
  readonly name: string;
  readonly options: GeneratorOptions;
  readonly sizes: Sizes;
  /** Why some states cannot be reached: the start of their ids, and the reason. */
  readonly never: Readonly<Record<string, string>>;
}

const { manifest } = embedded('lazy')!;
const shared = { ...manifest, cpus: 3, frames: 64 };
/** Those of Debian's kernels for x86-64 with three CPUs. */
const LINUX_SIZES = { block: 256, lazy: 16_384, table: 512, huge: 512 };
const KINDS: readonly Kind[] = [
  {
    name: 'embedded',
    options: { ...shared, traits: agree(manifest).traits, parallel: 75, warnings: true },
    sizes: manifest.sizes as Sizes,
    never: {},
  },
  {
    name: 'linux-6.12',
    options: {
      ...shared,
      traits: profileNamed('linux-6.12').traits,
      can: new Set([
        ...['reread', 'counts', 'parallel', 'repeat', 'schedule', 'pick', 'warn', 'leaks'],
        ...['area_pages', 'area_page_lists', 'vmap_flags', 'allocated_pages', 'fork'],
      ]),
      parallel: 20,
      line: 4096,
      sizes: LINUX_SIZES,
    },
    sizes: { ...LINUX_SIZES, arena: Number.POSITIVE_INFINITY },
    never: { 'arena-full': 'the addresses of a 64-bit kernel do not run out' },
  },
];

/** For each state the first program of one seed that reaches it, from 1; 0 if no program does. Stops once all are reached. */
function firsts({ options, sizes }: Kind, seed: number, programs: number, wanted: readonly number[]): number[] {
  const draw = generator(options);
  const tally = new StateTally(options.page, sizes);
  for (let i = 0; i < programs; i++) {
    tally.see(draw(seed, i));
    if (i % 5000 === 0 && wanted.every((state) => tally.first(state) > 0)) break;
  }
  return STATES.map((_, state) => tally.first(state));
}

const all = STATES.map((_, state) => state);
const percent = (part: number): string => `${((100 * part) / STATES.length).toFixed(1)}%`;
const lines = [
  '# States',
  '',
  `Written by \`npm run bench:states -- --programs ${PROGRAMS} --seeds ${values.seeds} --clock ${values.clock}\`. Programs drawn until each state`,
  `is first reached: the median of the seeds, then the number of seeds that reached it within ${PROGRAMS} programs.`,
  '',
  `Seeds: ${seeds.join(', ')}.`,
  '',
];
const later: string[] = [];
const tables = KINDS.map((kind) => {
  const bySeed = seeds.map((seed) => firsts(kind, seed, PROGRAMS, all));
  const reached = all.map((state) => bySeed.map((found) => found[state]).filter((first) => first > 0));
  const each = bySeed.map((found) => found.filter((first) => first > 0).length);
  const fromAll = reached.filter(({ length }) => length === seeds.length).length;
  lines.push(
    `* ${kind.name}: ${percent(Math.min(...each))} to ${percent(Math.max(...each))} of ${STATES.length} states from one seed, ` +
      `${fromAll} (${percent(fromAll)}) from every seed.`,
  );
  const reason = ({ id }: (typeof STATES)[number]): string | undefined =>
    Object.entries(kind.never).find(([start]) => id.startsWith(start))?.[1];
  const missed = all.filter((state) => reached[state].length < seeds.length && !reason(STATES[state]));
  const found = missed.length > 0 ? firsts(kind, seeds[0], MAX_PROGRAMS, missed) : [];
  for (const state of missed)
    later.push(
      `| ${STATES[state].id} | ${kind.name} | ${found[state] > 0 ? found[state] : `not within ${MAX_PROGRAMS}`} |`,
    );
  for (const [start, why] of Object.entries(kind.never))
    later.push(`| ${start}, ${start}-beside-* | ${kind.name} | never: ${why} |`);
  return reached;
});
lines.push('', '## States that some seed did not reach', '');
lines.push(
  `The first program of seed ${seeds[0]} that reaches them.`,
  '',
  '| state | target | program |',
  '| --- | --- | ---: |',
  ...later,
);
lines.push('', '## All states', '', `| state | ${KINDS.map(({ name }) => `${name} | seeds`).join(' | ')} |`);
lines.push(`| --- | ${KINDS.map(() => '---: | ---:').join(' | ')} |`);
for (const [state, { id }] of STATES.entries()) {
  const cells = tables.map((table) => {
    const firstOf = table[state];
    return `${firstOf.length > 0 ? median(firstOf) : '-'} | ${firstOf.length}/${seeds.length}`;
  });
  lines.push(`| ${id} | ${cells.join(' | ')} |`);
}
const text = `${lines.join('\n')}\n`;
if (values.output !== undefined) writeWhole(values.output, text);
else process.stdout.write(text);
