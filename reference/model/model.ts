import * as common from '../clauses/common.ts';
import type { Tally } from '../clauses/tally.ts';
import type { Address } from '../notation/address.ts';
import { Judgement } from './judgement.ts';
import { KernelSpace } from './kernel/space.ts';
import type { Lookup } from './kernel/tables.ts';
import { UserSpace } from './user/space.ts';

/** The judge's model of one trace: the kernel's side and the user's side. */
export class Model extends Judgement {
  readonly kernel = new KernelSpace(this);
  readonly user = new UserSpace(this);

  /** The size of the memory that is kept for the next trace: lives of areas, and pages of areas and VMAs. */
  get room(): number {
    return this.kernel.room + this.user.room;
  }

  override reset(tally: Tally, frames: number, windows: Model['windows']): void {
    super.reset(tally, frames, windows);
    this.kernel.reset();
    this.user.reset();
  }

  /** Judges what a CPU reached when it accessed an address. `write`: the value that it wrote, -1 for a read. */
  observe({ base, index, offset }: Address, write: number): void {
    const page = this.#access(offset, write);
    if (base === 'a') this.kernel.observe(index, page);
    else if (base === 'v') this.user.observe(index, page);
    else this.expect(common.READ_NOTHING, this.outcome.kind === 'fault', () => 'fault');
  }

  /** Judges what was read at an address of an area through the page tables, not through the TLB of a CPU. */
  readTables({ index, offset }: Address, by: Lookup): void {
    this.kernel.translate(index, this.#access(offset, -1), by);
  }

  /** Takes over what is accessed. Returns the page, counted from the start of the area or VMA. */
  #access(offset: number, write: number): number {
    const page = Math.floor(offset / this.page);
    this.word = Math.floor((offset - page * this.page) / 8);
    this.write = write;
    return page;
  }
}
