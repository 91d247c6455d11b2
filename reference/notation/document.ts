import { type Outcome, printLocation, quote } from './outcome.ts';
import { parseInterval, parseOutcome, parseStep, parseWholePage } from './parse.ts';
import { printTraceSteps } from './print.ts';
import type { Block, Interval, Step, Trace } from './program.ts';
import { NotationError, Scanner } from './scanner.ts';
import type { Signature, Vocabulary } from './signature.ts';

/** The version of the grammar that this parser reads and this printer writes. */
export const NOTATION_VERSION = 1;

/** The largest numbers that a header can hold. The handshake of a target has the same limits. */
export const LIMITS = { cpus: 64, frames: 0x10_0000, memory: 0x10_0000 } as const;

/** How many frames the ranges of a text may stand for: this many, or more if the text is long. */
const MIN_FRAMES_IN_RANGES = 4 * LIMITS.frames;
const FRAMES_IN_RANGES_PER_BYTE = 64;

/** Which page sizes there are, for messages. */
export const PAGE_SIZES = 'a page size in bytes (a power of two, 4096 to 1048576)';

/** With smaller pages, page numbers at the top of the address space would be above 2^53. */
export const isPageSize = (bytes: number): boolean =>
  bytes >= 4096 && bytes <= 0x10_0000 && Number.isInteger(Math.log2(bytes));

/**
 * A range of addresses, in pages, end excluded.
 *
 * @example
 * ```ts
 * import { parse, type Window } from 'mmspec';
 *
 * const { header } = parse('mmspec trace 1\nwindow kernel 0x10000 0x20000\n@0 vm_unmap_aliases => ok\n');
 * const window: Window = header.windows.get('kernel')!;
 * console.log(window); // { start: 16, end: 32 }
 * ```
 */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/**
 * The header lines of a document: what the judge needs besides the steps.
 *
 * @example
 * ```ts
 * import { type Header, parse } from 'mmspec';
 *
 * const header: Header = parse('mmspec trace 1\nprofile linux-6.1\ncpus 4\n@0 vm_unmap_aliases => ok\n').header;
 * console.log(header.profile, header.cpus, header.frames, header.page); // linux-6.1 4 64 4096
 * ```
 */
export interface Header {
  /** Implementation and version, free text: `linux 6.1.192 x86_64`. */
  readonly target?: string;
  readonly profile?: string;
  /** Traits that override the profile. */
  readonly traits: ReadonlyMap<string, string>;
  readonly cpus: number;
  readonly frames: number;
  /** Page size in bytes. */
  readonly page: number;
  readonly windows: ReadonlyMap<'kernel' | 'user', Window>;
  /** How many pages a program may count on, if the target declares it. */
  readonly memory?: number;
}

/** One program of a document; as a trace whose outcomes are empty where the document is a program. */
export interface Entry<C extends Signature = Signature> {
  readonly id: number;
  readonly trace: Trace<C>;
}

/**
 * A file of the notation.
 *
 * @example
 * ```ts
 * import { type Document, parse } from 'mmspec';
 *
 * const document: Document = parse('mmspec program 1\n@0 vm_unmap_aliases\n');
 * console.log(document.kind, document.entries.length); // program 1
 * ```
 */
export interface Document<C extends Signature = Signature> {
  readonly kind: 'program' | 'trace';
  readonly header: Header;
  readonly entries: readonly Entry<C>[];
}

const FIRST_LINE = `\`mmspec program ${NOTATION_VERSION}\` or \`mmspec trace ${NOTATION_VERSION}\` as the first line`;

const count = (scanner: Scanner, what: string, most: number): number => {
  const word = scanner.next();
  const value = Number(word);
  if (!/^[1-9][0-9]{0,6}$/.test(word) || value > most) scanner.fail(`${what} (1 to ${most})`);
  scanner.end();
  return value;
};

