import { CALLS, VOCABULARY } from '../../../reference/calls/index.ts';
import { isPageSize, LIMITS, PAGE_SIZES, type Window } from '../../../reference/notation/header.ts';
import { isSizeName, type Sizes } from '../sizes.ts';
import { parseSupport, type Support } from '../support.ts';
import type { Manifest } from '../target.ts';
import { namesIn, utf8 } from './lines.ts';

/** The versions of the protocol that the kit understands. Version 2 adds optional lines, and changes none. */
const WIRE_VERSIONS = ['target 1', 'target 2'];

/** The abilities that PROTOCOL.md lists. */
export const ABILITIES: readonly string[] = [
  'reread',
  'counts',
  'parallel',
  'repeat',
  'schedule',
  'pick',
  'fail_after',
  'fail_forks',
  'flush_tlb',
  'speculate',
  'warn',
  'leaks',
  'allocated_pages',
  'area_pages',
  'area_page_lists',
  'vmap_flags',
  'fork',
];

/** A manifest, with what only the protocol needs. */
export interface WireManifest extends Manifest {
  /** Maximum length of a line, in bytes. */
  readonly line: number;
  /** How many programs the target can hold before it answers. */
  readonly inflight: number;
}

/** A handshake that is invalid or incomplete. */
class HandshakeError extends Error {
  override readonly name = 'HandshakeError';
}

const fail = (line: string, expected: string): never => {
  throw new HandshakeError(
    `the target said ${JSON.stringify(line.slice(0, 120))} in its handshake; expected ${expected}`,
  );
};

const HEX = /^0x[0-9a-f]{1,16}$/;

/** Reads the lines from `mmspec target 1` to `ready`. Unknown lines are ignored, so that later versions can add some. */
export class Handshake {
  #begun = false;
  #done = false;
  #name = '';
  #profile = 'documented';
  readonly #traits = new Map<string, string>();
  #cpus = 0;
  #frames = 0;
  #page = 4096;
  readonly #windows = new Map<'kernel' | 'user', Window>();
  readonly #bounds: [side: 'kernel' | 'user', start: bigint, end: bigint][] = [];
  readonly #calls = new Set<string>();
  readonly #support = new Map<string, Support>();
  readonly #can = new Set<string>();
  readonly #sizes: { -readonly [N in keyof Sizes]?: number } = {};
  #steps = Number.POSITIVE_INFINITY;
  #line = 4096;
  #inflight = 1;
  #memory: number | undefined;
  readonly #functions = new Set<string>();

  /** True once `mmspec target 1` was read. */
  get begun(): boolean {
    return this.#begun;
  }

  /** True once `ready` was read. */
  get done(): boolean {
    return this.#done;
  }

