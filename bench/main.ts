import { fileURLToPath } from 'node:url';
import { grouped } from '../src/common/words.ts';
import { BLOCKS, blockCost, EXECUTIONS } from './blocks.ts';
import { compareTimings, printRatios, type Ratio } from './compare.ts';
import { benchGenerate, MIXES } from './generate.ts';
import { growth } from './growth.ts';
import { compareRevisions } from './revisions.ts';
import { parseOptions, say } from './script.ts';
import { type Column, find, MUTANTS } from './seeded.ts';
import { MAX_PAGES, MAX_STEPS, ROUNDS, throughput } from './throughput.ts';
import { isTimed, measureTimings, readTimings, TIMED_SECTIONS, type Timings } from './timings.ts';
import { measureWire } from './wire.ts';

/**
 * `npm run bench [-- --only SECTION]`: measures the kit's speed, next to fc.commands with the same calls, model, target
 * and judge. Each section prints what its lines mean. `--json` prints times for machines, `--compare FILE` compares with
 * what `--json` printed earlier, and `--base REVISION` measures an older revision in turn with this tree. Exit code 1: a
 * line is slower by more than 10% in every one of at least 5 rounds.
 */

const us = (value: number): string => value.toFixed(3).padStart(8);

/** One part of the output. */
interface Section {
  /** Whether it is printed if no section is asked for. */
  readonly byDefault: boolean;
  print(seeds: number): void | Promise<void>;
}

const SECTIONS: Readonly<Record<string, Section>> = {
  throughput: {
    byDefault: true,
    print() {
      say('throughput: microseconds of processor time per step, and steps per second of it, in one thread');
      say(
        `random programs of up to ${MAX_STEPS} steps and ${MAX_PAGES} pages per mapping, an even mix of all calls, on`,
      );
      say(`embedded:lazy; the fastest of ${ROUNDS} rounds`);
      for (const { part, meaning, microseconds } of throughput()) {
        const rate = grouped(1e6 / microseconds).padStart(10);
        say(`  ${part.padEnd(12)} ${us(microseconds)} us ${rate} steps/s  ${meaning}`);
      }
    },
  },
  growth: {
    byDefault: true,
    print() {
      say('growth: microseconds of processor time to judge a step while this many other pages are live');
      for (const { live, microseconds } of growth()) say(`  ${grouped(live).padStart(6)} pages ${us(microseconds)} us`);
    },
  },
  blocks: {
    byDefault: true,
    print() {
      say('blocks: milliseconds of processor time to judge one execution of a parallel block');
      say(`the median and the maximum of ${EXECUTIONS} executions; open: executions that the judge gave no verdict on`);
      for (const [lanes, steps] of BLOCKS) {
        const { milliseconds, maxMilliseconds, unknown } = blockCost(lanes, steps);
        const size = `${lanes} lanes of ${String(steps).padStart(3)} steps`;
        say(`  ${size} ${us(milliseconds)} ms, at most ${us(maxMilliseconds)} ms, ${unknown} open`);
      }
    },
  },
  find: {
    byDefault: true,
    print(seeds) {
      say(`find: finding and shrinking seeded faults, seeds 1 to ${seeds}; counted in programs`);
      say(
        'found: seeds that found the fault; programs: until the first failure (median); shrink: programs run to shrink',
      );
      say(
        'it (median) and max; steps: of the shrunk program (median); texts: distinct shrunk programs, at best one for',
      );
      say('each of the failures. The second line of each fault is fc.commands.');
      say(`  ${'fault'.padEnd(28)} found programs  shrink    max  steps  texts failures`);
      for (const mutant of MUTANTS) {
        const { kit, commands } = find(mutant, seeds);
        say(findLine(mutant, kit));
        say(findLine('  fc.commands', commands));
      }
    },
  },
  generate: {
    byDefault: false,
    print() {
      say('generate: the cost of generating programs of several kinds, and what they consist of');
      for (const [name, options] of Object.entries(MIXES)) {
        const { microsecondsPerStep, microsecondsPerProgram, pagesPerStep, calls } = benchGenerate(options);
        say(
          `  ${name}: ${microsecondsPerStep.toFixed(3)} us per step, ${grouped(microsecondsPerProgram)} us per program,`,
        );
        say(`    ${pagesPerStep.toFixed(1)} pages per step, ${shares(calls)}`);
      }
    },
  },
  wire: {
    byDefault: false,
    async print() {
      const { steps, length, stepsPerSecond, kit, generate, judge, adapter } = await measureWire();
      const percent = ((100 * kit) / (kit + adapter)).toFixed(0);
      say(`wire: testing the adapter in C through a pipe, programs of ${length.toFixed(0)} steps on average`);
      say(`  ${grouped(stepsPerSecond)} steps/s generated, executed and judged (${grouped(steps)} steps)`);
      say('  microseconds of processor time per step:');
      say(
        `  kit      ${us(kit)} us, ${percent}% of the total: generate ${generate.toFixed(3)}, judge ${judge.toFixed(3)},`,
      );
      say(`           print, send and read ${(kit - generate - judge).toFixed(3)}`);
      say(`  adapter  ${us(adapter)} us, measured alone`);
    },
  },
};

