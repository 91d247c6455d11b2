import { type Address, HOLE, NULL } from './address.ts';
import { areaFrame, type FrameId, isPoolFrame, MAX_PAGES, vmaFrame } from './frame.ts';
import type { Outcome } from './outcome.ts';
import * as outcomes from './outcome.ts';
import type { Interval, Step } from './program.ts';
import type { Scanner } from './scanner.ts';
import type { Argument, Parameter, Signature, Vocabulary } from './signature.ts';

const DECIMAL = /^(?:0|[1-9][0-9]{0,14})$/;
/** The largest value that fits in a word of a frame beside the frame's identity. */
export const MAX_VALUE = 0xf_ffff;
const HEX = /^0x(?:0|[1-9a-f][0-9a-f]{0,15})$/;
const NAME = /^([avom])(0|[1-9][0-9]{0,5})$/;
const ADDRESS = /^([avom])(0|[1-9][0-9]{0,5})(?:([+-])(0x[1-9a-f][0-9a-f]{0,15}))?$/;
const LITERAL = /^(hole|null)(?:\+(0x[1-9a-f][0-9a-f]{0,15}))?$/;
/** A number below MAX_PAGES, which is 1048576. */
const PAGE_INDEX = '0|[1-9][0-9]{0,5}|10(?:[0-3][0-9]{4}|4[0-7][0-9]{3}|48[0-4][0-9]{2}|485[0-6][0-9]|4857[0-5])';
const FRAME = new RegExp(`^f(${PAGE_INDEX})$`);
const AREA_PAGE = new RegExp(`^a(0|[1-9][0-9]{0,5}):(${PAGE_INDEX})$`);
/** A part of a list: `f0`, `f0..f3`, `f9x2`, and the same of pages of an area: `a0:2`, `a0:0..a0:3`, `a0:1x2`. */
const LIST_PART = new RegExp(
  `^(f|a(0|[1-9][0-9]{0,5}):)(${PAGE_INDEX})(?:\\.\\.\\1(${PAGE_INDEX})|x([1-9][0-9]{0,6}))?$`,
);
const REACHED = new RegExp(`^(?:f(${PAGE_INDEX})|([av])(0|[1-9][0-9]{0,5}):(${PAGE_INDEX}))(?::([1-9][0-9]{0,9}))?$`);

/**
 * A number of bytes. A number above 2^53 is accepted only where a double holds it exactly. That is so for whole pages,
 * which are what a range that wraps around needs.
 */
function exact(scanner: Scanner, word: string): number {
  const value = Number(word);
  if (value <= Number.MAX_SAFE_INTEGER || BigInt(word) === BigInt(value)) return value;
  return scanner.fail('a number of bytes below 2^53, or of whole pages');
}

function parseAddress(scanner: Scanner, bases: string, expected: string): Address {
  const word = scanner.next();
  const literal = LITERAL.exec(word);
  if (literal) {
    if (!bases.includes('l')) return scanner.fail(expected);
    if (literal[2] === undefined) return literal[1] === 'hole' ? HOLE : NULL;
    return { base: literal[1] as 'hole' | 'null', index: 0, offset: exact(scanner, literal[2]) };
  }
  const match = ADDRESS.exec(word);
  if (!match || !bases.includes(match[1])) return scanner.fail(expected);
  const bytes = match[4] === undefined ? 0 : exact(scanner, match[4]);
  return {
    base: match[1] as 'a' | 'v' | 'o' | 'm',
    index: Number(match[2]),
    offset: match[3] === '-' ? -bytes : bytes,
  };
}

/** The longest list of frames, for messages. */
const TOO_LONG = `at most ${MAX_PAGES} frames`;

/** Part of a list: the ids from `first` to `last`, `times` times each. */
interface ListPart {
  readonly first: FrameId;
  readonly last: FrameId;
  readonly times: number;
}

/** What a word of a list stands for; undefined if the word is not of the list. `areaPages`: whether those can be in it. */
function partOf(word: string, areaPages = false): ListPart | undefined {
  const [, , area, from, to = from, times = '1'] = LIST_PART.exec(word) ?? [];
  if (from === undefined || (area !== undefined && !areaPages)) return undefined;
  const id = (page: string): FrameId => (area === undefined ? Number(page) : areaFrame(Number(area), Number(page)));
  return { first: id(from), last: id(to), times: Number(times) };
}