/** Parses one document. */
class DocumentParser<C extends Signature> {
  readonly #vocabulary: Vocabulary<C>;
  #kind: 'program' | 'trace' = 'program';
  #target: string | undefined;
  #profile: string | undefined;
  readonly #traits = new Map<string, string>();
  #cpus = 2;
  #frames = 64;
  #page = 4096;
  readonly #windows = new Map<'kernel' | 'user', Window>();
  #memory: number | undefined;
  readonly #entries: Entry<C>[] = [];
  #id = -1;
  #explicit = false;
  #steps: Step<C>[] = [];
  #outcomes: Outcome[] = [];
  #times: (Interval | undefined)[] = [];
  #timed = false;
  #leaks: string[] = [];
  #complete = true;
  #blocks: Block[] = [];
  #open: { start: number; attributes: Map<string, string> } | undefined;

  constructor(vocabulary: Vocabulary<C>) {
    this.#vocabulary = vocabulary;
  }

  parse(text: string): Document<C> {
    let number = 0;
    let started = false;
    // A few bytes can name a million frames, so a small text must not fill the memory.
    const allowance = {
      pool: this.#frames,
      frames: Math.max(MIN_FRAMES_IN_RANGES, FRAMES_IN_RANGES_PER_BYTE * text.length),
    };
    for (const raw of text.split('\n')) {
      number++;
      const scanner = new Scanner(raw.endsWith('\r') ? raw.slice(0, -1) : raw, number, allowance);
      if (scanner.done()) continue;
      if (!started) this.#version(scanner);
      else this.#line(scanner);
      allowance.pool = this.#frames;
      started = true;
    }
    if (!started) throw new NotationError(1, 1, FIRST_LINE, undefined);
    if (this.#open) throw new NotationError(number, 1, 'end of the par block', undefined);
    if (this.#id >= 0) {
      if (this.#explicit) throw new NotationError(number, 1, `end ${this.#id}`, undefined);
      this.#close();
    }
    return { kind: this.#kind, header: this.#header(), entries: this.#entries };
  }

  #version(scanner: Scanner): void {
    if (scanner.next() !== 'mmspec') scanner.fail(FIRST_LINE);
    const kind = scanner.next();
    if (kind !== 'program' && kind !== 'trace') scanner.fail(FIRST_LINE);
    this.#kind = kind as 'program' | 'trace';
    if (scanner.next() !== String(NOTATION_VERSION)) scanner.fail(`version ${NOTATION_VERSION} of the notation`);
    scanner.end();
  }

  #line(scanner: Scanner): void {
    const word = scanner.peek();
    if (word.startsWith('@')) this.#step(scanner);
    else if (word === 'par') this.#par(scanner);
    else if (word === 'end') this.#end(scanner);
    else if (word === 'leak' && this.#id >= 0 && !this.#open) this.#leak(scanner);
    else if (word === 'program') this.#program(scanner);
    else if (this.#id < 0 && !this.#explicit) this.#headerLine(scanner);
    else {
      scanner.next();
      scanner.fail(this.#id < 0 ? 'program NUMBER, or the end of the text' : 'a step (@0 CALL ...), par, or end');
    }
  }

  #headerLine(scanner: Scanner): void {
    switch (scanner.next()) {
      case 'target': {
        const rest = scanner.text.slice(scanner.at);
        this.#target = readName(rest);
        return;
      }
      case 'profile':
        this.#profile = scanner.next() || scanner.fail('the name of a profile');
        return scanner.end();
      case 'trait':
        if (scanner.done()) {
          scanner.next();
          scanner.fail('a trait (tlb=lazy)');
        }
        while (!scanner.done()) {
          const match = /^([a-z_]+)=([a-z0-9_-]+)$/.exec(scanner.next());
          if (match) this.#traits.set(match[1], match[2]);
          else scanner.fail('a trait (tlb=lazy)');
        }
        return;
      case 'cpus':
        this.#cpus = count(scanner, 'a number of CPUs', LIMITS.cpus);
        return;
      case 'frames':
        this.#frames = count(scanner, 'a number of frames', LIMITS.frames);
        return;
      case 'page':
        return this.#pageSize(scanner);
      case 'window':
        return this.#window(scanner);
      case 'memory':
        this.#memory = count(scanner, 'a number of pages', LIMITS.memory);
        return;
      default:
        scanner.fail(
          'a header line (target, profile, trait, cpus, frames, page, window, memory) or a step (@0 CALL ...)',
        );
    }
  }

  #pageSize(scanner: Scanner): void {
    const word = scanner.next();
    const size = Number(word);
    if (!/^[1-9][0-9]{3,6}$/.test(word) || !isPageSize(size)) scanner.fail(PAGE_SIZES);
    if (this.#windows.size > 0) scanner.fail('the page size before the windows');
    scanner.end();
    this.#page = size;
  }

  #window(scanner: Scanner): void {
    const side = scanner.next();
    if (side !== 'kernel' && side !== 'user') return scanner.fail('kernel or user');
    const start = parseWholePage(scanner, this.#page);
    const end = parseWholePage(scanner, this.#page);
    if (end <= start) scanner.fail('an end of the window beyond its start');
    scanner.end();
    this.#windows.set(side, { start, end });
  }

  #program(scanner: Scanner): void {
    scanner.next();
    if (this.#id >= 0) {
      scanner.fail(
        this.#explicit ? `end ${this.#id} before the next program` : 'every step inside a program ... end pair',
      );
    }
    const word = scanner.next();
    if (!/^(?:0|[1-9][0-9]{0,14})$/.test(word)) scanner.fail('the number of the program');
    scanner.end();
    this.#id = Number(word);
    this.#explicit = true;
  }

  #step(scanner: Scanner): void {
    if (this.#id < 0) {
      if (this.#explicit) {
        scanner.next();
        scanner.fail('program NUMBER before further steps');
      }
      this.#id = 1;
    }
    const wordAt = scanner.at;
    if (this.#leaks.length > 0) {
      scanner.next();
      scanner.fail('leak "..." or end: leak lines follow the last step');
    }
    const step = parseStep(scanner, this.#vocabulary);
    if (step.cpu >= this.#cpus) {
      scanner.wordAt = wordAt;
      scanner.fail(`a CPU below ${this.#cpus} (header line cpus)`);
    }
    this.#steps.push(step);
    if (scanner.done()) {
      this.#complete = false;
      return;
    }
    if (scanner.next() !== '=>') {
      scanner.fail(this.#kind === 'trace' ? '=> OUTCOME or the end of the line' : 'the end of the line');
    }
    if (this.#kind === 'program')
      scanner.fail('no outcome in a program (the first line of a trace is `mmspec trace 1`)');
    if (!this.#complete) scanner.fail('no outcome, because the steps before have none');
    this.#outcomes.push(parseOutcome(scanner, this.#page));
    const times = parseInterval(scanner);
    if (times) {
      if (!this.#open) scanner.fail('no times outside a par block');
      this.#timed = true;
    }
    this.#times.push(times);
    scanner.end();
  }

  /** A leak line, after the last step of a program. */
  #leak(scanner: Scanner): void {
    scanner.next();
    if (this.#kind !== 'trace') scanner.fail('a step: only a trace has leak lines');
    this.#leaks.push(scanner.quoted());
    scanner.end();
  }

  #par(scanner: Scanner): void {
    scanner.next();
    if (this.#open) scanner.fail('end of the block before');
    if (this.#id < 0 && !this.#explicit) this.#id = 1;
    const attributes = new Map<string, string>();
    while (!scanner.done()) {
      const match = /^([a-z]+)=([A-Za-z0-9_.,:/@-]+)$/.exec(scanner.next());
      if (match) attributes.set(match[1], match[2]);
      else scanner.fail('an attribute of the block (repeat=20)');
    }
    this.#open = { start: this.#steps.length, attributes };
  }

  #end(scanner: Scanner): void {
    scanner.next();
    if (scanner.done()) {
      if (!this.#open) scanner.fail('end NUMBER, since no par block is open');
      const { start, attributes } = this.#open!;
      if (start === this.#steps.length) scanner.fail('a step in the par block');
      this.#blocks.push({ start, end: this.#steps.length, attributes });
      this.#open = undefined;
      return;
    }
    const word = scanner.next();
    if (this.#open) scanner.fail('end of the par block, without a number');
    if (this.#id < 0 || !this.#explicit) scanner.fail('no end: no `program NUMBER` is open');
    if (word !== String(this.#id)) scanner.fail(`end ${this.#id}`);
    scanner.end();
    this.#close();
  }

  #close(): void {
    const program = { cpus: this.#cpus, frames: this.#frames, steps: this.#steps, blocks: this.#blocks };
    const trace = {
      program,
      outcomes: this.#outcomes,
      ...(this.#timed ? { times: this.#times } : {}),
      ...(this.#leaks.length > 0 ? { leaks: this.#leaks } : {}),
    };
    this.#entries.push({ id: this.#id, trace });
    this.#id = -1;
    this.#steps = [];
    this.#outcomes = [];
    this.#times = [];
    this.#timed = false;
    this.#leaks = [];
    this.#complete = true;
    this.#blocks = [];
  }

  #header(): Header {
    return {
      ...(this.#target === undefined ? {} : { target: this.#target }),
      ...(this.#profile === undefined ? {} : { profile: this.#profile }),
      traits: this.#traits,
      cpus: this.#cpus,
      frames: this.#frames,
      page: this.#page,
      windows: this.#windows,
      ...(this.#memory === undefined ? {} : { memory: this.#memory }),
    };
  }
}

/**
 * Reads a file of the notation.
 * @throws NotationError with line, column and what was expected.
 */
export const parse = <C extends Signature>(text: string, vocabulary: Vocabulary<C>): Document<C> =>
  new DocumentParser(vocabulary).parse(text);

/** Reads the free text behind `target`: up to a comment, or a JSON string if it is one. */
function readName(text: string): string {
  const quoted = /^[ \t]*"/.test(text) ? jsonString(new Scanner(text, 1)) : undefined;
  if (quoted !== undefined) return quoted;
  for (let at = text.indexOf('#'); at >= 0; at = text.indexOf('#', at + 1))
    if (at > 0 && ' \t'.includes(text[at - 1])) return text.slice(0, at).trim();
  return text.trim();
}

function jsonString(scanner: Scanner): string | undefined {
  try {
    const text = scanner.quoted();
    scanner.end();
    return text;
  } catch {
    return undefined;
  }
}

/** Prints a free text so that it can be read again: as a JSON string if it would not survive as it is. */
const printName = (text: string): string =>
  /^[^\p{C}\p{Zl}\p{Zp}]*$/u.test(text) && readName(` ${text}`) === text ? text : quote(text);

/** Prints the header lines of a document, in canonical order. */
export function printHeader(header: Header): string {
  let text = '';
  if (header.target !== undefined) text += `target ${printName(header.target)}\n`;
  if (header.profile !== undefined) text += `profile ${header.profile}\n`;
  if (header.traits.size > 0) {
    text += `trait ${[...header.traits]
      .sort()
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}\n`;
  }
  text += `cpus ${header.cpus}\nframes ${header.frames}\n`;
  if (header.page !== 4096) text += `page ${header.page}\n`;
  for (const side of ['kernel', 'user'] as const) {
    const window = header.windows.get(side);
    if (!window) continue;
    const [start, end] = [window.start, window.end].map((page) => printLocation(page, 0, header.page));
    text += `window ${side} ${start} ${end}\n`;
  }
  if (header.memory !== undefined) text += `memory ${header.memory}\n`;
  return text;
}

/**
 * Writes a document in its canonical form; a single program stands without its `program 1 ... end 1` pair.
 *
 * @example
 * ```ts
 * import { parse, print } from 'mmspec';
 *
 * const document = parse('mmspec program 1\n@0   a0 = vmap f0 f1 f2   # three pages\n');
 * console.log(print(document).endsWith('@0 a0 = vmap f0..f2\n')); // true
 * ```
 */
export function print(document: Document): string {
  let text = `mmspec ${document.kind} ${NOTATION_VERSION}\n${printHeader(document.header)}`;
  for (const { id, trace } of document.entries) {
    const leaks = (trace.leaks ?? []).map((text) => `leak ${JSON.stringify(text)}\n`).join('');
    const steps = `${printTraceSteps(trace, document.header.page)}${leaks}`;
    const bare = document.entries.length === 1 && id === 1 && steps !== '';
    text += bare ? steps : `program ${id}\n${steps}end ${id}\n`;
  }
  return text;
}
