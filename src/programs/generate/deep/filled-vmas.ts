import { type Address, inVma } from '../../../../reference/notation/address.ts';
import type { Plan } from '../repertoire.ts';
import type { Walk } from '../walk.ts';
import type { Site } from './site.ts';
import { type Frames, mappedPages, type Vmas } from './vmas.ts';

/** Kinds of VMA to try until one can be filled. */
const KINDS_TO_TRY = 2;
/** Pages that are filled one by one, at most. */
const MAX_SINGLE = 20;
/** Objects that structures use. Others are left for VMAs that must not matter. */
export const OBJECTS = 3;

/** Creates and fills the VMAs of deep programs, with what is left to chance. */
export class FilledVmas {
  readonly #vmas: Vmas;

  constructor(vmas: Vmas) {
    this.#vmas = vmas;
  }

  /**
   * Creates a VMA and maps a range of its pages. Tries several kinds, since not every call fits every kind. Returns its
   * name; -1 if no kind could be filled. `whole`: the VMA may map all pages from the start, if the range is all of it.
   */
  create(
    site: Site,
    pages: number,
    from: number,
    to: number,
    frames: Frames,
    whole: boolean,
    place = this.place(site),
  ): number {
    const { walk, random, cpu } = site;
    for (let attempt = 0; attempt < KINDS_TO_TRY; attempt++) {
      const remap = whole && from === 0 && to === pages && !frames.repeat ? this.remap(site, 50) : -1;
      const kind = random.of(remap < 0 ? this.#fillable(frames, to - from) : this.#vmas.kinds);
      const name = this.#vmas.create(walk, kind, { ...place, pages, remap }, cpu);
      const vma = walk.known.vmas[name];
      if (!vma) continue;
      if (from === to || vma.perhaps[from] === 1 || this.#vmas.fill(walk, { vma: name, from, to }, frames, cpu))
        return name;
      if (random.chance(70)) this.#vmas.end(walk, name, cpu);
    }
    return -1;
  }

  /** The kinds of VMA that can be filled with this number of frames, in few steps if possible. */
  #fillable({ repeat, atOnce }: Frames, pages: number): readonly Plan[] {
    const { kinds, fillable, rangeFillable, listFillable } = this.#vmas;
    const best = repeat && pages > 3 ? listFillable : atOnce || pages > MAX_SINGLE ? rangeFillable : fillable;
    return best.length > 0 ? best : fillable.length > 0 ? fillable : kinds;
  }

  /** Maps a frame in one page of a VMA, if it is empty. */
  fillOne(site: Site, name: number, page = 0): void {
    const vma = site.walk.known.vmas[name];
    if (vma && vma.perhaps[page] === 0)
      this.#vmas.fill(site.walk, { vma: name, from: page, to: page + 1 }, this.frames(site), site.cpu);
  }

  /** Frames to map: mostly consecutive ones. */
  frames({ random, walk }: Site): Frames {
    return { first: random.below(walk.known.frames), repeat: random.chance(8) };
  }

  /** Any frame. */
  other({ random, walk }: Site): number {
    return random.below(walk.known.frames);
  }

  /** The first frame of a VMA that maps frames from the start, with a probability of `percent` / 100; otherwise -1. */
  remap(site: Site, percent: number): number {
    return site.random.chance(percent) ? this.other(site) >> 1 : -1;
  }

  /** Addresses of pages that may be mapped: the first and the last one, or the first page if all are empty. */
  addressesIn({ known, random }: Walk, name: number): Address[] {
    const vma = known.vmas[name];
    if (!vma) return [];
    const mapped = mappedPages(vma);
    if (!mapped) return [inVma(name, 0)];
    const [first, last] = mapped;
    const one = random.chance(50) ? first : last;
    return [inVma(name, one * known.page)];
  }

  /** A kind of VMA. */
  kind({ random }: Site): Plan {
    return random.of(this.#vmas.kinds);
  }

  /** An object that may be mapped from its start or from further in. */
  place({ random }: Site): { object: number; index: number } {
    return { object: random.below(OBJECTS), index: random.chance(70) ? 0 : random.below(6) };
  }
}
