import pc from 'picocolors';
import { VOCABULARY } from '../../../reference/contract.ts';
import { NOTHING } from '../../../reference/model/view.ts';
import { type Address, printAddress } from '../../../reference/notation/address.ts';
import { printFrame } from '../../../reference/notation/frame.ts';
import { parseStep } from '../../../reference/notation/parse.ts';
import { NotationError, Scanner } from '../../../reference/notation/scanner.ts';
import { UsageError } from '../../common/errors.ts';
import { printPage } from './state.ts';
import type { Moment, Story } from './story.ts';
import { textOf } from './terminal.ts';
import type { EntryState } from './translations.ts';

/**
 * Reads an address as the notation writes it.
 * @throws UsageError if the text is not an address.
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

const STATES: Readonly<Record<EntryState, string>> = {
  held: '',
  stale: ' (stale)',
  overdue: ' (must be gone)',
  wrong: ' (WRONG)',
};

/** What is mapped at one page at one moment, and what each CPU may still reach there. */
function cells(story: Story, moment: Moment, location: number): string[] {
  const table = story.ranges.findLast(
    (range) =>
      location >= range.start &&
      location < range.start + range.pages &&
      moment.ranges.get(range.name)?.state === 'live',
  );
  const page = table ? moment.ranges.get(table.name)!.frames[location - table.start] : NOTHING;
  const parts = [`mapped: ${printPage(page)}`];
  for (let cpu = 0; cpu < story.cpus; cpu++) {
    const held = story.entries.filter((entry) => {
      const range = story.ranges.find((one) => one.name === entry.range);
      return entry.cpu === cpu && range && range.start + entry.page === location && moment.entries.has(entry.key);
    });
    const words = held.map((entry) => `${printFrame(entry.frame)}${STATES[moment.entries.get(entry.key)!]}`);
    parts.push(`CPU ${cpu}: ${words.length === 0 ? '-' : words.join(', ')}`);
  }
  return parts;
}

/** Rows of cells, each column as wide as its widest cell. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
}

/**
 * Follows the page of one address through all steps.
 * @throws UsageError if the trace never binds the name in the address.
 */
export function watch(story: Story, address: Address): string {
  const name = `${address.base}${address.index}`;
  const range = story.ranges.find((one) => one.name === name);
  if (!range) {
    const there = story.ranges.map((one) => one.name).join(', ') || 'none';
    throw new UsageError(`${printAddress(address)} is bound by no step of the trace; bound are: ${there}`);
  }
  const page = Math.floor(address.offset / story.page);
  const pages = range.pages === 1 ? '1 page' : `${range.pages} pages`;
  const outside = page < 0 || page >= range.pages ? `, outside of ${name} (${pages})` : '';
  const rows = story.moments.map((moment) => {
    const step = `${moment.step + 1} ${textOf(moment)}`;
    return [step.length > 60 ? `${step.slice(0, 57)}...` : step, ...cells(story, moment, range.start + page)];
  });
  return [
    `${printAddress(address)}${outside}, after each step:`,
    ...table(rows).map((row, at) => (story.moments[at].offending ? pc.red(`> ${row}`) : `  ${row}`)),
  ].join('\n');
}
