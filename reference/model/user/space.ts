import type { Clause } from '../../clauses/clause.ts';
import type { Judgement } from '../judgement.ts';
import { observeOverlapping } from './overlapping.ts';
import { Reads } from './reads.ts';
import type { Vma } from './vma.ts';
import { Vmas } from './vmas.ts';

/** The user's side: what calls do to its VMAs, and the judging of what is seen of them. */
export class UserSpace extends Vmas {
  readonly #reads: Reads;

  constructor(model: Judgement) {
    super(model);
    this.#reads = new Reads(this);
  }

  /** Judges what a CPU reached at page `page` counted from the start of VMA `name`. */
  observe(name: number, page: number): void {
    const named = this.named[name]!;
    if (this.block) observeOverlapping(this, this.block, named, page);
    else this.#reads.observe(named, page);
  }

  /** A mapped page is gone: breaks the latest promise that should have kept it, or `clause` if there is no such one. */
  missed(vma: Vma, page: number, allowed: string, clause: Clause): void {
    this.#reads.missed(vma, page, allowed, clause);
  }
}
