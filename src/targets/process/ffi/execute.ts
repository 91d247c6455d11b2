import type { Step } from '../../../../reference/calls/call.ts';
import type { Address } from '../../../../reference/notation/address.ts';
import type { FrameId } from '../../../../reference/notation/frame.ts';
import type { Library } from './library.ts';
import { Memory } from './memory.ts';

/** The address of `hole`: below every library's window, so that nothing maps it. */
const HOLE = 0x10000n;
const PUT_PAGES = 1;

class Unbound extends Error {}

/** Executes steps on a library, and binds names. */
export class Executor {
  readonly #library: Library;
  readonly #page: number;
  readonly #memory: Memory;
  #names = new Map<number, bigint>();

  /** @param page page size in bytes. */
  constructor(library: Library, page: number) {
    this.#library = library;
    this.#page = page;
    this.#memory = new Memory(library, page);
  }

  begin(cpus: number, frames: number): void {
    this.#library.begin(cpus, frames);
    this.#memory.begin();
    this.#names = new Map();
  }

  /** Executes one step. Returns the outcome as the notation writes it. */
  step(step: Step): string {
    try {
      return this.#call(step);
    } catch (error) {
      if (error instanceof Unbound) return 'skipped';
      throw error;
    }
  }

  #call(step: Step): string {
    const { cpu, args } = step;
    const library = this.#library;
    const { name } = step.call;
    if (!(name in ALWAYS) && library[(ALSO[name] ?? name) as keyof Library] === undefined) return 'unsupported';
    switch (name) {
      case 'vmap': {
        const frames = this.#frames(step);
        const flags = (args[1] as readonly string[] | undefined)?.includes('put_pages') ? PUT_PAGES : 0;
        return this.#bind(step, library.vmap!(cpu, frames, frames.length, flags));
      }
      case 'vm_map_ram': {
        const frames = this.#frames(step);
        return this.#bind(step, library.vm_map_ram!(cpu, frames, frames.length));
      }
      case 'vmalloc':
      case 'vzalloc':
        return this.#allocate(step, args[0] as number);
      case 'vunmap':
      case 'vfree':
        library[name]!(cpu, this.#address(args[0] as Address));
        return 'ok';
      case 'vm_unmap_ram':
        library.vm_unmap_ram!(cpu, this.#address(args[0] as Address), args[1] as number);
        return 'ok';
      case 'vm_unmap_aliases':
        library.vm_unmap_aliases!(cpu);
        return 'ok';
      case 'vmalloc_to_page': {
        const pointer = library.vmalloc_to_page!(cpu, this.#address(args[0] as Address));
        return pointer ? this.#memory.identity(pointer) : 'null';
      }
      case 'is_vmalloc_addr':
        return library.is_vmalloc_addr!(cpu, this.#address(args[0] as Address)) ? '1' : '0';
      case 'read':
        return this.#memory.read(cpu, this.#word(args[0] as Address));
      case 'reread':
        library.flush_one!(cpu, this.#address(args[0] as Address));
        return this.#memory.read(cpu, this.#word(args[0] as Address));
      case 'write':
        return this.#memory.write(cpu, this.#word(args[0] as Address), args[1] as number);
      case 'page_count':
      case 'page_mapcount':
        return String(library[name]!(this.#memory.frame(args[0] as number)));
      case 'fail_after':
        library.fail_after!(args[0] as number);
        return 'ok';
      default:
        return 'unsupported';
    }
  }

  #frames({ args }: Step): Uint32Array {
    return Uint32Array.from(args[0] as readonly FrameId[], (frame) => this.#memory.frame(frame));
  }

  #address({ base, index, offset }: Address): bigint {
    let start = base === 'hole' ? HOLE : 0n;
    if (base !== 'hole' && base !== 'null') {
      const bound = base === 'a' ? this.#names.get(index) : undefined;
      if (bound === undefined) throw new Unbound();
      start = bound;
    }
    return BigInt.asUintN(64, start + BigInt(offset));
  }

  /** The address of the aligned word that an address hits. */
  #word(address: Address): bigint {
    return this.#address(address) & ~7n;
  }

  #bind(step: Step, address: number | bigint): string {
    if (!address) {
      this.#names.delete(step.binds);
      return 'null';
    }
    this.#names.set(step.binds, BigInt(address));
    return `0x${address.toString(16)}`;
  }

  #allocate(step: Step, bytes: number): string {
    const name = step.call.name as 'vmalloc' | 'vzalloc';
    const answer = this.#bind(step, this.#library[name]!(step.cpu, BigInt(bytes)));
    const start = this.#names.get(step.binds);
    let dirty = -1;
    for (let page = 0; start !== undefined && page * this.#page < bytes; page++) {
      const pointer = this.#library.vmalloc_to_page?.(step.cpu, start + BigInt(page * this.#page));
      if (!pointer) continue;
      const zero = this.#memory.allocated(pointer, `a${step.binds}:${page}`);
      if (!zero && dirty < 0) dirty = page;
    }
    return name === 'vzalloc' && dirty >= 0 ? `${answer} dirty ${dirty}` : answer;
  }
}

/** Steps that every library can execute. */
const ALWAYS: Readonly<Record<string, true>> = { read: true, write: true };
/** Steps that stand for a function of another name. */
const ALSO: Readonly<Record<string, string>> = { reread: 'flush_one' };

/** The calls that a library can execute, by what it exports. */
export function callsOf(library: Library): string[] {
  const memory = library.vmalloc_to_page !== undefined;
  const offered: readonly (readonly [string, boolean])[] = [
    ['vmap', library.vmap !== undefined],
    ['vunmap', library.vunmap !== undefined],
    ['vm_map_ram', library.vm_map_ram !== undefined],
    ['vm_unmap_ram', library.vm_unmap_ram !== undefined],
    ['vm_unmap_aliases', library.vm_unmap_aliases !== undefined],
    ['vmalloc', memory && library.vmalloc !== undefined],
    ['vzalloc', memory && library.vzalloc !== undefined],
    ['vfree', library.vfree !== undefined],
    ['vmalloc_to_page', memory],
    ['is_vmalloc_addr', library.is_vmalloc_addr !== undefined],
    ['read', true],
    ['write', true],
  ];
  return offered.filter(([, has]) => has).map(([call]) => call);
}

/** The optional abilities of a library. */
export function abilitiesOf(library: Library): string[] {
  const found: string[] = [];
  if (library.flush_one) found.push('reread');
  if (library.page_count && library.page_mapcount) found.push('counts');
  if (library.fail_after) found.push('fail_after');
  return found;
}
