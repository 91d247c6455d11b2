import type { Judgement } from '../judgement.ts';
import { Lives } from './lives.ts';
import { OverlappingReads } from './overlapping.ts';
import { Reads } from './reads.ts';
import { type Lookup, lookUp, lookUpOverlapping } from './tables.ts';

/** The kernel's side: what calls do to its areas, and the judging of what is seen of them. */
export class KernelSpace extends Lives {
  readonly #reads: Reads;
  readonly #overlapping: OverlappingReads;

  constructor(model: Judgement) {
    super(model);
    this.#reads = new Reads(this);
    this.#overlapping = new OverlappingReads(this, this.#reads);
  }

  /** Judges what a CPU reached at page `page` counted from the start of area `name`. */
  observe(name: number, page: number): void {
    const location = this.named[name]!.start + page;
    if (this.model.overlapping) this.#overlapping.observe(location);
    else this.#reads.observe(location);
  }

  /** Judges `vmalloc_to_page`: what the page tables say about page `page` counted from the start of area `name`. */
  translate(name: number, page: number, by: Lookup): void {
    const location = this.named[name]!.start + page;
    if (this.model.overlapping) lookUpOverlapping(this, location, by);
    else lookUp(this, location, by);
  }
}
