import { parseArgs } from 'node:util';
import { embedded } from '../src/targets/embedded/index.ts';
import { runCommands } from './commands.ts';
import { type Column, DEPTHS, depth } from './depth.ts';
import { growth } from './growth.ts';
import { BLOCKS, blockCost } from './parallel.ts';
import { SMALL, throughput } from './throughput.ts';

/** `npm run bench [-- --seeds N]`: what the kit's work costs, beside fc.commands with the same oracle, in one run. */

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '50' } } });
const seeds = Number(values.seeds);
const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const rate = (microseconds: number): string => `${Math.round(1e6 / microseconds).toLocaleString('en-US')} steps/s`;

say(`programs of ${SMALL.name}, at most ${SMALL.length} steps, even mix of all calls, lazy-vmap, one thread`);
for (const { what, microseconds } of throughput()) {
  say(`  ${what.padEnd(16)} ${microseconds.toFixed(3).padStart(8)} us a step  ${rate(microseconds).padStart(20)}`);
}
const baseline = runCommands(embedded('lazy')!, 1, 4000);
const each = (baseline.milliseconds * 1000) / baseline.steps;
say(`  ${'fc.commands'.padEnd(16)} ${each.toFixed(3).padStart(8)} us a step  ${rate(each).padStart(20)}`);

say('\ncost of judging a step beside so many live pages');
for (const live of [10, 100, 1000, 10_000]) {
  say(`  ${String(live).padStart(6)} ${growth(live).microseconds.toFixed(3).padStart(8)} us a step`);
}

say('\njudging one history of overlapping calls: median, and most, of 60');
for (const [lanes, steps] of BLOCKS) {
  const { milliseconds, most, unknown } = blockCost(lanes, steps);
  say(
    `  ${lanes} lanes x ${String(steps).padStart(3)} steps ${milliseconds.toFixed(3).padStart(8)} ms ${most.toFixed(3).padStart(8)} ms, ${unknown} unknown`,
  );
}

say(`\nto find and to shrink, seeds 1 to ${seeds}: medians; most executions; distinct final texts, and failures`);
say(`  ${''.padEnd(30)} found  programs  executions  most  length  texts  failures`);
const line = (name: string, c: Column): string =>
  `  ${name.padEnd(30)} ${String(c.found).padStart(5)} ${String(c.programs).padStart(9)} ${String(c.executions).padStart(11)} ${String(c.most).padStart(5)} ${String(c.length).padStart(7)} ${String(c.texts).padStart(6)} ${String(c.keys).padStart(8)}`;
for (const name of DEPTHS) {
  const row = depth(name, seeds);
  say(line(name, row.ours));
  say(line('  fc.commands', row.commands));
}
