import type { Parameter, Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { CALLS } from '../../../reference/contract.ts';
import type { Address } from '../../../reference/notation/address.ts';
import type { FrameId } from '../../../reference/notation/frame.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import { lanesOf } from '../../../reference/notation/program.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
import { raggedness } from './frames.ts';

/**
 * The order of programs. Shrinking only ever goes down in it, and stops at what no pass can bring further down:
 *
 * 1. fewer steps: each is a line that a reader must understand;
 * 2. fewer steps in parallel blocks, and fewer lanes: overlap is the hardest thing to think about;
 * 3. fewer pages in all;
 * 4. plainer calls: those that come first in the contract (`vmap` before `vm_map_ram`, `read` before `write`);
 * 5. plainer arguments: nothing optional, whole pages, frames `f0 f1 ...`, offset 0, `o0`, first choice, small value;
 * 6. CPU 0, then shorter schedules;
 * 7. the smaller areas first, and then the text, so that no two programs are alike.
 */
export interface Measure {
  /** Points 1 to 6. */
  readonly figures: readonly number[];
  /** Pages of each step. */
  readonly sizes: readonly number[];
  readonly text: string;
}

const ranks = new Map<string, number>(CALLS.map((call, rank) => [call.name, rank]));

/** How plain a call is: its place in the contract. */
export const rankOf = (call: { readonly name: string }): number => ranks.get(call.name) ?? CALLS.length;

/** Pages that a value of a parameter stands for; 0 where it stands for none of its own. */
export function pagesIn(parameter: Parameter, value: Argument | undefined, page: number): number {
  if (value === undefined || parameter.ofArea) return 0;
  switch (parameter.type) {
    case 'frames':
      return (value as readonly FrameId[]).length;
    case 'pages':
      return value as number;
    case 'bytes':
      // No bytes at all mostly stand for something else: nothing less than a page.
      return Math.max(Math.ceil((value as number) / page), 1);
    default:
      return 0;
  }
}

/** Pages in all arguments of a step. */
export function pagesOf(step: Step, page: number): number {
  let pages = 0;
  for (let i = 0; i < step.args.length; i++) pages += pagesIn(step.call.parameters[i], step.args[i], page);
  return pages;
}

/** The figures of point 5, added up over a program's arguments. */
class Plainness {
  optional = 0;
  partial = 0;
  frames = 0;
  offsets = 0;
  rest = 0;
  readonly #page: number;
  readonly #pool: number;

  constructor(page: number, pool: number) {
    this.#page = page;
    this.#pool = pool;
  }

  add(parameter: Parameter, value: Argument): void {
    if (parameter.optional) this.optional++;
    switch (parameter.type) {
      case 'frame':
        this.frames += value as FrameId;
        return;
      case 'frames':
        this.frames += raggedness(value as readonly FrameId[], this.#pool);
        return;
      case 'area':
      case 'object':
      case 'address':
        return this.#address(value as Address);
      case 'bytes':
        this.partial += value !== 0 && (value as number) % this.#page === 0 ? 0 : 1;
        return;
      case 'value':
        this.rest += Math.abs((value as number) - 1);
        return;
      case 'choice':
        this.rest += parameter.choices!.indexOf(value as string);
        return;
      default:
        return;
    }
  }

  #address({ base, index, offset }: Address): void {
    const page = Math.floor(offset / this.#page);
    this.offsets += 2 * Math.abs(page) + (offset === page * this.#page ? 0 : 1);
    if (base === 'o') this.rest += index;
    if (base === 'hole' || base === 'null') this.rest++;
  }
}

/** How much the attributes of a block say: what is asked for, how often, and how many times. */
function extent(attributes: ReadonlyMap<string, string>): number {
  let sum = 0;
  for (const value of attributes.values()) {
    const words = value === '-' ? [] : value.split(',');
    for (const word of words) sum += 1000 + Number((words.length === 1 ? /(\d+)$/ : /:(\d+)$/).exec(word)?.[1] ?? 1);
  }
  return sum;
}

/** The steps, lane after lane within the blocks: in which order lanes are written down says nothing. */
function inLanes({ steps, blocks }: Program): readonly Step[] {
  if (blocks.length === 0) return steps;
  const sorted = [...steps];
  for (const { start, end } of blocks)
    sorted.splice(start, end - start, ...steps.slice(start, end).sort((a, b) => a.cpu - b.cpu));
  return sorted;
}

const measures = new WeakMap<Program, Measure>();

/** Measures a program; `page` is the page size in bytes. */
export function measure(program: Program, page = 4096): Measure {
  const known = measures.get(program);
  if (known) return known;
  const plain = new Plainness(page, program.frames);
  const sizes = inLanes(program).map((step) => pagesOf(step, page));
  let calls = 0;
  let cpus = 0;
  for (const { call, cpu, args } of program.steps) {
    calls += rankOf(call);
    cpus += cpu;
    args.forEach((value, i) => {
      if (value !== undefined) plain.add(call.parameters[i], value);
    });
  }
  const overlap = program.blocks.reduce((sum, block) => sum + 1 + block.end - block.start, 0);
  const lanes = program.blocks.reduce((sum, block) => sum + lanesOf(program.steps, block).length, 0);
  const schedule = program.blocks.reduce((sum, { attributes }) => sum + extent(attributes), 0);
  const pages = sizes.reduce((sum, size) => sum + size, 0);
  const { optional, partial, frames, offsets, rest } = plain;
  const figures = [
    program.steps.length,
    overlap,
    lanes,
    pages,
    calls,
    optional,
    partial,
    frames,
    offsets,
    rest,
    cpus,
    schedule,
  ];
  const made = { figures, sizes, text: printSteps(program) };
  measures.set(program, made);
  return made;
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

/** Negative where `a` is the smaller program, 0 where they are the same. */
export function compare(a: Program, b: Program, page = 4096): number {
  const x = measure(a, page);
  const y = measure(b, page);
  const decided = compareNumbers(x.figures, y.figures) || compareNumbers(x.sizes, y.sizes);
  return decided || (x.text === y.text ? 0 : x.text < y.text ? -1 : 1);
}
