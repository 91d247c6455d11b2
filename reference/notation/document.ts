import { type Header, HeaderReader, LIMITS, printHeader } from './header.ts';
import type { Outcome } from './outcome.ts';
import { parseInterval, parseOutcome, parseStep } from './parse.ts';
import { printTraceSteps } from './print.ts';
import type { Block, Interval, Step, Trace } from './program.ts';
import { NotationError, Scanner } from './scanner.ts';
import type { Signature, Vocabulary } from './signature.ts';

/** The version of the grammar that this parser reads and this printer writes. */
export const NOTATION_VERSION = 1;

/** How many frames the ranges of a text may stand for: this many, or more if the text is long. */
const MIN_FRAMES_IN_RANGES = 4 * LIMITS.frames;
const FRAMES_IN_RANGES_PER_BYTE = 64;

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

/** Parses one document. */
class DocumentParser<C extends Signature> {
  readonly #vocabulary: Vocabulary<C>;
  #kind: 'program' | 'trace' = 'program';
  readonly #header = new HeaderReader();
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
      pool: this.#header.frames,
      frames: Math.max(MIN_FRAMES_IN_RANGES, FRAMES_IN_RANGES_PER_BYTE * text.length),
    };
    for (const raw of text.split('\n')) {
      number++;
      const scanner = new Scanner(raw, number, allowance);
      if (scanner.done()) continue;
      if (!started) this.#version(scanner);
      else this.#line(scanner);
      allowance.pool = this.#header.frames;
      started = true;
    }
    if (!started) throw new NotationError(1, 1, FIRST_LINE, undefined);
    if (this.#open) throw new NotationError(number, 1, 'end of the par block', undefined);
    if (this.#id >= 0) {
      if (this.#explicit) throw new NotationError(number, 1, `end ${this.#id}`, undefined);
      this.#close();
    }
    return { kind: this.#kind, header: this.#header.toHeader(), entries: this.#entries };
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
    else if (this.#id < 0 && !this.#explicit) this.#header.line(scanner);
    else {
      scanner.next();
      scanner.fail(this.#id < 0 ? 'program NUMBER, or the end of the text' : 'a step (@0 CALL ...), par, or end');
    }
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
    if (step.cpu >= this.#header.cpus) {
      scanner.wordAt = wordAt;
      scanner.fail(`a CPU below ${this.#header.cpus} (header line cpus)`);
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
    this.#outcomes.push(parseOutcome(scanner, this.#header.page));
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
    const program = { cpus: this.#header.cpus, frames: this.#header.frames, steps: this.#steps, blocks: this.#blocks };
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
}

/**
 * Reads a file of the notation.
 * @throws NotationError with line, column and what was expected.
 */
export const parse = <C extends Signature>(text: string, vocabulary: Vocabulary<C>): Document<C> =>
  new DocumentParser(vocabulary).parse(text);

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
