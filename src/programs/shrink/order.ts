import type { Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { CALLS } from '../../../reference/contract.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import { lanesOf } from '../../../reference/notation/program.ts';
import { argumentAt, argumentsOf, type GivenArgument } from '../arguments.ts';
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

/** Pages that an argument asks for; 0 if it gives no size, or only repeats the size of an area. */
export function pagesIn(argument: GivenArgument | undefined, page: number): number {
  if (!argument || argument.parameter.ofArea) return 0;
  switch (argument.type) {
    case 'frames':
      return argument.value.length;
    case 'pages':
      return argument.value;
    case 'bytes':
      // A size of 0 mostly has a meaning of its own. It is not smaller than a page.
      return Math.max(Math.ceil(argument.value / page), 1);
    default:
      return 0;
  }
}

/** Pages that all arguments of a step ask for. */
export function pagesOf(step: Step, page: number): number {
  let pages = 0;
  for (let i = 0; i < step.args.length; i++) pages += pagesIn(argumentAt(step, i), page);
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

  add(argument: GivenArgument): void {
    const { optional, choices = [] } = argument.parameter;
    if (optional) this.optional++;
    switch (argument.type) {
      case 'frame':
        this.frames += argument.value;
        return;
      case 'frames':
        this.frames += raggedness(argument.value, this.#pool);
        return;
      case 'area':
      case 'object':
      case 'address':
        return this.#address(argument.value);
      case 'bytes':
        this.partial += argument.value !== 0 && argument.value % this.#page === 0 ? 0 : 1;
        return;
      case 'value':
        this.rest += Math.abs(argument.value - 1);
        return;
      case 'choice':
        this.rest += choices.indexOf(argument.value);
        return;
      case 'flags':
        this.rest += argument.value.length - 1;
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

/** The size of a block's attributes: how many words they have, and how large their numbers are. */
function extent(attributes: ReadonlyMap<string, string>): number {
  let sum = 0;
  for (const value of attributes.values()) {
    const words = value === '-' ? [] : value.split(',');
    for (const word of words) sum += 1000 + Number((words.length === 1 ? /(\d+)$/ : /:(\d+)$/).exec(word)?.[1] ?? 1);
  }
  return sum;
}

/** The steps, lane after lane within the blocks: the order in which lanes are written has no meaning. */
function inLanes({ steps, blocks }: Program): readonly Step[] {
  if (blocks.length === 0) return steps;
  const sorted = [...steps];
  for (const { start, end } of blocks)
    sorted.splice(start, end - start, ...steps.slice(start, end).sort((a, b) => a.cpu - b.cpu));
  return sorted;
}

const measures = new WeakMap<Program, Measure>();

/** Measures a program. `page`: page size in bytes. */
export function measure(program: Program, page = 4096): Measure {
  const known = measures.get(program);
  if (known) return known;
  const plain = new Plainness(page, program.frames);
  const sizes = inLanes(program).map((step) => pagesOf(step, page));
  let calls = 0;
  let cpus = 0;
  for (const step of program.steps) {
    calls += rankOf(step.call);
    cpus += step.cpu;
    for (const argument of argumentsOf(step)) plain.add(argument);
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

/** Negative if `a` is the smaller program, 0 if they are the same. `page`: page size in bytes. */
export function compare(a: Program, b: Program, page = 4096): number {
  const x = measure(a, page);
  const y = measure(b, page);
  const decided = compareNumbers(x.figures, y.figures) || compareNumbers(x.sizes, y.sizes);
  return decided || (x.text === y.text ? 0 : x.text < y.text ? -1 : 1);
}
