import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { profileNamed } from '../reference/profiles/profiles.ts';
import type { Traits } from '../reference/profiles/traits.ts';
import { generator } from '../src/programs/generate/index.ts';
import { StateTally } from '../src/programs/states/count.ts';
import { SIZES } from '../src/programs/states/sizes.ts';
import { STATES } from '../src/programs/states/vocabulary.ts';
import { agree } from '../src/targets/agreement.ts';
import { embedded } from '../src/targets/embedded/index.ts';
import { median } from './oracle.ts';

/** `npm run bench:states`: programs that are drawn until each state of the vocabulary is reached. */

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '20000' },
    seeds: { type: 'string', default: '5' },
    output: { type: 'string' },
  },
});
const PROGRAMS = Number(values.programs);
const SEEDS = Number(values.seeds);

/** For each state the first program of one seed that reaches it, from 1; 0 if none does. */
function firsts(traits: Traits, seed: number): number[] {
  const { page, calls, can } = embedded('lazy')!.manifest;
  const draw = generator({ traits, cpus: 3, frames: 64, page, calls, can, warnings: true, parallel: 75, sizes: SIZES });
  const tally = new StateTally(page);
  for (let i = 0; i < PROGRAMS; i++) tally.see(draw(seed, i));
  return STATES.map((_, state) => tally.first(state));
}

const targets: readonly (readonly [string, Traits])[] = [
  ['embedded', agree(embedded('lazy')!.manifest).traits],
  ['linux-6.12', profileNamed('linux-6.12').traits],
];
const lines = [
  '# States',
  '',
  `Written by \`npm run bench:states -- --programs ${PROGRAMS} --seeds ${SEEDS}\`. Programs drawn until each state is first`,
  `reached: the median of the seeds 1 to ${SEEDS}, then the number of seeds that reached it within ${PROGRAMS} programs.`,
  '',
];
const tables = targets.map(([name, traits]) => {
  const seeds = Array.from({ length: SEEDS }, (_, i) => firsts(traits, i + 1));
  const reached = STATES.map((_, state) => seeds.map((seed) => seed[state]).filter((first) => first > 0));
  const all = reached.filter(({ length }) => length === SEEDS).length;
  const any = reached.filter(({ length }) => length > 0).length;
  lines.push(`* ${name}: ${all} of ${STATES.length} states reached from every seed, ${any} from at least one.`);
  return reached;
});
lines.push('', `| state | ${targets.map(([name]) => `${name} | seeds`).join(' | ')} |`);
lines.push(`| --- | ${targets.map(() => '---: | ---:').join(' | ')} |`);
for (const [state, { id }] of STATES.entries()) {
  const cells = tables.map((table) => {
    const firstOf = table[state];
    return `${firstOf.length > 0 ? median(firstOf) : '-'} | ${firstOf.length}/${SEEDS}`;
  });
  lines.push(`| ${id} | ${cells.join(' | ')} |`);
}
const text = `${lines.join('\n')}\n`;
if (values.output) writeFileSync(values.output, text);
else process.stdout.write(text);
