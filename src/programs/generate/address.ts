import type { Known, KnownArea, Origin } from '../../../reference/model/known.ts';
import type { KnownVma } from '../../../reference/model/known-space.ts';
import { type Address, HOLE, inArea, inVma, NULL } from '../../../reference/notation/address.ts';
import type { Random } from './random.ts';

/** How many entries at the end of a list count as recent. */
const RECENT_ENTRIES = 8;

/** A page index in a mapping of `pages` pages: mostly the first, the last, or one just outside. */
function drawPage(random: Random, pages: number): number {
  const r = random.below(100);
  if (r < 35) return 0;
  if (r < 60) return pages - 1;
  if (r < 67) return pages;
  if (r < 69) return -1;
  return random.below(pages);
}

/** An offset in a page, in bytes: mostly its first word, sometimes its last or another one, or the middle of a word. */
function drawWithin(random: Random, page: number): number {
  const r = random.below(100);
  if (r < 80) return 0;
  if (r < 88) return page - 8;
  if (r < 98) return 8 * random.below(page / 8);
  return random.below(page);
}

/** Percentage of pages of sparse areas that may be mapped, where any may be. */
const MAPPED_PERCENT = 75;

/** A page index in an area: in a sparse one, mostly of a page that may be mapped, or was when the area was freed. */
function drawAreaPage(random: Random, { pages, perhaps }: KnownArea): number {
  const mapped = perhaps && random.chance(MAPPED_PERCENT) ? perhaps.indexOf(1, random.below(pages)) : -1;
  return mapped < 0 ? drawPage(random, pages) : mapped;
}

/** An address in an area, or just outside it. `page`: page size in bytes. */
export function drawInArea(random: Random, area: KnownArea, page: number): Address {
  return inArea(area.name, drawAreaPage(random, area) * page + drawWithin(random, page));
}

/** An address in a VMA, or just outside it. `page`: page size in bytes. */
export function drawInVma(random: Random, vma: KnownVma, page: number): Address {
  return inVma(vma.name, drawPage(random, vma.pages) * page + drawWithin(random, page));
}

/** An entry of a list, mostly a recent one. */
function latest<T>(random: Random, list: readonly T[]): T | undefined {
  const { length } = list;
  if (length === 0) return undefined;
  return list[random.chance(75) ? length - 1 - random.below(Math.min(RECENT_ENTRIES, length)) : random.below(length)];
}

const ORIGINS: readonly Origin[] = ['vmap', 'put', 'ram', 'vmalloc'];

/** A live area of one of the origins, all origins equally likely; sometimes the latest area of that origin. */
export function drawLive(random: Random, known: Known, origins: readonly Origin[] = ORIGINS): KnownArea | undefined {
  const { length } = origins;
  const first = length === 1 ? 0 : random.below(length);
  for (let n = 0; n < length; n++) {
    const at = first + n;
    const list = known.live[origins[at < length ? at : at - length]];
    if (list.length > 0) return list[random.chance(20) ? list.length - 1 : random.below(list.length)];
  }
  return undefined;
}

function inAreaIfAny(random: Random, known: Known, area: KnownArea | undefined): Address | undefined {
  return area && drawInArea(random, area, known.page);
}

function inVmaIfAny(random: Random, known: Known, vma: KnownVma | undefined): Address | undefined {
  return vma && drawInVma(random, vma, known.page);
}

/** Percentage of addresses in live sparse areas, where there are any. */
const SPARSE_PERCENT = 30;

/** An address of a kernel area, live or unmapped. */
export function drawAreaAddress(random: Random, known: Known): Address | undefined {
  if (known.live.sparse.length > 0 && random.chance(SPARSE_PERCENT))
    return drawInArea(random, random.of(known.live.sparse), known.page);
  const live = random.chance(50);
  const area = live ? drawLive(random, known) : latest(random, known.retired);
  return inAreaIfAny(random, known, area ?? (live ? latest(random, known.retired) : drawLive(random, known)));
}

/** An address of a user VMA, live or unmapped. */
export function drawVmaAddress(random: Random, known: Known): Address | undefined {
  const live = random.chance(80);
  const vma = latest(random, live ? known.liveVmas : known.retiredVmas);
  return inVmaIfAny(random, known, vma ?? latest(random, live ? known.retiredVmas : known.liveVmas));
}

/** The address of a page of a live private VMA. */
export function drawPrivateAddress(random: Random, known: Known): Address | undefined {
  const { length } = known.liveVmas;
  const first = length < 2 ? 0 : random.below(length);
  for (let n = 0; n < length; n++) {
    const vma = known.liveVmas[(first + n) % length];
    if (!vma.shared) return inVma(vma.name, random.below(vma.pages) * known.page);
  }
  return undefined;
}

/** An address on either side, kernel or user; rarely one that belongs to nothing. */
export function drawAnyAddress(random: Random, known: Known): Address | undefined {
  if (random.chance(2)) return random.chance(50) ? HOLE : NULL;
  const user = random.chance(50);
  return (
    (user ? drawVmaAddress(random, known) : drawAreaAddress(random, known)) ??
    (user ? drawAreaAddress(random, known) : drawVmaAddress(random, known))
  );
}