function findLine(name: string, column: Column): string {
  const { found, programs, executions, maxExecutions, length, texts, keys } = column;
  const cells = [found, programs, executions, maxExecutions, length, texts, keys];
  const widths = [5, 8, 7, 6, 6, 6, 8];
  return `  ${name.padEnd(28)} ${cells.map((cell, i) => String(cell).padStart(widths[i])).join(' ')}`;
}

/** The share of each call in percent, the most frequent first. */
const shares = (calls: ReadonlyMap<string, number>): string =>
  [...calls].map(([call, share]) => `${call} ${(100 * share).toFixed(0)}%`).join(', ');

const USAGE = `usage: npm run bench -- [--only SECTION]... [--seeds N]
       npm run bench -- --json [--only SECTION]... [--rounds N]
       npm run bench -- --compare FILE | --base REVISION [--only SECTION]... [--rounds N]
sections: ${Object.keys(SECTIONS).join(', ')}; with --json, --compare and --base: ${TIMED_SECTIONS.join(', ')}`;

/** Ends with exit code 2. */
function refuse(problem: string): never {
  process.stderr.write(`${problem}\n${USAGE}\n`);
  process.exit(2);
}

const values = parseOptions(
  'bench',
  {
    seeds: { type: 'string', default: '50' },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    compare: { type: 'string' },
    base: { type: 'string' },
    rounds: { type: 'string', default: '5' },
  },
  USAGE,
);
const machine = values.json || values.compare !== undefined || values.base !== undefined;
if ([values.json, values.compare !== undefined, values.base !== undefined].filter(Boolean).length > 1)
  refuse('--json, --compare and --base exclude each other');
for (const option of ['seeds', 'rounds'] as const) {
  const value = Number(values[option]);
  if (!Number.isInteger(value) || value < 1) refuse(`--${option} ${values[option]} is not a whole number above 0`);
}
const rounds = Number(values.rounds);
const names =
  values.only ?? Object.keys(SECTIONS).filter((name) => SECTIONS[name].byDefault && (!machine || isTimed(name)));
for (const name of names) {
  if (!Object.hasOwn(SECTIONS, name)) refuse(`unknown section ${name}`);
  if (machine && !isTimed(name)) refuse(`section ${name} measures no time that --json, --compare and --base know`);
}
const timed = names.filter(isTimed);

/** Prints ratios. Ends with exit code 1 if a line is slower. */
function report(ratios: readonly Ratio[], explanation: string): void {
  if (ratios.length === 0) refuse('nothing to compare: the two measurements have no line in common');
  say(explanation);
  process.stdout.write(printRatios(ratios));
  const slower = ratios.filter((one) => one.slower).length;
  if (slower === 0) return;
  say(`${slower} of ${ratios.length} lines are slower by more than 10% in every round`);
  process.exitCode = 1;
}

const SPREAD = 'in parentheses: the least and the largest ratio of two rounds';

if (values.json) say(JSON.stringify(measureTimings(timed, rounds), null, 1));
else if (values.compare !== undefined) {
  let before: Timings;
  try {
    before = readTimings(values.compare);
  } catch (error) {
    refuse((error as Error).message);
  }
  const ratios = compareTimings(measureTimings(timed, rounds), before);
  report(ratios, `processor time now, as a multiple of that in ${values.compare}; above 1: slower now; ${SPREAD}`);
} else if (values.base !== undefined) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  try {
    const ratios = await compareRevisions(root, values.base, timed, rounds);
    report(ratios, `processor time now, as a multiple of that of ${values.base}; above 1: slower now; ${SPREAD}`);
  } catch (error) {
    process.stderr.write(`cannot measure ${values.base}: ${(error as Error).message}\n`);
    process.exitCode = 2;
  }
} else {
  for (const [at, name] of names.entries()) {
    if (at > 0) say('');
    await SECTIONS[name].print(Number(values.seeds));
  }
}
