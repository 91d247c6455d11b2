/**
 * What each CPU was seen to hold of each page of an area or a VMA: small numbers, 0 at first, at index
 * cpu * pages + page. The first entries take two bits each of one number, which is enough for short ranges and few CPUs.
 * The list of all entries is created only when another one is needed.
 */
export interface Seen {
  /** Length in pages. */
  readonly pages: number;
  seenBits: number;
  seenList: Uint8Array | undefined;
}

/** Entries of `seenBits`. More do not fit into a number that the engine stores without allocating memory. */
const PACKED = 15;

/** What a CPU was seen to hold of a page. */
export function seenBy({ pages, seenBits, seenList }: Seen, cpu: number, page: number): number {
  const index = cpu * pages + page;
  if (index < PACKED) return (seenBits >> (2 * index)) & 3;
  return seenList !== undefined && index < seenList.length ? seenList[index] : 0;
}

/** Records what a CPU was seen to hold of a page, from 0 to 3. */
export function markSeen(range: Seen, cpu: number, page: number, held: number): void {
  const index = cpu * range.pages + page;
  if (index < PACKED) {
    range.seenBits = (range.seenBits & ~(3 << (2 * index))) | (held << (2 * index));
    return;
  }
  let { seenList } = range;
  if (seenList === undefined || index >= seenList.length) {
    const longer = new Uint8Array((cpu + 1) * range.pages);
    if (seenList !== undefined) longer.set(seenList);
    seenList = range.seenList = longer;
  }
  seenList[index] = held;
}

/** A number of CPUs that includes all that were seen to hold a page. */
export function countSeenCpus({ pages, seenBits, seenList }: Seen): number {
  const packed = seenBits === 0 ? 0 : Math.ceil(PACKED / pages);
  return seenList === undefined ? packed : Math.max(packed, seenList.length / pages);
}
