import { type Outcome, printLocation } from './outcome.ts';
import { parseInterval, parseOutcome, parseStep } from './parse.ts';
import { printTraceSteps } from './print.ts';
import type { Block, Interval, Step, Trace } from './program.ts';
import { NotationError, Scanner } from './scanner.ts';
import type { Signature, Vocabulary } from './signature.ts';

/** The version of the grammar that this parser reads and this printer writes. */
export const NOTATION_VERSION = 1;

/** A range of addresses, in pages, end excluded. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/** What a judge needs besides the steps: the header lines of a document. */
export interface Header {
  /** Free text: implementation and version. */
  readonly target?: string;
  readonly profile?: string;
  /** Traits that override the profile. */
  readonly traits: ReadonlyMap<string, string>;
  readonly cpus: number;
  readonly frames: number;
  /** Page size in bytes. */
  readonly page: number;
  readonly windows: ReadonlyMap<'kernel' | 'user', Window>;
}

/** One program of a document; as a trace whose outcomes are empty where the document is a program. */
export interface Entry<C extends Signature = Signature> {
  readonly id: number;
  readonly trace: Trace<C>;
}

/** A file of the notation. */
export interface Document<C extends Signature = Signature> {
  readonly kind: 'program' | 'trace';
  readonly header: Header;
  readonly entries: readonly Entry<C>[];
}

const count = (scanner: Scanner, what: string, most: number): number => {
  const word = scanner.next();
  const value = Number(word);
  if (!/^[1-9][0-9]{0,6}$/.test(word) || value > most) scanner.fail(`${what} (1 to ${most})`);
  scanner.end();
  return value;
};

