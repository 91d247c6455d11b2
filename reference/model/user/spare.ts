import { Vma } from './vma.ts';

/** Longer VMAs are not kept for the next trace. */
const MAX_PAGES = 2048;

/** VMAs of earlier traces, to be used again. All address spaces share them. */
export class SpareVmas {
  /** By their length in pages. */
  readonly #kept: (Vma[] | undefined)[] = [];
  #room = 0;

  /** The size of the memory that is kept for the next trace, in pages of VMAs. */
  get room(): number {
    return this.#room;
  }

  /** A VMA of this length, which must begin anew. */
  take(pages: number): Vma {
    const kept = this.#kept[pages]?.pop();
    if (kept) return kept;
    if (pages <= MAX_PAGES) this.#room += pages;
    return new Vma();
  }

  /** A trace no longer needs a VMA. */
  give(vma: Vma): void {
    if (vma.pages > MAX_PAGES) return;
    const kept = this.#kept[vma.pages];
    if (kept) kept.push(vma);
    else this.#kept[vma.pages] = [vma];
  }
}