function parseFrames(scanner: Scanner, { areaPages }: Parameter): FrameId[] {
  const list: FrameId[] = [];
  for (;;) {
    const word = scanner.peek();
    const part = partOf(word, areaPages);
    if (!part) return list;
    scanner.next();
    const { first, last, times } = part;
    if (word.includes('..') && last <= first) scanner.fail('an ascending range of frames');
    const count = (last - first + 1) * times;
    if (list.length + count > MAX_PAGES) scanner.fail(TOO_LONG);
    if (count > 1) scanner.spend(count - 1, isPoolFrame(last) ? last : 0);
    for (let frame = first; frame <= last; frame++) for (let n = 0; n < times; n++) list.push(frame);
  }
}

function parseFrame(scanner: Scanner, { name, areaPages }: Parameter): FrameId {
  const word = scanner.next();
  const match = FRAME.exec(word);
  if (match) return Number(match[1]);
  const ofArea = areaPages ? AREA_PAGE.exec(word) : null;
  if (ofArea) return areaFrame(Number(ofArea[1]), Number(ofArea[2]));
  return scanner.fail(areaPages ? `${name}: a frame (f0), or a page of an area (a0:2)` : `${name}: a frame (f0)`);
}

function parseDecimal(scanner: Scanner, expected: string): number {
  const word = scanner.next();
  return DECIMAL.test(word) ? Number(word) : scanner.fail(expected);
}

function parsePositional(scanner: Scanner, parameter: Parameter): Argument {
  switch (parameter.type) {
    case 'frame':
      return parseFrame(scanner, parameter);
    case 'frames':
      return parseFrames(scanner, parameter);
    case 'area':
      return parseAddress(scanner, 'al', `${parameter.name}: an area (a0, hole, null)`);
    case 'vma': {
      const address = parseAddress(scanner, 'v', `${parameter.name}: a VMA (v0)`);
      return address.offset === 0 ? address : scanner.fail(`${parameter.name}: a VMA without offset (v0)`);
    }
    case 'space': {
      const address = parseAddress(scanner, 'm', `${parameter.name}: an address space (m0)`);
      return address.offset === 0 ? address : scanner.fail(`${parameter.name}: an address space without offset (m0)`);
    }
    case 'object':
      return parseAddress(scanner, 'o', `${parameter.name}: an object (o0, o0+0x1000)`);
    case 'address':
      return parseAddress(scanner, 'avl', `${parameter.name}: an address (a0+0x1000, v0, hole, null)`);
    case 'pages': {
      const pages = parseDecimal(scanner, `${parameter.name}: a number of pages (4)`);
      return pages <= MAX_PAGES ? pages : scanner.fail(`${parameter.name}: at most ${MAX_PAGES} pages`);
    }
    case 'value': {
      const value = parseDecimal(scanner, `${parameter.name}: a number (7)`);
      return value <= MAX_VALUE ? value : scanner.fail(`${parameter.name}: a number up to ${MAX_VALUE}`);
    }
    case 'bytes': {
      const word = scanner.next();
      return HEX.test(word) ? exact(scanner, word) : scanner.fail(`${parameter.name}: a number of bytes (0x1000)`);
    }
    case 'choice': {
      const word = scanner.next();
      if (parameter.choices?.includes(word)) return word;
      return scanner.fail(`${parameter.name}: one of ${parameter.choices?.join(', ')}`);
    }
    case 'flags': {
      const flags = scanner.next().split(',');
      for (const flag of flags)
        if (!parameter.choices?.includes(flag)) scanner.fail(`${parameter.name}: of ${parameter.choices?.join(', ')}`);
      return [...new Set(flags)].sort();
    }
  }
}

function parseArguments(scanner: Scanner, call: Signature): (Argument | undefined)[] {
  const args: (Argument | undefined)[] = [];
  for (const parameter of call.parameters)
    args.push(parameter.optional ? undefined : parsePositional(scanner, parameter));
  for (;;) {
    const word = scanner.peek();
    const equals = word.indexOf('=');
    if (equals <= 0 || word.startsWith('=>')) return args;
    const index = call.parameters.findIndex((p) => p.optional && p.name === word.slice(0, equals));
    if (index < 0 || args[index] !== undefined) {
      const open = call.parameters.filter((p, i) => p.optional && args[i] === undefined).map((p) => `${p.name}=`);
      scanner.next();
      scanner.fail(open.length > 0 ? open.join(' or ') : `no further argument of ${call.name}`);
    }
    scanner.next();
    // Read the value as a separate word, so that errors point at its column.
    scanner.at = scanner.wordAt + equals + 1;
    args[index] = parsePositional(scanner, call.parameters[index]);
  }
}

