import { VOCABULARY } from '../../reference/contract.ts';
import { type Address, printAddress } from '../../reference/notation/address.ts';
import { printFrame } from '../../reference/notation/frame.ts';
import { parseStep } from '../../reference/notation/parse.ts';
import { NotationError, Scanner } from '../../reference/notation/scanner.ts';
import { UsageError } from '../cli/exit.ts';
import type { Moment, Story } from './story.ts';
import { NOTHING } from './world.ts';

/**
 * An address as the notation writes it.
 * @throws UsageError where it is none.
 */
export function readAddress(text: string): Address {
  try {
    const scanner = new Scanner(`@0 read ${text}`, 1);
    const { args } = parseStep(scanner, VOCABULARY);
    scanner.end();
    return args[0] as Address;
  } catch (error) {
    if (error instanceof NotationError) throw new UsageError(`address ${text}: expected one such as a0+0x3000`);
    throw error;
  }
}

/** What one moment says about one page: what is mapped there, and what each CPU may still reach. */
function line(story: Story, moment: Moment, location: number): string {
  const table = story.ranges.findLast(
    (range) =>
      location >= range.start &&
      location < range.start + range.pages &&
      moment.ranges.get(range.name)?.state === 'live',
  );
  const frame = table ? moment.ranges.get(table.name)!.frames[location - table.start] : NOTHING;
  const parts = [`mapped: ${frame === NOTHING ? '-' : printFrame(frame)}`];
  for (let cpu = 0; cpu < story.cpus; cpu++) {
    const held = story.entries.filter((entry) => {
      const range = story.ranges.find((one) => one.name === entry.range);
      return entry.cpu === cpu && range && range.start + entry.page === location && moment.entries.has(entry.key);
    });
    const words = held.map((entry) => {
      const state = moment.entries.get(entry.key)!;
      return `${printFrame(entry.frame)}${state === 'held' ? '' : state === 'stale' ? ' (stale)' : ' (WRONG)'}`;
    });
    parts.push(`CPU ${cpu}: ${words.length === 0 ? '-' : words.join(', ')}`);
  }
  return parts.join('   ');
}

/**
 * The page of one address, before the first step and after each.
 * @throws UsageError where the address is one of no range of the trace.
 */
export function watch(story: Story, address: Address): string {
  const name = `${address.base}${address.index}`;
  const range = story.ranges.find((one) => one.name === name);
  if (!range) {
    const there = story.ranges.map((one) => one.name).join(', ') || 'none';
    throw new UsageError(`${printAddress(address)} is bound by no step of the trace; bound are: ${there}`);
  }
  const location = range.start + Math.floor(address.offset / story.page);
  const rows = story.moments.map((moment) => {
    const phase = moment.phase === 'call' ? ' ...' : '';
    return { left: `${moment.step + 1} @${moment.cpu} ${moment.text}${phase}`, right: line(story, moment, location) };
  });
  const width = Math.min(60, Math.max(...rows.map((row) => row.left.length)));
  return [
    `${printAddress(address)}, after each step:`,
    ...rows.map(
      ({ left, right }) => `  ${left.length > 60 ? `${left.slice(0, 57)}...` : left.padEnd(width)}  ${right}`,
    ),
  ].join('\n');
}
