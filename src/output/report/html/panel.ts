import { type MappedRange, NOTHING, type PageState } from '../../../../reference/model/view.ts';
import { printLocation } from '../../../../reference/notation/outcome.ts';
import { isUnsure, isVma, printMapped, printPage, type RangeState, type RangeView } from '../../picture/state.ts';
import type { Moment, Story } from '../../picture/story.ts';
import { type EntryState, printEntry } from '../../picture/translations.ts';
import { code, escaped } from './markup.ts';

/** The state after one moment: what each CPU may reach, and the address space. */

const ENTRY: Readonly<Record<EntryState, string>> = {
  held: 'mapped',
  stale: 'unmapped, may linger',
  overdue: 'must be gone',
  wrong: 'must not be reached',
};
const RANGE: Readonly<Record<RangeState, string>> = {
  live: 'mapped',
  empty: 'nothing mapped in it',
  ended: 'unmapped, not yet flushed',
  gone: 'gone',
};

/** Pages shown one by one; longer ranges are written out. */
const CELLS = 16;

function cpu(story: Story, at: number, number: number): string {
  const moment = story.moments[at];
  const before = story.moments[at - 1];
  const held = story.entries.filter((entry) => entry.cpu === number && moment.entries.has(entry.key));
  const items = held.map((entry) => {
    const state = moment.entries.get(entry.key)!;
    const fresh = before?.entries.get(entry.key) === state ? '' : ' fresh';
    return `<li class="${state}${fresh}">${code(printEntry(entry))} <small>${ENTRY[state]}</small></li>`;
  });
  const seen = story.moments
    .slice(0, at + 1)
    .some(({ entries }) => story.entries.some(({ cpu, key }) => cpu === number && entries.has(key)));
  const none = seen ? 'nothing that was seen' : 'nothing seen yet';
  const list = items.length > 0 ? `<ul>${items.join('')}</ul>` : `<p class="none">${none}</p>`;
  return `<section><h5>CPU ${number}</h5>${list}</section>`;
}

/** A page, marked where the step is about it. */
const cellOf = (mapped: PageState, page: number, mark: string): string =>
  `<i title="page ${page}"${mark}>${mapped === NOTHING ? '&#183;' : escaped(printPage(mapped))}</i>`;

function range(one: MappedRange, view: RangeView, before: RangeView | undefined, page: number, moment: Moment): string {
  const fresh = before?.state === view.state && before.frames === view.frames ? '' : ' fresh';
  const { place, offending } = moment;
  const mark = (n: number): string =>
    place?.range === one.name && place.page === n ? ` class="${offending ? 'about offending' : 'about'}"` : '';
  const pages =
    one.pages <= CELLS
      ? `<div class="pages">${view.frames.map((frame, n) => cellOf(frame, n, mark(n))).join('')}</div>`
      : `<div>${code(printMapped(view.frames))}</div>`;
  return `<li class="${view.state}${fresh}"><b>${one.name}</b> ${code(printLocation(one.start, 0, page))} <small>${rangeText(one, view)}</small>${pages}</li>`;
}

/** How large an area or a VMA is, and what is mapped in it: `VMA of 4 pages, 2 of them mapped`. */
function rangeText(one: MappedRange, { state, frames }: RangeView): string {
  const size = `${isVma(one) ? 'VMA' : 'area'} of ${one.pages === 1 ? '1 page' : `${one.pages} pages`}`;
  if (!isVma(one) || state !== 'live' || one.pages === 1) return `${size}, ${RANGE[state]}`;
  const mapped = frames.filter((frame) => frame !== NOTHING).length;
  if (frames.some(isUnsure)) return `${size}, at most ${mapped} of them mapped`;
  return mapped === one.pages ? `${size}, all mapped` : `${size}, ${mapped} of them mapped`;
}

/** The state after moment `index`; hidden unless it is `shown`. */
export function panel(story: Story, index: number, shown: boolean): string {
  const moment = story.moments[index];
  const before = story.moments[index - 1];
  const cpus = Array.from({ length: story.cpus }, (_, number) => cpu(story, index, number));
  const present = story.ranges.filter((one) => moment.ranges.has(one.name)).toSorted((a, b) => a.start - b.start);
  const space = present.map((one) => {
    const view = moment.ranges.get(one.name)!;
    return range(one, view, before?.ranges.get(one.name), story.page, moment);
  });
  const step = `${moment.step + 1}: @${moment.cpu} ${moment.text}`;
  const outcome = moment.outcome === '' ? ' (called)' : ` => ${moment.outcome}`;
  return `<div class="state" data-state="${index}"${shown ? '' : ' hidden'}>
<h4>after step ${code(step + outcome)}</h4>
<div class="cpus">${cpus.join('')}</div>
<section><h5>addresses, lowest first</h5>${space.length > 0 ? `<ul class="space">${space.join('')}</ul>` : '<p class="none">no area and no VMA yet</p>'}</section>
</div>`;
}