/** Parses one step, `@0 a0 = vmap f0 f1`, and leaves the scanner after it. */
export function parseStep<C extends Signature>(scanner: Scanner, vocabulary: Vocabulary<C>): Step<C> {
  const cpuWord = scanner.next();
  if (!/^@(?:0|[1-9][0-9]{0,3})$/.test(cpuWord)) scanner.fail('a step (@0 CALL ...)');
  let word = scanner.next();
  let bound: RegExpExecArray | null = null;
  let boundAt = 0;
  if (scanner.peek() === '=') {
    bound = NAME.exec(word);
    boundAt = scanner.wordAt;
    if (!bound || bound[1] === 'o') scanner.fail('a name to bind (a0, v0, m0)');
    scanner.next();
    word = scanner.next();
  }
  const call = vocabulary.get(word);
  if (!call) return scanner.fail(`a call (${[...vocabulary.keys()].join(', ')})`);
  if (bound ? bound[1] !== call.binds : call.binds !== undefined) {
    if (bound) scanner.wordAt = boundAt;
    scanner.fail(call.binds ? `${call.binds}0 = ${call.name} ...` : `${call.name} without a name before it`);
  }
  const args = parseArguments(scanner, call);
  return { cpu: Number(cpuWord.slice(1)), call, binds: bound ? Number(bound[2]) : -1, args };
}

const simple = new Map<string, Outcome>([
  ['ok', outcomes.OK],
  ['null', outcomes.NIL],
  ['fault', outcomes.FAULT],
  ['other', outcomes.OTHER],
  ['skipped', outcomes.SKIPPED],
  ['unsupported', outcomes.UNSUPPORTED],
  ['timeout', outcomes.TIMEOUT],
  ...['NOPAGE', 'SIGBUS', 'OOM'].map((name): [string, Outcome] => [name, outcomes.vmfault(name)]),
]);

const OUTCOME_EXPECTED =
  'an outcome (ok, null, fault, other, skipped, unsupported, timeout, f3, a0:2, 0xffff..., -EBUSY, 12, NOPAGE, crash "...")';

function parseLocation(word: string, pageSize: number, dirty: number): Outcome {
  const whole = BigInt(word);
  const size = BigInt(pageSize);
  return outcomes.address(Number(whole / size), Number(whole % size), dirty);
}

/** The page number of a page-aligned address. */
export function parseWholePage(scanner: Scanner, pageSize: number): number {
  const word = scanner.next();
  const at = HEX.test(word) ? parseLocation(word, pageSize, -1) : undefined;
  return at?.extra === 0 ? at.value : scanner.fail('the address of a page (0xffffc90000000000)');
}

function parseNote(scanner: Scanner, word: string): number {
  if (scanner.peek() !== word) return -1;
  scanner.next();
  return parseDecimal(scanner, `a number of pages (${word} 3)`);
}

/** Parses one outcome and leaves the scanner after it. `pageSize` is in bytes. */
export function parseOutcome(scanner: Scanner, pageSize: number): Outcome {
  const word = scanner.next();
  const known = simple.get(word);
  if (known === outcomes.OK) return outcomes.freed(parseNote(scanner, 'readonly'));
  if (known) return known;
  const frame = REACHED.exec(word);
  if (frame) {
    const value = frame[5] === undefined ? 0 : Number(frame[5]);
    if (frame[1] !== undefined) return outcomes.reached(Number(frame[1]), value);
    const id = (frame[2] === 'a' ? areaFrame : vmaFrame)(Number(frame[3]), Number(frame[4]));
    return outcomes.reached(id, value);
  }
  if (HEX.test(word)) return parseLocation(word, pageSize, parseNote(scanner, 'dirty'));
  if (/^-E[A-Z0-9]+$/.test(word)) return outcomes.errno(word.slice(1), parseNote(scanner, 'left'));
  if (/^-?(?:0|[1-9][0-9]{0,14})$/.test(word)) return outcomes.number(Number(word));
  if (word === 'crash') return outcomes.crash(scanner.quoted());
  if (word === 'warn') return outcomes.warn(scanner.quoted());
  return scanner.fail(OUTCOME_EXPECTED);
}

/** Parses the logical times after an outcome, `[3 8]`; undefined where there are none. */
export function parseInterval(scanner: Scanner): Interval | undefined {
  if (!scanner.peek().startsWith('[')) return undefined;
  const called = /^\[([0-9]{1,9})$/.exec(scanner.next());
  if (!called) return scanner.fail('the times of call and return ([3 8])');
  const returned = /^([0-9]{1,9})\]$/.exec(scanner.next());
  if (!returned || Number(returned[1]) <= Number(called[1]))
    return scanner.fail('a time of return after the time of call ([3 8])');
  return { called: Number(called[1]), returned: Number(returned[1]) };
}