  /**
   * Takes the next line.
   * @returns false if the line does not belong to the handshake.
   * @throws HandshakeError if the line is invalid.
   */
  take(line: string): boolean {
    const space = line.indexOf(' ');
    const word = space < 0 ? line : line.slice(0, space);
    const rest = space < 0 ? '' : line.slice(space + 1).trim();
    if (!this.#begun) {
      if (!/^mmspec target /.test(line)) return false;
      if (!WIRE_VERSIONS.includes(rest)) fail(line, 'mmspec target 1, or mmspec target 2');
      this.#begun = true;
      return true;
    }
    switch (word) {
      case 'name':
        this.#name = utf8(rest);
        return true;
      case 'profile':
        this.#profile = rest;
        return true;
      case 'trait':
        return this.#trait(line, rest);
      case 'cpus':
        this.#cpus = Math.min(LIMITS.cpus, this.#count(line, rest, 'a number of CPUs (cpus 2)'));
        return true;
      case 'frames':
        this.#frames = Math.min(LIMITS.frames, this.#count(line, rest, 'a number of frames (frames 64)'));
        return true;
      case 'page':
        this.#page = this.#count(line, rest, 'a page size in bytes (page 4096)');
        if (!isPageSize(this.#page)) fail(line, PAGE_SIZES);
        return true;
      case 'window':
        return this.#window(line, rest);
      case 'calls':
        return this.#call(line, rest);
      case 'can':
        for (const ability of rest.split(/\s+/)) this.#able(ability);
        return true;
      case 'sizes':
        return this.#size(line, rest);
      case 'functions':
        for (const name of namesIn(rest)) this.#functions.add(name);
        return true;
      case 'limit':
        return this.#limit(line, rest);
      case 'ready':
        if (rest !== '') return false;
        this.#done = true;
        return true;
      default:
        return false;
    }
  }

  /**
   * The manifest, once `ready` was read.
   * @throws HandshakeError if a required line is missing.
   */
  manifest(): WireManifest {
    const missing: string[] = [];
    if (this.#cpus === 0) missing.push('cpus 2');
    if (this.#frames === 0) missing.push('frames 64');
    if (this.#calls.size === 0) missing.push('calls vmap vunmap read');
    if (missing.length > 0) {
      throw new HandshakeError(
        `the target's handshake ended (ready) without required lines, such as: ${missing.join('; ')}`,
      );
    }
    // The page size may come after the windows, so addresses become page numbers only here.
    const size = BigInt(this.#page);
    for (const [side, start, end] of this.#bounds)
      this.#windows.set(side, { start: Number(start / size), end: Number((end + size - 1n) / size) });
    return {
      name: this.#name === '' ? 'unnamed target' : this.#name,
      profile: this.#profile,
      traits: this.#traits,
      cpus: this.#cpus,
      frames: this.#frames,
      page: this.#page,
      windows: this.#windows,
      calls: this.#calls,
      support: this.#support,
      can: this.#can,
      sizes: this.#sizes,
      ...(this.#memory === undefined ? {} : { memory: this.#memory }),
      ...(this.#functions.size > 0 ? { functions: [...this.#functions] } : {}),
      steps: this.#steps,
      line: this.#line,
      inflight: this.#inflight,
    };
  }

  #able(ability: string): void {
    if (ability === '') return;
    this.#can.add(ability);
    // An ability implies its calls, so `calls` need not name them.
    for (const call of CALLS) if (call.ability === ability) this.#calls.add(call.name);
  }

  /** `vmap vunmap(...)`: names of calls, some with what the target supports of them in parentheses. */
  #call(line: string, rest: string): boolean {
    for (const word of rest
      .replace(/\s*,\s*/g, ',')
      .replace(/\s+(?=[()])|(?<=\()\s+/g, '')
      .split(/\s+/)) {
      const [, name, limits] = /^([^()]+)(?:\(([^()]*)\))?$/.exec(word) ?? [];
      if (word !== '' && name === undefined)
        return fail(line, 'calls, such as: calls vmap(contiguous,pages=2..) vunmap');
      if (word === '') continue;
      this.#calls.add(name);
      const call = VOCABULARY.get(name);
      if (limits === undefined || !call) continue;
      try {
        this.#support.set(
          name,
          parseSupport(
            call,
            limits.split(',').filter((limit) => limit !== ''),
          ),
        );
      } catch (error) {
        return fail(line, (error as Error).message);
      }
    }
    return true;
  }

  #count(line: string, word: string, expected: string): number {
    return /^[1-9][0-9]{0,8}$/.test(word) ? Number(word) : fail(line, expected);
  }

  #trait(line: string, rest: string): boolean {
    for (const word of rest.split(/\s+/)) {
      const match = /^([a-z_]+)=([a-z0-9_-]+)$/.exec(word);
      if (!match) return fail(line, 'traits (trait tlb=lazy guard=trailing)');
      this.#traits.set(match[1], match[2]);
    }
    return true;
  }

  #window(line: string, rest: string): boolean {
    const [side, start, end, ...more] = rest.split(/\s+/);
    const good = (side === 'kernel' || side === 'user') && HEX.test(start ?? '') && HEX.test(end ?? '');
    if (!good || more.length > 0 || BigInt(end) <= BigInt(start))
      return fail(line, 'window kernel START END, or window user START END, in lower-case hexadecimal');
    this.#bounds.push([side, BigInt(start), BigInt(end)]);
    return true;
  }

  /** Sizes with names that this version does not know are ignored. */
  #size(line: string, rest: string): boolean {
    const expected = 'sizes in pages (sizes block=16 lazy=64 arena=65520 table=512)';
    for (const word of rest.split(/\s+/)) {
      const [name, value, ...more] = word.split('=');
      if (value === undefined || more.length > 0) return fail(line, expected);
      const pages = this.#count(line, value, expected);
      if (isSizeName(name)) this.#sizes[name] = pages;
    }
    return true;
  }

  #limit(line: string, rest: string): boolean {
    const [what, word = ''] = rest.split(/\s+/);
    const expected = 'limit line BYTES, limit steps STEPS, limit inflight PROGRAMS or limit memory PAGES';
    if (what === 'line') this.#line = this.#count(line, word, expected);
    else if (what === 'steps') this.#steps = this.#count(line, word, expected);
    else if (what === 'inflight') this.#inflight = this.#count(line, word, expected);
    else if (what === 'memory') this.#memory = Math.min(LIMITS.memory, this.#count(line, word, expected));
    else return false;
    return true;
  }
}
