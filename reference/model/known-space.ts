/** What is known of a VMA before the program runs. Its call may fail, so the name may never be bound. */
export interface KnownVma {
  readonly name: number;
  readonly pages: number;
  /** Set of possible kinds. */
  kinds: number;
  readonly shared: boolean;
  readonly object: number;
  /** Index in the object of the first page, in pages; -1 where it is the frame's own number (a private remap). */
  readonly index: number;
  /** A fork leaves it out (VM_DONTCOPY). */
  readonly dontCopy: boolean;
  /** It may have private copies of pages. */
  copied: boolean;
  /** 1 if the page may be mapped, 0 if it is certainly not. */
  readonly perhaps: Uint8Array;
  /** 1 for pages that are no longer part of the VMA; undefined while it is whole. */
  cut: Uint8Array | undefined;
  live: boolean;
  slot: number;
  /** The first VMA of the row of adjacent VMAs that this one belongs to, and the distance from its start, in pages. */
  readonly row: number;
  readonly at: number;
  /** The VMA right after this one, or -1. */
  next: number;
}

/** What is known of the VMAs of an address space. */
export interface KnownSpace {
  readonly vmas: (KnownVma | undefined)[];
  readonly liveVmas: KnownVma[];
  readonly retiredVmas: KnownVma[];
}

/** An independent copy of a VMA. Field by field: V8 gives the result of a spread another shape, which slows every use. */
export const copyVma = (vma: KnownVma): KnownVma => ({
  name: vma.name,
  pages: vma.pages,
  kinds: vma.kinds,
  shared: vma.shared,
  object: vma.object,
  index: vma.index,
  dontCopy: vma.dontCopy,
  copied: vma.copied,
  live: vma.live,
  slot: vma.slot,
  row: vma.row,
  at: vma.at,
  next: vma.next,
  perhaps: vma.perhaps.slice(),
  cut: vma.cut?.slice(),
});

/** An independent copy of an address space. `isLive`: whether the copy of a VMA is live. */
export function copySpace({ vmas }: KnownSpace, isLive: (vma: KnownVma) => boolean = ({ live }) => live): KnownSpace {
  const space: KnownSpace = { vmas: [], liveVmas: [], retiredVmas: [] };
  for (const vma of vmas) {
    if (!vma) continue;
    const copy = copyVma(vma);
    copy.live = isLive(vma);
    if (!copy.live) copy.perhaps.fill(0);
    const list = copy.live ? space.liveVmas : space.retiredVmas;
    copy.slot = list.length;
    list.push(copy);
    space.vmas[vma.name] = copy;
  }
  return space;
}

/** How many pages from `page` on are still part of a VMA that is known. */
export function pagesLeft({ cut, pages }: KnownVma, page: number): number {
  const end = cut === undefined ? -1 : cut.indexOf(1, page);
  return (end < 0 ? pages : end) - page;
}
