import type { Clause } from '../../clauses/clause.ts';

/** How the pages of a VMA can be accessed: not at all, only read, or read and written. */
export type Access = 'none' | 'read' | 'write';

/** What a call that changes permissions promises about those that it takes away. */
export interface Restriction {
  /** The pages cannot be accessed. */
  readonly denies: Clause;
  /** No old translation allows it either. */
  readonly flushes: Clause;
}

/** The permissions of a shared VMA. Whether a private page can be written depends on whether it is a copy. */
export class Protection {
  access: Access = 'write';
  /** What the call that set them promises; undefined if no call has set them. */
  restriction: Restriction | undefined;
  /**
   * When writing was last allowed again for pages that could be read: a CPU may fault once more at those that were mapped
   * by then.
   */
  raised = -1;
  /** Pages at which an access was seen to fault since the permissions changed. */
  readonly #denied = new Set<number>();

  /** The permissions of a copy that a fork makes at `now`: its pages are mapped with those of the originals. */
  copy(now: number): Protection {
    const made = new Protection();
    made.access = this.access;
    made.restriction = this.restriction;
    made.raised = this.raised >= 0 ? now : -1;
    return made;
  }

  /** Changes the permissions. `now`: the logical time. */
  set(access: Access, restriction: Restriction, now: number): void {
    if (access === 'write' && this.access === 'read') this.raised = now;
    else if (access !== 'write') this.raised = -1;
    this.access = access;
    this.restriction = restriction;
    this.#denied.clear();
  }

  /** Whether a read must fault, or a write. */
  forbids(writes: boolean): boolean {
    return this.access === 'none' || (writes && this.access === 'read');
  }

  /** Whether a write to a page that was mapped at `since` may fault although it is allowed. */
  mayFault(writes: boolean, since: number): boolean {
    return writes && this.access === 'write' && since <= this.raised;
  }

  /** An access that is forbidden faulted at a page: the page tables forbid it. */
  see(page: number): void {
    this.#denied.add(page);
  }

  /** Whether an access that is forbidden was seen to fault at a page. */
  seen(page: number): boolean {
    return this.#denied.has(page);
  }
}
