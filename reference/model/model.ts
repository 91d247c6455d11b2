import * as common from '../clauses/common.ts';
import type { Tally } from '../clauses/tally.ts';
import type { Address } from '../notation/address.ts';
import type { FrameId } from '../notation/frame.ts';
import { Judgement } from './judgement.ts';
import { KernelSpace } from './kernel/space.ts';
import type { Lookup } from './kernel/tables.ts';
import type { Insertion, Removal } from './promises.ts';
import { UserSpace } from './user/space.ts';
import { SpareVmas } from './user/spare.ts';
import type { Sweep, Vma } from './user/vma.ts';
import { Disturbance } from './user/vmas.ts';

/** The judge's model of one trace: the kernel's side and the user's side. */
export class Model extends Judgement {
  readonly kernel = new KernelSpace(this);
  readonly #disturbance = new Disturbance();
  readonly #spare = new SpareVmas();
  readonly #first = new UserSpace(this, this.#disturbance, this.#spare);
  /** The address space in which the step runs that is being judged. */
  user: UserSpace = this.#first;
  /** The address spaces that forks made, by name, and the one whose child runs. */
  readonly #spaces: (UserSpace | undefined)[] = [];
  #child: UserSpace | undefined;

  /** The size of the memory that is kept for the next trace: lives of areas, and pages of areas and VMAs. */
  get room(): number {
    return this.kernel.room + this.#spare.room;
  }

  override reset(tally: Tally, frames: number, windows: Model['windows']): void {
    super.reset(tally, frames, windows);
    this.kernel.reset();
    this.#disturbance.reset();
    this.#first.reset();
    for (const space of this.#spaces) space?.reset();
    this.enterSpace(-1);
    this.#spaces.length = 0;
    this.#child = undefined;
  }

  /** Whether a fork made an address space of this name; -1, the first one, is always there. */
  hasSpace(name: number): boolean {
    return name < 0 || this.#spaces[name] !== undefined;
  }

  /** The step that is judged next runs in this address space; -1: the first one. */
  enterSpace(name: number): void {
    this.space = name;
    this.user = (name < 0 ? undefined : this.#spaces[name]) ?? this.#first;
  }

  /** A fork made an address space. It promises `copied` about the pages in it, and `leftOut` about the VMAs that it left out. */
  fork(name: number, copied: Insertion, leftOut: Removal): void {
    const child = new UserSpace(this, this.#disturbance, this.#spare);
    child.copyFrom(this.#first, copied, leftOut);
    this.#spaces[name] = child;
    this.#child = child;
  }

  /** The child with this address space ended. */
  exit(name: number, removal: Removal): void {
    this.#spaces[name]?.exit(removal);
    if (this.#child === this.#spaces[name]) this.#child = undefined;
  }

  /** The live VMAs of all address spaces. */
  get liveVmas(): readonly Vma[] {
    return this.#child ? [...this.#first.live, ...this.#child.live] : this.#first.live;
  }

  /** The address spaces that forks made, by name. */
  get spaces(): readonly (UserSpace | undefined)[] {
    return this.#spaces;
  }

  /** Whether a live VMA maps one of these consecutive frames. */
  mapsInUser(frames: readonly FrameId[]): boolean {
    return this.#first.maps(frames) || this.#child?.maps(frames) === true;
  }

  /** Pages of every VMA of an object were emptied, in all address spaces. */
  sweep(sweep: Sweep): void {
    this.#first.sweep(sweep);
    this.#child?.sweep(sweep);
  }

  /** A parallel block begins. */
  enterBlock(): void {
    this.kernel.enterBlock();
    this.#first.enterBlock();
    this.#child?.enterBlock();
  }

  /** A parallel block has ended. */
  leaveBlock(): void {
    this.#first.leaveBlock();
    this.#child?.leaveBlock();
  }

  /** Judges what a CPU reached when it accessed an address. `write`: the value that it wrote, -1 for a read. */
  observe({ base, index, offset }: Address, write: number): void {
    const page = this.#access(offset, write);
    if (base === 'a' && this.user !== this.#first) this.#observeInChild(index, page);
    else if (base === 'a') this.kernel.observe(index, page);
    else if (base === 'v') this.user.observe(index, page);
    else this.expect(common.READ_NOTHING, this.outcome.kind === 'fault', () => 'fault');
  }

  /** Judges what was read at an address of an area through the page tables, not through the TLB of a CPU. */
  readTables({ index, offset }: Address, by: Lookup): void {
    this.kernel.translate(index, this.#access(offset, -1), by);
  }

  /** Judges what a CPU reached at page `page` of an area in a child. A wrong fault breaks the clause about its address space. */
  #observeInChild(area: number, page: number): void {
    this.kernel.observe(area, page);
    const { violation, outcome } = this;
    if (violation && outcome.kind === 'fault') this.violation = this.blame(violation, common.AREAS_EVERYWHERE);
    else if (!violation && outcome.kind === 'frame') this.uphold(common.AREAS_EVERYWHERE);
  }

  /** Takes over what is accessed. Returns the page, counted from the start of the area or VMA. */
  #access(offset: number, write: number): number {
    const page = Math.floor(offset / this.page);
    this.word = Math.floor((offset - page * this.page) / 8);
    this.write = write;
    return page;
  }
}
