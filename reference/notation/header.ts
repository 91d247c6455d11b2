import { printFreeText, readFreeText } from './free-text.ts';
import { printLocation } from './outcome.ts';
import { parseWholePage } from './parse.ts';
import type { Scanner } from './scanner.ts';

/** The largest numbers that a header can hold. The handshake of a target has the same limits. */
export const LIMITS = { cpus: 64, frames: 0x10_0000, memory: 0x10_0000 } as const;

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

const count = (scanner: Scanner, what: string, most: number): number => {
  const word = scanner.next();
  const value = Number(word);
  if (!/^[1-9][0-9]{0,6}$/.test(word) || value > most) scanner.fail(`${what} (1 to ${most})`);
  scanner.end();
  return value;
};

/** Reads the header lines of a document. */
export class HeaderReader {
  /** What the parser of steps needs. `page` is the page size in bytes. */
  cpus = 2;
  frames = 64;
  page = 4096;
  #target: string | undefined;
  #profile: string | undefined;
  readonly #traits = new Map<string, string>();
  readonly #windows = new Map<'kernel' | 'user', Window>();
  #memory: number | undefined;

  /** Reads a header line. */
  line(scanner: Scanner): void {
    switch (scanner.next()) {
      case 'target':
        this.#target = readFreeText(scanner.text.slice(scanner.at));
        return;
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
        this.cpus = count(scanner, 'a number of CPUs', LIMITS.cpus);
        return;
      case 'frames':
        this.frames = count(scanner, 'a number of frames', LIMITS.frames);
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
    this.page = size;
  }

  #window(scanner: Scanner): void {
    const side = scanner.next();
    if (side !== 'kernel' && side !== 'user') return scanner.fail('kernel or user');
    const start = parseWholePage(scanner, this.page);
    const end = parseWholePage(scanner, this.page);
    if (end <= start) scanner.fail('an end of the window beyond its start');
    scanner.end();
    this.#windows.set(side, { start, end });
  }

  /** The header, as the lines so far give it. */
  toHeader(): Header {
    return {
      ...(this.#target === undefined ? {} : { target: this.#target }),
      ...(this.#profile === undefined ? {} : { profile: this.#profile }),
      traits: this.#traits,
      cpus: this.cpus,
      frames: this.frames,
      page: this.page,
      windows: this.#windows,
      ...(this.#memory === undefined ? {} : { memory: this.#memory }),
    };
  }
}

/** Prints the header lines of a document, in canonical order. */
export function printHeader(header: Header): string {
  let text = '';
  if (header.target !== undefined) text += `target ${printFreeText(header.target)}\n`;
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
