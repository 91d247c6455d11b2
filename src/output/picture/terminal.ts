import pc from 'picocolors';
import { wrap } from '../../common/words.ts';
import { isUnsure, type RangeState } from './state.ts';
import type { Moment, Story } from './story.ts';
import { type EntryState, printEntry } from './translations.ts';

/** The picture in plain characters: one line for each moment, one column for each translation and each range. */

/** The most characters of a step, and of a note about it, so that a line is not much longer than 80 characters. */
const MAX_TEXT = 72;
const MAX_NOTE = 76;
const ENTRY: Readonly<Record<EntryState, string>> = { held: '|', stale: ':', overdue: '!', wrong: 'X' };
const RANGE: Readonly<Record<RangeState, string>> = { live: '|', empty: 'o', ended: ':', gone: ' ' };

const LEGEND = [
  '|  mapped, and seen to be used     :  unmapped, may still be used',
  '!  must be gone, and is not        X  used, and must not be',
  '*  the CPU that the step runs on   <  what the step changed, used or is about',
];

const OVERLAPS = '... a step that overlaps others: it is called on one line, and returns on another';

const EMPTY_VMA = 'o  a VMA in which nothing is mapped';

const UNSURE = 'f0|-  a page that maps one of these; which one depends on the order of calls that overlap';

/** Columns of the picture: one for each translation, by CPU, then one for each range. */
interface Columns {
  readonly letters: ReadonlyMap<string, string>;
  /** Keys of the translations of each CPU. */
  readonly lanes: readonly (readonly string[])[];
  readonly names: readonly string[];
}

/** `A`, `B` ... `Z`, `A1` ... */
const letter = (n: number): string => String.fromCharCode(65 + (n % 26)) + (n < 26 ? '' : Math.floor(n / 26));

function columnsOf(story: Story): Columns {
  const lanes = Array.from({ length: story.cpus }, (_, cpu) =>
    story.entries.filter((entry) => entry.cpu === cpu).map((entry) => entry.key),
  );
  return {
    letters: new Map(lanes.flat().map((key, n) => [key, letter(n)])),
    lanes,
    names: story.ranges.map((range) => range.name),
  };
}

const cell = (mark: string, touched: boolean): string => `${mark}${touched ? '<' : ' '} `;

function lane(columns: Columns, cpu: number, moment: Moment): string {
  const acting = moment.cpu === cpu ? '*' : moment.running.includes(cpu) ? '|' : ' ';
  const cells = columns.lanes[cpu].map((key) => {
    const state = moment.entries.get(key);
    const text = cell(state ? ENTRY[state] : ' ', moment.touches.includes(key));
    // The colour does not cover blanks, so that the end of a line can be trimmed.
    return state === 'wrong' ? text.replace(/\S+/, pc.red) : text;
  });
  return `${acting}  ${cells.join('')}`;
}

function ranges(columns: Columns, moment: Moment): string {
  const cells = columns.names.map((name) => {
    const view = moment.ranges.get(name);
    return cell(view ? RANGE[view.state] : ' ', moment.touches.includes(name)).padEnd(name.length + 1);
  });
  return cells.join('');
}

function heading(columns: Columns, width: number): string[] {
  const top: string[] = [];
  const under: string[] = [];
  for (const [cpu, keys] of columns.lanes.entries()) {
    const size = Math.max(3 + 3 * keys.length, 6);
    top.push(`CPU ${cpu}`.padEnd(size));
    under.push(`   ${keys.map((key) => columns.letters.get(key)!.padEnd(3)).join('')}`.padEnd(size));
  }
  const names = columns.names.map((name) => name.padEnd(Math.max(3, name.length + 1))).join('');
  return [
    `${' '.repeat(width)}${top.join('')}${names === '' ? '' : 'areas and VMAs'}`,
    `${' '.repeat(width)}${under.join('')}${names}`,
  ];
}

/** The step of a moment as one line, with `...` after its call or before its return if it overlaps others. */
export function textOf(moment: Moment): string {
  const step = `@${moment.cpu} ${moment.text}`;
  if (moment.phase === 'call') return `${step} ...`;
  const full = moment.phase === 'return' ? `... ${step} => ${moment.outcome}` : `${step} => ${moment.outcome}`;
  return full.length <= MAX_TEXT ? full : `${full.slice(0, MAX_TEXT - 3)}...`;
}

/** The clause that the offending step breaks, and what was allowed. */
function breach(story: Story): string[] {
  const { violation } = story;
  if (!violation) return [];
  return [`breaks ${violation.clause.id}: ${violation.clause.sentence}`, `allowed: ${violation.allowed}`];
}

/** Why the offending step cannot be right beside the others of its parallel block. */
function overlap({ why, violation }: Story): string[] {
  return why.flatMap(({ title, lines, ordered }) => [
    '',
    `${title}:`,
    ...lines.map(({ step, text, note }, n) => {
      const mark = step === violation?.step ? 'X' : ordered ? `${n + 1}.` : '';
      const line = `${mark.padStart(5)} step ${String(step + 1).padEnd(3)} ${text}${note === '' ? '' : `   ${note}`}`;
      return step === violation?.step ? pc.red(line) : line;
    }),
  ]);
}

const hasEmptyVma = ({ ranges }: Moment): boolean => [...ranges.values()].some(({ state }) => state === 'empty');

const isUnsureAt = ({ ranges }: Moment): boolean => [...ranges.values()].some(({ frames }) => frames.some(isUnsure));

/** The whole story, as lines of text. */
export function picture(story: Story): string {
  const columns = columnsOf(story);
  const texts = story.moments.map(textOf);
  const digits = String(story.moments.length).length;
  const width = Math.max(20, ...texts.map((text) => text.length)) + digits + 3;
  const lines = heading(columns, width).map((line) => line.trimEnd());
  for (const [n, moment] of story.moments.entries()) {
    const step = `${String(moment.step + 1).padStart(digits)} ${texts[n]}`.padEnd(width);
    const cpus = columns.lanes.map((keys, cpu) => {
      const plain = Math.max(3 + 3 * keys.length, 6) - (3 + 3 * keys.length);
      return lane(columns, cpu, moment) + ' '.repeat(plain);
    });
    const graph = `${cpus.join('')}${ranges(columns, moment)}`;
    lines.push(`${moment.offending ? pc.red(step) : step}${graph}`.trimEnd());
    const addNotes = (notes: readonly string[], colour: (text: string) => string): void => {
      for (const note of notes)
        for (const line of wrap(note, MAX_NOTE - digits, '').split('\n'))
          lines.push(`${' '.repeat(digits + 3)}${colour(line)}`);
    };
    addNotes(moment.notes, pc.dim);
    if (moment.offending) addNotes(breach(story), pc.red);
  }
  const keys = [...columns.letters].map(([key, name]) => {
    const entry = story.entries.find((one) => one.key === key)!;
    return `${name.padEnd(3)}CPU ${entry.cpu}: ${printEntry(entry)}`;
  });
  const legend = [
    ...LEGEND,
    ...(story.moments.some(hasEmptyVma) ? [EMPTY_VMA] : []),
    ...(story.moments.some(({ phase }) => phase === 'call') ? [OVERLAPS] : []),
    ...(story.moments.some(isUnsureAt) ? [UNSURE] : []),
  ];
  const stops = story.stops === '' ? [] : ['', ...wrap(`schedule: ${story.stops}`, MAX_NOTE, '  ').split('\n')];
  return [...lines, ...overlap(story), ...stops, '', ...keys, ...legend.map((line) => pc.dim(line))].join('\n');
}
