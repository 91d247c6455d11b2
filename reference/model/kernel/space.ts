import type { FrameId } from '../../notation/frame.ts';
import type { Outcome } from '../../notation/outcome.ts';
import type { Judgement } from '../judgement.ts';
import type { Mapping, Removal } from '../promises.ts';
import { CallerReads } from './caller.ts';
import { Lives } from './lives.ts';
import { OverlappingReads } from './overlapping.ts';
import { fillPart, findFrame, findMapped, firstWith, isSomeMapped, mapPart, missFrame, unmapParts } from './parts.ts';
import { PermanentMap } from './permanent.ts';
import { Reads } from './reads.ts';
import { Sharing } from './sharing.ts';
import { type DescriptorLookup, findDescriptor, type Lookup, lookUp, lookUpOverlapping } from './tables.ts';

/** The kernel's side: what calls do to its areas, and the judging of what is seen of them. */
export class KernelSpace extends Lives {
  readonly #reads: Reads;
  readonly #overlapping: OverlappingReads;
  #caller: CallerReads | undefined;
  #sharing: Sharing | undefined;
  #permanent: PermanentMap | undefined;

  constructor(model: Judgement) {
    super(model);
    this.#reads = new Reads(this);
    this.#overlapping = new OverlappingReads(this, this.#reads);
    this.#begin();
  }

  /** Makes what only some traits need. */
  #begin(): void {
    const { traits } = this.model;
    this.#caller = traits.tlb === 'caller' ? new CallerReads(this) : undefined;
    this.#sharing = traits.alias === 'same-address' ? new Sharing(this) : undefined;
    this.#permanent = traits.single_page === 'permanent' ? new PermanentMap(this.model) : undefined;
  }

  override reset(): void {
    super.reset();
    this.#begin();
  }

  /** Whether an area lies in the permanent map, outside the window. */
  isPermanent(name: number): boolean {
    return this.#permanent?.has(name) === true;
  }

  override map(name: number, outcome: Outcome, frames: readonly FrameId[], mapping: Mapping): void {
    if (this.#permanent?.takes(frames, mapping)) {
      this.name(name, outcome, frames, mapping);
      return this.#permanent.map(name, outcome, frames[0]);
    }
    if (!this.#sharing?.join(name, outcome, frames, mapping)) super.map(name, outcome, frames, mapping);
  }

  override beginMap(name: number, outcome: Outcome, frames: readonly FrameId[], mapping: Mapping): void {
    if (!this.#permanent?.takes(frames, mapping)) super.beginMap(name, outcome, frames, mapping);
  }

  override unmap(name: number, removal: Removal): void {
    const life = this.named[name]!;
    if (this.#sharing?.leave(life)) return this.keep(removal.keeps);
    super.unmap(name, removal);
    if (life.parts) unmapParts(this, life, 0, life.pages, removal);
  }

  override beginUnmap(name: number): void {
    const life = this.named[name];
    if (!life || !this.#sharing?.beginsToLeave(life)) super.beginUnmap(name);
  }

  /** Maps frames in a sparse area, from its page `from` on. `certain`: the call succeeded, so they are all mapped. */
  mapPart(name: number, from: number, frames: readonly FrameId[], mapping: Mapping, certain: boolean): void {
    mapPart(this, name, from, frames, mapping, certain);
  }

  /** Whether some of `pages` pages of a sparse area, from its page `from` on, are certainly mapped. */
  isSomeMapped(name: number, from: number, pages: number): boolean {
    return isSomeMapped(this.named[name]!, from, from + pages);
  }

  /** A call found a page of a sparse area mapped. Returns whether it can be. */
  findMapped(name: number, page: number): boolean {
    return findMapped(this.named[name]!, page);
  }

  /** The first of `pages` pages of a sparse area, from its page `from` on, where a frame is certainly mapped; or -1. */
  firstWith(name: number, frame: FrameId, from: number, pages: number): number {
    return firstWith(this.named[name]!, frame, from, from + pages);
  }

  /** A call found a frame mapped at a page of a sparse area. Returns whether it can be. */
  findFrame(name: number, frame: FrameId, page: number): boolean {
    return findFrame(this.named[name]!, frame, page);
  }

  /** A call did not find a frame in some pages of a sparse area, where it was not certainly mapped. */
  missFrame(name: number, frame: FrameId, from: number, pages: number): void {
    missFrame(this, this.named[name]!, frame, from, from + pages);
  }

  /** Maps frames in a sparse area, from its page `from` on, in pages that the call has found empty. */
  fillPart(name: number, from: number, frames: readonly FrameId[], mapping: Mapping): void {
    fillPart(this, name, from, frames, mapping);
  }

  /** Unmaps what is mapped in some pages of a sparse area, from its page `from` on. */
  unmapPart(name: number, from: number, pages: number, removal: Removal): void {
    unmapParts(this, this.named[name]!, from, from + pages, removal);
    this.keep(removal.keeps);
  }

  /** `flush_tlb` returned. */
  flushCpu(): void {
    this.#caller?.flush();
  }

  /** Judges what a CPU reached at page `page` counted from the start of area `name`. */
  observe(name: number, page: number): void {
    if (this.isPermanent(name)) return this.#permanent!.observe(name, page);
    const named = this.named[name]!;
    if (this.#caller) this.#caller.observe(named.start + page);
    else if (this.model.overlapping) this.#overlapping.observe(named.start + page);
    else this.#reads.observe(named, page);
  }

  /** Judges `find_vm_area` of the first address of area `name`. */
  find(name: number, by: DescriptorLookup): void {
    findDescriptor(this, this.named[name]!.start, by);
  }

  /** Judges what the page tables say about page `page` counted from the start of area `name`. */
  translate(name: number, page: number, by: Lookup): void {
    const location = this.named[name]!.start + page;
    if (this.model.overlapping) lookUpOverlapping(this, location, by);
    else lookUp(this, location, by);
  }
}