/** Reads header lines and entries; one instance a document. */
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
  readonly #entries: Entry<C>[] = [];
  #id = -1;
  #explicit = false;
  #steps: Step<C>[] = [];
  #outcomes: Outcome[] = [];
  #times: (Interval | undefined)[] = [];
  #timed = false;
  #complete = true;
  #blocks: Block[] = [];
  #open: { start: number; attributes: Map<string, string> } | undefined;

  constructor(vocabulary: Vocabulary<C>) {
    this.#vocabulary = vocabulary;
  }

  parse(text: string): Document<C> {
    let number = 0;
    let started = false;
    for (const raw of text.split('\n')) {
      number++;
      const scanner = new Scanner(raw.endsWith('\r') ? raw.slice(0, -1) : raw, number);
      if (scanner.done()) continue;
      if (!started) this.#version(scanner);
      else this.#line(scanner);
      started = true;
    }
    if (!started) throw new NotationError(1, 1, `\`mmspec program ${NOTATION_VERSION}\` as the first line`, '');
    this.#unclosed(number);
    if (!this.#explicit && this.#id >= 0) this.#close();
    return { kind: this.#kind, header: this.#header(), entries: this.#entries };
  }

  #version(scanner: Scanner): void {
    const expected = `\`mmspec program ${NOTATION_VERSION}\` or \`mmspec trace ${NOTATION_VERSION}\` as the first line`;
    if (scanner.next() !== 'mmspec') scanner.fail(expected);
    const kind = scanner.next();
    if (kind !== 'program' && kind !== 'trace') scanner.fail(expected);
    this.#kind = kind as 'program' | 'trace';
    if (scanner.next() !== String(NOTATION_VERSION)) scanner.fail(`version ${NOTATION_VERSION} of the notation`);
    scanner.end();
  }

  #line(scanner: Scanner): void {
    const word = scanner.peek();
    if (word.startsWith('@')) this.#step(scanner);
    else if (word === 'par') this.#par(scanner);
    else if (word === 'end') this.#end(scanner);
    else if (word === 'program') this.#program(scanner);
    else if (this.#id < 0) this.#headerLine(scanner);
    else {
      scanner.next();
      scanner.fail('a step (@0 CALL ...), par, or end');
    }
  }

  #headerLine(scanner: Scanner): void {
    switch (scanner.next()) {
      case 'target': {
        const rest = scanner.text.slice(scanner.at);
        this.#target = rest.replace(/\s#.*$/, '').trim();
        return;
      }
      case 'profile':
        this.#profile = scanner.next() || scanner.fail('the name of a profile');
        return scanner.end();
      case 'trait':
        while (!scanner.done()) {
          const match = /^([a-z_]+)=([a-z0-9_-]+)$/.exec(scanner.next());
          if (match) this.#traits.set(match[1], match[2]);
          else scanner.fail('a trait (tlb=lazy)');
        }
        return;
      case 'cpus':
        this.#cpus = count(scanner, 'a number of CPUs', 64);
        return;
      case 'frames':
        this.#frames = count(scanner, 'a number of frames', 0x10_0000);
        return;
      case 'page':
        this.#page = count(scanner, 'a page size in bytes', 0x10_0000);
        return;
      case 'window':
        return this.#window(scanner);
      default:
        scanner.fail('a header line (target, profile, trait, cpus, frames, page, window) or a step (@0 CALL ...)');
    }
  }

  #window(scanner: Scanner): void {
    const side = scanner.next();
    if (side !== 'kernel' && side !== 'user') return scanner.fail('kernel or user');
    const start = parseOutcome(scanner, this.#page);
    const end = parseOutcome(scanner, this.#page);
    if (start.kind !== 'address' || end.kind !== 'address') return scanner.fail('two addresses (0x1000 0x9000)');
    this.#windows.set(side, { start: start.value, end: end.value + (end.extra > 0 ? 1 : 0) });
    scanner.end();
  }

  #program(scanner: Scanner): void {
    scanner.next();
    if (this.#id >= 0) this.#unclosed(scanner.line);
    if (this.#id >= 0 && !this.#explicit) scanner.fail('every step inside a program ... end pair');
    const word = scanner.next();
    if (!/^[0-9]{1,15}$/.test(word)) scanner.fail('the number of the program');
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
    const step = parseStep(scanner, this.#vocabulary);
    if (step.cpu >= this.#cpus) {
      scanner.wordAt = 0;
      scanner.fail(`a CPU below ${this.#cpus} (header line cpus)`);
    }
    this.#steps.push(step);
    if (scanner.done()) {
      this.#complete = false;
      return;
    }
    if (scanner.next() !== '=>') scanner.fail('=> OUTCOME or the end of the line');
    if (!this.#complete) scanner.fail('no outcome, as the steps before have none');
    this.#outcomes.push(parseOutcome(scanner, this.#page));
    const times = parseInterval(scanner);
    if (times) {
      if (!this.#open) scanner.fail('no times outside a par block');
      this.#timed = true;
    }
    this.#times.push(times);
    scanner.end();
  }

  #par(scanner: Scanner): void {
    scanner.next();
    if (this.#open) scanner.fail('end of the block before');
    if (this.#id < 0 && !this.#explicit) this.#id = 1;
    const attributes = new Map<string, string>();
    while (!scanner.done()) {
      const match = /^([a-z]+)=([A-Za-z0-9_.,:/-]+)$/.exec(scanner.next());
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
    this.#unclosed(scanner.line);
    if (Number(scanner.next()) !== this.#id || !this.#explicit) scanner.fail(`end ${Math.max(this.#id, 1)}`);
    scanner.end();
    this.#close();
  }

  #unclosed(line: number): void {
    if (this.#open) throw new NotationError(line, 1, 'end of the par block', '');
  }

  #close(): void {
    const program = { cpus: this.#cpus, frames: this.#frames, steps: this.#steps, blocks: this.#blocks };
    const trace = { program, outcomes: this.#outcomes, ...(this.#timed ? { times: this.#times } : {}) };
    this.#entries.push({ id: this.#id, trace });
    this.#id = -1;
    this.#steps = [];
    this.#outcomes = [];
    this.#times = [];
    this.#timed = false;
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
    };
  }
}

/**
 * Reads a file of the notation.
 * @throws NotationError with line, column and what was expected.
 */
export const parse = <C extends Signature>(text: string, vocabulary: Vocabulary<C>): Document<C> =>
  new DocumentParser(vocabulary).parse(text);

/** The header lines of a document, in canonical order. */
export function printHeader(header: Header): string {
  let text = '';
  if (header.target !== undefined) text += `target ${header.target}\n`;
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
  return text;
}

/** Writes a document in its canonical form; a single program stands without its `program 1 ... end 1` pair. */
export function print(document: Document): string {
  let text = `mmspec ${document.kind} ${NOTATION_VERSION}\n${printHeader(document.header)}`;
  for (const { id, trace } of document.entries) {
    const steps = printTraceSteps(trace, document.header.page);
    const bare = document.entries.length === 1 && id === 1 && steps !== '';
    text += bare ? steps : `program ${id}\n${steps}end ${id}\n`;
  }
  return text;
}
