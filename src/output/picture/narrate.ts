import type { MappedRange } from '../../../reference/model/view.ts';
import { printLocation } from '../../../reference/notation/outcome.ts';
import { isUnsure, isVma, mapsNothing, printMapped, type RangeView, type State } from './state.ts';
import { type Entry, printEntry } from './translations.ts';

/** Keys of translations that a CPU used at an earlier moment, and of those that it was later seen to be without. */
export interface Seen {
  readonly used: ReadonlySet<string>;
  readonly dropped: ReadonlySet<string>;
}

/** Names of ranges that had some of a range's addresses before. */
const predecessors = (range: MappedRange, ranges: readonly MappedRange[]): string[] =>
  ranges
    .slice(0, ranges.indexOf(range))
    .filter(({ start, pages }) => start < range.start + range.pages && range.start < start + pages)
    .map(({ name }) => name);

function mapping(range: MappedRange, { frames }: RangeView, ranges: readonly MappedRange[], page: number): string {
  const size = range.pages === 1 ? '1 page' : `${range.pages} pages`;
  const before = predecessors(range, ranges);
  const where = before.length > 0 ? `, where ${before.join(' and ')} ${before.length > 1 ? 'were' : 'was'}` : '';
  const at = `${printLocation(range.start, 0, page)}${where}, ${size}`;
  if (!isVma(range)) return `${range.name} is mapped at ${at}: ${printMapped(frames)}`;
  return `${range.name} is a VMA at ${at}; ${mapsNothing(frames) ? 'nothing is mapped in it' : `it maps ${printMapped(frames)}`}`;
}

function change(range: MappedRange, before: RangeView, after: RangeView): string | undefined {
  const { name } = range;
  if (after.state === 'ended' && before.state !== 'ended') return `${name} is unmapped; old translations may linger`;
  if (after.state === 'gone' && before.state !== 'gone') {
    if (before.state === 'ended') return `no CPU may use an old translation of ${name} any more`;
    return isVma(range)
      ? `the VMA ${name} is gone; no CPU may reach what was mapped in it`
      : `${name} is unmapped; no CPU may reach what it mapped`;
  }
  if (before.frames === after.frames) return undefined;
  if (after.state === 'empty') return `nothing is mapped in ${name} now`;
  return `${name} ${after.frames.some(isUnsure) ? 'may map' : 'maps'} ${printMapped(after.frames)} now`;
}

/** What happened between two states, in sentences without a full stop. */
export function narrate(
  ranges: readonly MappedRange[],
  entries: readonly Entry[],
  before: State,
  after: State,
  page: number,
  seen: Seen,
): string[] {
  const notes: string[] = [];
  for (const range of ranges) {
    const view = after.ranges.get(range.name);
    const old = before.ranges.get(range.name);
    const note = view && (old ? change(range, old, view) : mapping(range, view, ranges, page));
    if (note) notes.push(note);
  }
  for (const entry of entries) {
    const was = before.entries.get(entry.key);
    const is = after.entries.get(entry.key);
    if (was === is) continue;
    const who = `CPU ${entry.cpu}`;
    if (is === 'held') notes.push(`${who} uses the translation ${printEntry(entry)}`);
    else if (is === 'stale') notes.push(`${who} may still hold ${printEntry(entry)}`);
    else if (is === 'wrong') {
      const uses = seen.used.has(entry.key) ? 'still uses' : 'reaches';
      notes.push(`${who} ${uses} ${printEntry(entry)}, which it must not reach here`);
    } else
      notes.push(
        `${who} ${seen.dropped.has(entry.key) ? 'no longer holds' : 'must no longer hold'} ${printEntry(entry)}`,
      );
  }
  return notes;
}
