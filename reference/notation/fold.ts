import { type Address, printAddress, printBytes } from './address.ts';
import { type FrameId, inOneRange } from './frame.ts';
import { type Outcome, printOutcome } from './outcome.ts';
import { printArgument, printBlockStart, printInterval, printStep } from './print.ts';
import type { Step, Trace } from './program.ts';
import type { Argument, Parameter } from './signature.ts';

/**
 * Prints a run of similar steps on one line, for people. The wire and saved files are never folded.
 *
 *     @0 a0..a15 = vm_map_ram f0..f63  => 0xffffc90000400000 (+0x40000 each)  x16
 *     @0 vm_unmap_ram a0..a15 64       => ok                                  x16
 *     @1 read a3 (+0x1000 each)        => f0 (+1 each)                        x8
 *
 * `x16` at the end of a line: there are sixteen such steps. From one step to the next, a name goes up or down by one
 * (`a0..a15`), or a number, frame, list of frames or address grows by the same amount. That amount follows the word
 * that it applies to: `(+4 each)`. For an address it applies to the offset, for a list to every frame. Everything else
 * is equal.
 */

/** One line of a folded text. */
export interface FoldedLine {
  readonly text: string;
  /** The first step on the line, and the number of steps; -1 and 0 for the lines that open and close a block. */
  readonly first: number;
  readonly count: number;
}

/** Shorter runs are printed step by step. */
const MIN_RUN = 3;

/** The differences from one step of a run to the next. */
interface Growth {
  readonly binds: number;
  /** By argument: the growth of the number in its name, and of its value or offset. */
  readonly names: readonly number[];
  readonly offsets: readonly number[];
  readonly outcome: number;
}

/** The common difference of two lists, element by element; undefined where there is none. */
function listGrowth(a: readonly unknown[], b: readonly unknown[]): number | undefined {
  if (a.length !== b.length) return undefined;
  if (a.length === 0) return 0;
  if (typeof a[0] !== 'number') return a.every((word, i) => word === b[i]) ? 0 : undefined;
  const growth = (b[0] as number) - a[0];
  const grows = (frame: FrameId, i: number): boolean =>
    (b[i] as FrameId) - frame === growth && inOneRange(frame, b[i] as FrameId);
  return (a as readonly FrameId[]).every(grows) ? growth : undefined;
}

/** The growth of an argument's name, and of its value or offset; undefined where the two do not fit a run. */
function argumentGrowth(
  { type }: Parameter,
  a: Argument | undefined,
  b: Argument | undefined,
): [number, number] | undefined {
  if (a === b) return [0, 0];
  if (typeof a === 'number' && typeof b === 'number')
    return type === 'frame' && !inOneRange(a, b) ? undefined : [0, b - a];
  if (Array.isArray(a) && Array.isArray(b)) {
    const growth = listGrowth(a, b);
    return growth === undefined ? undefined : [0, growth];
  }
  if (typeof a !== 'object' || typeof b !== 'object' || !('base' in a) || !('base' in b)) return undefined;
  if (a.base !== b.base || Math.abs(b.index - a.index) > 1) return undefined;
  return [b.index - a.index, b.offset - a.offset];
}

const ADDABLE = new Set(['frame', 'number']);

function outcomeGrowth(a: Outcome | undefined, b: Outcome | undefined, page: number): number | undefined {
  if (a === b) return 0;
  if (!a || !b || a.kind !== b.kind || a.text !== b.text || a.note !== b.note) return undefined;
  if (a.kind === 'address') return (b.value - a.value) * page + b.extra - a.extra;
  if (a.extra !== b.extra || (a.value !== b.value && !ADDABLE.has(a.kind))) return undefined;
  if (a.kind === 'frame' && !inOneRange(a.value, b.value)) return undefined;
  return b.value - a.value;
}

/** How step `i + 1` differs from step `i`; undefined where they do not fit a run. */
function growthAt(trace: Trace, i: number, page: number): Growth | undefined {
  const [a, b] = [trace.program.steps[i], trace.program.steps[i + 1]];
  if (a.cpu !== b.cpu || a.call !== b.call || Math.abs(b.binds - a.binds) > 1) return undefined;
  if (trace.times?.[i] || trace.times?.[i + 1]) return undefined;
  const outcome = outcomeGrowth(trace.outcomes[i], trace.outcomes[i + 1], page);
  if (outcome === undefined) return undefined;
  const names: number[] = [];
  const offsets: number[] = [];
  for (let n = 0; n < Math.max(a.args.length, b.args.length); n++) {
    const growth = argumentGrowth(a.call.parameters[n], a.args[n], b.args[n]);
    if (!growth) return undefined;
    names.push(growth[0]);
    offsets.push(growth[1]);
  }
  return { binds: b.binds - a.binds, names, offsets, outcome };
}

