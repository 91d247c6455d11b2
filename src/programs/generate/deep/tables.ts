import { inVma } from '../../../../reference/notation/address.ts';
import type { Walk } from '../walk.ts';
import type { FilledVmas } from './filled-vmas.ts';
import { type Change, lookAt, type Site } from './site.ts';
import { drawLargeVma, tablePages } from './sizes.ts';
import { leavingOrder, watched } from './stage.ts';
import type { Vmas } from './vmas.ts';

/** How many page tables a VMA with a hole may need, by how often it does. */
const TABLES: readonly number[] = [1, 2, 2, 3];

/** Takes page tables to their phases: with VMAs that reach across them, and VMAs in a row. */
export class TablesDeep {
  readonly #vmas: Vmas;
  readonly #filled: FilledVmas;

  constructor(vmas: Vmas, filled: FilledVmas) {
    this.#vmas = vmas;
    this.#filled = filled;
  }

  /** Creates and unmaps VMAs of several page tables, and neighbours. */
  build(site: Site, phase: string): Change {
    const { walk, random, cpu, sizes } = site;
    const table = tablePages(sizes);
    const place = this.#filled.place(site);
    const pages = this.#vmas.pagesOf(drawLargeVma(random, phase === 'spanned' ? 2 : 1, table));
    if (phase === 'crossed' || phase === 'spanned') {
      const small = this.#filled.create(site, 2, 0, 1, this.#filled.frames(site), false, place);
      const subjects = this.#filled.addressesIn(walk, small);
      lookAt(site, subjects);
      const kind = this.#filled.kind(site);
      const write = (on: Walk): void => {
        this.#vmas.create(on, kind, { ...place, pages }, cpu);
      };
      return { write, subjects };
    }
    if (phase === 'neighbours-unmapped' || phase === 'neighbours-continue') return this.#neighbours(site, phase, place);
    if (phase === 'emptied-over-hole') return this.#overHole(site, place);
    const reach = random.of([2, 2, 3, 4, 8, 30]);
    const [from, to] = [Math.max(0, table - reach), table + random.of([1, 1, 2, 4, 20])];
    const frames = { ...this.#filled.frames(site), atOnce: true };
    const fills = phase === 'filled-across';
    const around = fills ? ([Math.max(0, from - 2), from] as const) : ([from, to] as const);
    const vma = this.#filled.create(site, Math.max(pages, to), around[0], around[1], frames, !fills, place);
    if (vma < 0) return { write: () => {}, subjects: [] };
    const edges = [from, to - 1, table - 1, table].map((page) => inVma(vma, page * walk.known.page));
    const subjects = edges.slice(random.below(2)).slice(0, 3);
    lookAt(site, subjects);
    const write = (on: Walk): void => {
      if (fills) this.#vmas.fill(on, { vma, from, to }, { ...frames, first: this.#filled.other(site) }, cpu);
      else this.#vmas.empty(on, { vma, from, to }, cpu);
    };
    return { write, subjects };
  }

  /** Maps a few pages at the edge of a page table, and unmaps them in a range that is mostly empty. */
  #overHole(site: Site, place: { object: number; index: number }): Change {
    const { walk, random, cpu, sizes } = site;
    const table = tablePages(sizes);
    const tables = random.of(TABLES);
    const pages = this.#vmas.pagesOf(drawLargeVma(random, tables, table));
    const edge = table * random.between(0, tables);
    const few = random.of([1, 1, 2, 3]);
    const from = edge === 0 || (edge + few <= pages && random.chance(50)) ? edge : edge - few;
    const frames = { ...this.#filled.frames(site), atOnce: true };
    const vma = this.#filled.create(site, pages, from, from + few, frames, false, place);
    if (vma < 0) return { write: () => {}, subjects: [] };
    const subjects = [inVma(vma, from * walk.known.page), inVma(vma, (from + few - 1) * walk.known.page)];
    lookAt(site, subjects);
    const start = random.of([from, Math.max(0, from - table), Math.min(from, pages - table)]);
    const end = random.of([pages, from + few, Math.min(pages, from + few + table)]);
    const whole = end - start < table || random.chance(50);
    const range = whole ? { vma, from: 0, to: pages } : { vma, from: start, to: end };
    const write = (on: Walk): void => {
      this.#vmas.empty(on, range, cpu);
    };
    return { write, subjects };
  }

  /** VMAs in a row: one more is added, or one of them is unmapped. */
  #neighbours(site: Site, phase: string, place: { object: number; index: number }): Change {
    const { walk, random, cpu, sizes } = site;
    const pages = this.#vmas.pagesOf(random.of([1, 2, 4, 8, tablePages(sizes) >> 1]));
    const kind = this.#filled.kind(site);
    const names: number[] = [];
    const create = (on: Walk): void => {
      const after = names.length > 0 ? names[names.length - 1] : -1;
      const index = place.index + names.length * pages;
      const name = this.#vmas.create(
        on,
        kind,
        { ...place, index, pages, after, remap: this.#filled.remap(site, 40) },
        cpu,
      );
      if (name >= 0) names.push(name);
    };
    for (let n = phase === 'neighbours-unmapped' ? random.between(2, 3) : random.between(1, 2); n > 0; n--) {
      create(walk);
      this.#filled.fillOne(site, names[names.length - 1] ?? -1, pages - 1);
    }
    const leaving = leavingOrder(random, names);
    const subjects = watched(random, names, leaving, 0, 'remove').flatMap((name) =>
      this.#filled.addressesIn(walk, name),
    );
    lookAt(site, subjects);
    const write = (on: Walk): void => {
      if (phase === 'neighbours-continue') create(on);
      else if (leaving.length > 0) this.#vmas.end(on, leaving[0], cpu);
    };
    return { write, subjects };
  }
}
