import type { Window } from '../../../reference/notation/document.ts';
import type { Manifest } from '../target.ts';
import { utf8 } from './lines.ts';

/** The version of the wire that this end speaks. */
export const WIRE_VERSION = 1;

/** The steps that an ability stands for; `calls` need not name them again. */
const STEPS_OF: Readonly<Record<string, readonly string[]>> = {
  reread: ['reread'],
  counts: ['page_count', 'page_mapcount'],
  fail_after: ['fail_after'],
  speculate: ['speculate'],
};

/** A manifest, with what only the wire needs to know. */
export interface WireManifest extends Manifest {
  /** The longest line that the target takes, in bytes. */
  readonly line: number;
  /** How many programs it can hold before it answers. */
  readonly inflight: number;
}

/** A handshake that says something impossible, or leaves out what is needed. */
export class HandshakeError extends Error {
  override readonly name = 'HandshakeError';
}

const fail = (line: string, expected: string): never => {
  throw new HandshakeError(
    `the target said ${JSON.stringify(line.slice(0, 120))} in its handshake; expected ${expected}`,
  );
};

const HEX = /^0x[0-9a-f]{1,16}$/;

/** Reads the lines from `mmspec target 1` to `ready`. Lines of no known kind are passed over, for later versions. */
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
  readonly #can = new Set<string>();
  #steps = Number.POSITIVE_INFINITY;
  #line = 4096;
  #inflight = 1;

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
   * @returns false where the line is no part of the handshake.
   * @throws HandshakeError where it is, and says what cannot be.
   */
  take(line: string): boolean {
    const space = line.indexOf(' ');
    const word = space < 0 ? line : line.slice(0, space);
    const rest = space < 0 ? '' : line.slice(space + 1).trim();
    if (!this.#begun) {
      if (!/^mmspec target /.test(line)) return false;
      if (rest !== `target ${WIRE_VERSION}`) fail(line, `mmspec target ${WIRE_VERSION}`);
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
        this.#cpus = this.#count(line, rest, 'a number of CPUs (cpus 2)');
        return true;
      case 'frames':
        this.#frames = this.#count(line, rest, 'a number of frames (frames 64)');
        return true;
      case 'page':
        this.#page = this.#count(line, rest, 'a page size in bytes (page 4096)');
        if ((this.#page & (this.#page - 1)) !== 0 || this.#page < 64) fail(line, 'a power of two from 64 on');
        return true;
      case 'window':
        return this.#window(line, rest);
      case 'calls':
        for (const call of rest.split(/\s+/)) if (call !== '') this.#calls.add(call);
        return true;
      case 'can':
        for (const ability of rest.split(/\s+/)) this.#able(ability);
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
   * What was said, once `ready` was read.
   * @throws HandshakeError where something that must be said was not.
   */
  manifest(): WireManifest {
    const missing: string[] = [];
    if (this.#cpus === 0) missing.push('cpus 2');
    if (this.#frames === 0) missing.push('frames 64');
    if (this.#calls.size === 0) missing.push('calls vmap vunmap read');
    if (missing.length > 0) {
      throw new HandshakeError(`the target's handshake ended (ready) without: ${missing.join('; ')}`);
    }
    // Only now, since the page size may be said after the windows.
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
      can: this.#can,
      steps: this.#steps,
      line: this.#line,
      inflight: this.#inflight,
    };
  }

  #able(ability: string): void {
    if (ability === '') return;
    this.#can.add(ability);
    for (const call of STEPS_OF[ability] ?? []) this.#calls.add(call);
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

  #limit(line: string, rest: string): boolean {
    const [what, word = ''] = rest.split(/\s+/);
    const expected = 'limit line BYTES, limit steps STEPS or limit inflight PROGRAMS';
    if (what === 'line') this.#line = this.#count(line, word, expected);
    else if (what === 'steps') this.#steps = this.#count(line, word, expected);
    else if (what === 'inflight') this.#inflight = this.#count(line, word, expected);
    else return false;
    return true;
  }
}