const sameGrowth = (a: Growth, b: Growth | undefined): boolean =>
  b !== undefined &&
  a.binds === b.binds &&
  a.outcome === b.outcome &&
  a.names.every((growth, i) => growth === b.names[i]) &&
  a.offsets.every((growth, i) => growth === b.offsets[i]);

const each = (growth: number, hex: boolean): string => {
  const size = hex ? printBytes(Math.abs(growth)) : String(Math.abs(growth));
  return growth === 0 ? '' : ` (${growth < 0 ? '-' : '+'}${size} each)`;
};

const names = (base: string, index: number, growth: number, count: number): string =>
  growth === 0 ? `${base}${index}` : `${base}${index}..${base}${index + growth * (count - 1)}`;

function foldArgument(parameter: Parameter, value: Argument, name: number, offset: number, count: number): string {
  if (typeof value !== 'object' || !('base' in value)) {
    return printArgument(parameter, value) + each(offset, parameter.type === 'bytes');
  }
  const address: Address = value;
  const written = printAddress(address);
  const bare = `${address.base}${address.index}`;
  const run = name === 0 ? written : names(address.base, address.index, name, count) + written.slice(bare.length);
  return run + each(offset, true);
}

function foldStep(step: Step, growth: Growth, count: number): string {
  let text = `@${step.cpu} `;
  if (step.binds >= 0) text += `${names(step.call.binds!, step.binds, growth.binds, count)} = `;
  text += step.call.name;
  step.call.parameters.forEach((parameter, n) => {
    const value = step.args[n];
    if (value === undefined) return;
    const word = foldArgument(parameter, value, growth.names[n], growth.offsets[n], count);
    if (parameter.optional) text += ` ${parameter.name}=${word}`;
    else if (word !== '') text += ` ${word}`;
  });
  return text;
}

/**
 * Folds a trace, or a program given as a trace without outcomes.
 * @param page page size in bytes.
 * @param apart indices of steps that get a line of their own: those that a report points at.
 */
export function fold(trace: Trace, page = 4096, apart: ReadonlySet<number> = new Set()): FoldedLine[] {
  const { steps, blocks } = trace.program;
  const lines: { step: string; outcome: string; first: number; count: number }[] = [];
  const mark = (step: string): unknown => lines.push({ step, outcome: '', first: -1, count: 0 });
  const borders = new Set(blocks.flatMap(({ start, end }) => [start, end]));
  let next = 0;
  for (let first = 0; first < steps.length; ) {
    if (blocks[next]?.start === first) mark(printBlockStart(blocks[next]));
    const joins = (i: number): boolean =>
      i + 1 < steps.length && !borders.has(i + 1) && !apart.has(i) && !apart.has(i + 1);
    const growth = joins(first) ? growthAt(trace, first, page) : undefined;
    let last = first;
    if (growth) while (joins(last) && sameGrowth(growth, growthAt(trace, last, page))) last++;
    const count = last - first + 1 >= MIN_RUN ? last - first + 1 : 1;
    const outcome = trace.outcomes[first];
    const times = trace.times?.[first];
    const shown = outcome && printOutcome(outcome, page) + (times ? ` ${printInterval(times)}` : '');
    if (growth && count > 1) {
      const grown = shown === undefined ? '' : shown + each(growth.outcome, outcome.kind === 'address');
      lines.push({ step: foldStep(steps[first], growth, count), outcome: grown, first, count });
    } else lines.push({ step: printStep(steps[first]), outcome: shown ?? '', first, count: 1 });
    first += count;
    if (blocks[next]?.end === first) {
      mark('end');
      next++;
    }
  }
  return align(lines);
}

/** Puts the outcomes in one column and the counts in another. */
function align(lines: readonly { step: string; outcome: string; first: number; count: number }[]): FoldedLine[] {
  let width = 0;
  for (const { step, count } of lines) if (count > 0 && step.length <= 60) width = Math.max(width, step.length);
  const whole = lines.map(({ step, outcome }) => (outcome === '' ? step : `${step.padEnd(width)} => ${outcome}`));
  let column = 0;
  whole.forEach((text, i) => {
    if (lines[i].count > 1 && text.length <= 110) column = Math.max(column, text.length);
  });
  return lines.map(({ first, count }, i) => ({
    text: count > 1 ? `${whole[i].padEnd(column)}  x${count}` : whole[i],
    first,
    count,
  }));
}

/** Folds a trace and joins the lines to one text. `page`: page size in bytes. */
export const printFolded = (trace: Trace, page = 4096): string =>
  fold(trace, page)
    .map(({ text }) => `${text}\n`)
    .join('');
