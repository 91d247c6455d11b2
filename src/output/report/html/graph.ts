import type { Moment, Story } from '../../picture/story.ts';
import { type Entry, printEntry } from '../../picture/translations.ts';
import { code, escaped } from './markup.ts';

/**
 * The picture: time from top to bottom, a lane per CPU with the translations that it was seen to use, then the areas
 * and VMAs. Every line is a grid of narrow cells, and each cell draws the halves of a bar before and after the moment.
 */

interface Column {
  readonly kind: 'cpu' | 'entry' | 'range';
  /** CPU number, key of the entry or name of the range. */
  readonly key: string;
  readonly cpu: number;
  readonly label: string;
}

function columnsOf(story: Story): Column[] {
  const columns: Column[] = [];
  for (let cpu = 0; cpu < story.cpus; cpu++) {
    columns.push({ kind: 'cpu', key: `cpu${cpu}`, cpu, label: `CPU ${cpu}` });
    for (const entry of story.entries)
      if (entry.cpu === cpu) columns.push({ kind: 'entry', key: entry.key, cpu, label: printEntry(entry) });
  }
  for (const { name } of story.ranges) columns.push({ kind: 'range', key: name, cpu: -1, label: name });
  return columns;
}

/** The style sets the widths, since a phone has less room. */
const WIDTH = { cpu: 'var(--cpu)', entry: 'var(--entry)', range: 'var(--range)' };

/** With more columns the text goes below them, since there is no room beside them. */
const MAX_COLUMNS_BESIDE_TEXT = 18;

/** The grid of every line: number, columns, text. */
const template = (columns: readonly Column[]): string =>
  `var(--number) ${columns.map(({ kind }) => `minmax(var(--least), ${WIDTH[kind]})`).join(' ')} minmax(var(--text), 1fr)`;

const stateOf = (column: Column, moment: Moment | undefined): string => {
  if (!moment) return '';
  if (column.kind === 'entry') return moment.entries.get(column.key) ?? '';
  const state = moment.ranges.get(column.key)?.state ?? '';
  return state === 'gone' ? '' : state;
};

/** Whether the offending step reached a range that is gone. */
const reachedWhenGone = (column: Column, moment: Moment, entries: readonly Entry[]): boolean =>
  moment.offending &&
  entries.some(
    ({ key, range }) => range === column.key && moment.entries.get(key) === 'wrong' && moment.touches.includes(key),
  );

function cell(story: Story, column: Column, at: number, before: Moment | undefined, moment: Moment): string {
  const place = `style="grid-column:${at}"`;
  if (column.kind === 'cpu') {
    const acts = moment.cpu === column.cpu;
    const runs = moment.running.includes(column.cpu);
    const ran = before?.running.includes(column.cpu) ?? false;
    return `<i class="lane${ran ? ' t-run' : ''}${runs ? ' b-run' : ''}${acts ? ' acts' : ''}" ${place}></i>`;
  }
  const top = stateOf(column, before);
  const bottom = stateOf(column, moment);
  const touched = moment.touches.includes(column.key);
  const ghost = column.kind === 'range' && reachedWhenGone(column, moment, story.entries);
  if (top === '' && bottom === '' && !touched && !ghost) return '';
  const names = [column.kind, top && `t-${top}`, bottom && `b-${bottom}`, touched && 'touched', ghost && 'ghost'];
  return `<i class="${names.filter(Boolean).join(' ')}" ${place}></i>`;
}

/** A line from the CPU to the translation that its step used, and to the range that it leads to. */
function wire(columns: readonly Column[], moment: Moment, entries: readonly Entry[]): string {
  const used = entries.filter((entry) => entry.cpu === moment.cpu && moment.touches.includes(entry.key));
  const ends = [...moment.touches, ...used.map((entry) => entry.range)];
  const at = ends.map((key) => columns.findIndex((column) => column.key === key)).filter((n) => n >= 0);
  if (at.length === 0) return '';
  const lane = columns.findIndex((column) => column.kind === 'cpu' && column.cpu === moment.cpu);
  const [from, to] = [Math.min(lane, ...at) + 2, Math.max(lane, ...at) + 3];
  return `<i class="wire" style="grid-column:${from}/${to}"></i>`;
}

function line(story: Story, columns: readonly Column[], index: number, culprit: string): string {
  const moment = story.moments[index];
  const before = story.moments[index - 1];
  const cells = columns.map((column, n) => cell(story, column, n + 2, before, moment)).join('');
  const step = `@${moment.cpu} ${moment.text}`;
  const phase = moment.phase === 'call' ? ' is called' : '';
  const outcome = moment.outcome === '' ? phase : ` ${code(`=> ${moment.outcome}`, 'outcome')}`;
  const breach = moment.offending && story.violation ? breachText(story) : '';
  const notes = moment.notes.map((note) => `<span>${escaped(note)}</span>`).join('');
  return `<li class="moment${moment.offending ? ' offending' : ''}"${moment.offending ? ` id="${culprit}"` : ''} data-step="${moment.step + 1}" data-line="${index + 1}" tabindex="-1">
<b class="number">${moment.step + 1}</b>${wire(columns, moment, story.entries)}${cells}
<div class="text">${code(step)}${outcome}${breach}<small>${notes}</small></div></li>`;
}

function breachText(story: Story): string {
  const { clause, allowed } = story.violation!;
  return `<strong class="breach">breaks ${escaped(clause.id)}: allowed ${escaped(allowed)}</strong>`;
}

function heading(story: Story, columns: readonly Column[]): string {
  const labels = columns.map(
    ({ kind, label }, n) => `<i class="label ${kind}" style="grid-column:${n + 2}"><span>${escaped(label)}</span></i>`,
  );
  const mapped = story.ranges.length > 0 ? ', then the areas and VMAs' : '';
  return `<div class="heading" aria-hidden="true"><b class="number"></b>${labels.join('')}<div class="text"><small>a lane per CPU with the translations that it was seen to use${mapped}</small></div></div>`;
}

/** How the offending step relates to the others of its parallel block. */
export function whyHtml({ why, violation }: Story): string {
  const groups = why.map(({ title, lines, ordered }) => {
    const items = lines.map(({ step, text, note }) => {
      const breach = step === violation?.step ? ' class="breach"' : '';
      return `<li${breach}>step ${step + 1}: ${code(text)}${note === '' ? '' : ` <small>${escaped(note)}</small>`}</li>`;
    });
    const list = ordered ? 'ol' : 'ul';
    return `<h4>${escaped(title)}</h4><${list}>${items.join('')}</${list}>`;
  });
  return groups.length === 0 ? '' : `<section class="why">${groups.join('')}</section>`;
}

/** The picture of a story, moments `[from, end)`; `culprit` is the id of the line that breaks the contract. */
export function graph(story: Story, from: number, culprit: string): string {
  const columns = columnsOf(story);
  const lines = story.moments.slice(from).map((_, n) => line(story, columns, from + n, culprit));
  const layout = columns.length > MAX_COLUMNS_BESIDE_TEXT ? 'graph below' : 'graph';
  return `<div class="scroll" tabindex="0" role="group" aria-label="the steps in order of time"><div class="${layout}" style="--grid:${template(columns)}">
${heading(story, columns)}
<ol start="${from + 1}">
${lines.join('\n')}
</ol></div></div>`;
}
