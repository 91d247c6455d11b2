import { type Address, inArea } from '../../../../reference/notation/address.ts';
import { nearestPages } from '../../../targets/support.ts';
import type { Family } from '../family.ts';
import type { Options } from '../options.ts';
import type { Random } from '../random.ts';
import type { Plan } from '../repertoire.ts';
import type { Walk } from '../walk.ts';
import { type Aim, aimed } from './aim.ts';
import { lazySizes, MANY_AREAS } from './lazy.ts';
import { type Change, lookAt, type Site, somePage, stepOn } from './site.ts';
import { drawAreaPages, drawBlock } from './sizes.ts';
import { leavingOrder, type Stage, stageOf, watched } from './stage.ts';

/** Pages of the largest mapping that comes from a block. */
const MAX_SMALL_PAGES = 64;
/** Mappings that fill a block, at most. */
const MAX_MAPPINGS = 64;
/** Percentage of blocks of which something was given back before they fill up, and of those of which everything was. */
const HOLES_PERCENT = 60;
const ALL_BACK_PERCENT = 60;
/** The limit of mappings above which one may take up all addresses. */
const MIN_ARENA_PAGES = 512;
/** Pages of areas that are live at a time, roughly. */
const MAX_PAGES = 1200;

/** Pages of an area of a family: the size that the target supports, nearest to what is wanted. */
const sizeOf = ({ makers: [{ support }] }: Family, pages: number): number => nearestPages(support, pages);

/** Takes the structures of the kernel side to their phases. */
export class KernelDeep {
  readonly #aim: Aim;
  readonly #families: readonly Family[];
  readonly #small: readonly Family[];
  /** The calls that unmap an area, each of which fits only some origins. */
  readonly #enders: readonly Plan[];
  /** Families whose areas are lazy as a whole once they are unmapped. */
  readonly #large: readonly Family[];
  /** Calls that create an area of any size without a list of frames. */
  readonly #unlisted: readonly Plan[];

  constructor(families: readonly Family[], aim: Aim) {
    this.#aim = aim;
    this.#families = families;
    this.#enders = [...new Set(families.flatMap(({ enders }) => enders))].map((plan) => aimed(plan, aim, ['area']));
    const isSmall = ({ makers }: Family): boolean => makers[0].call.origin === 'ram';
    this.#small = this.#families.filter((family) => isSmall(family) && sizeOf(family, 1) <= MAX_SMALL_PAGES);
    this.#large = this.#families.filter((family) => !isSmall(family));
    this.#unlisted = families
      .filter((family) => sizeOf(family, MIN_ARENA_PAGES) === MIN_ARENA_PAGES)
      .flatMap(({ makers }) => makers.filter(({ slots }) => slots.some(({ type }) => type === 'bytes')));
  }

  /** Whether the target has the calls, and tells the sizes, that a structure needs. */
  has(structure: string, { pages, sizes: { arena } }: Options): boolean {
    if (structure === 'block') return this.#small.length > 0;
    if (structure === 'lazy') return this.#large.length > 0;
    if (structure === 'arena') return this.#unlisted.length > 0 && arena !== undefined && pages >= MIN_ARENA_PAGES;
    return this.#families.length > 0;
  }

  /** Takes a structure to just before a phase. */
  build(site: Site, structure: string, phase: string): Change {
    switch (structure) {
      case 'block':
        return this.#block(site, phase);
      case 'lazy':
        return this.#lazy(site, phase);
      case 'arena':
        return this.#arena(site);
      case 'translations':
        return this.#translations(site, phase);
      default:
        return this.#areas(site, phase);
    }
  }

  #areas(site: Site, phase: string): Change {
    const { random, walk, budget } = site;
    const family = random.of(this.#families);
    const pages = sizeOf(family, drawAreaPages(random, walk.options.pages));
    const most = Math.min(Math.floor(MAX_PAGES / pages), budget >> 1);
    const many = Math.min(random.of(MANY_AREAS), budget);
    const stage = stageOf(random, phase, undefined, many);
    const size = phase === 'many' ? sizeOf(family, Math.min(pages, 8)) : pages;
    const adds = phase === 'many' ? stage.adds : Math.min(stage.adds, most);
    return this.#inOrder(site, family, size, { ...stage, adds });
  }

  /** Fills the block of one CPU with mappings of one size. */
  #block(site: Site, phase: string): Change {
    const { random, budget } = site;
    const block = drawBlock(random, site.sizes);
    const largest = Math.min(MAX_SMALL_PAGES, site.walk.options.pages);
    const slots = [1, 2, 4, 8, 16, 32, 64].filter(
      (slot) =>
        slot <= Math.min(largest, block / 4) &&
        block / slot <= Math.min(MAX_MAPPINGS, budget >> 1) &&
        this.#small.some((family) => sizeOf(family, slot) === slot),
    );
    const slot = slots.length > 0 ? random.of(slots) : Math.max(1, Math.min(largest, block >> 2));
    // A mapping takes up a power of two of pages.
    const pages = slot > 2 ? slot - random.of([0, 0, 1]) : slot;
    const { adds, removes, last } = stageOf(random, phase, Math.floor(block / slot));
    // What is given back is not allocated again, so a block also fills up around it.
    const holes = last === 'add' && adds > 1 && random.chance(HOLES_PERCENT) ? this.#holes(random, adds) : 0;
    const family = random.of(this.#small);
    return this.#inOrder(site, family, sizeOf(family, pages), { adds, removes: removes + holes, last });
  }

  /**
   * How many mappings are given back before a block fills up: a few, or all. A target may take apart a block that has
   * room left but no mapping, while another CPU is about to use that room.
   */
  #holes(random: Random, adds: number): number {
    return random.chance(ALL_BACK_PERCENT) ? adds : random.between(1, Math.min(2, adds - 1));
  }

  /** Adds areas of one size, gives some back, and leaves one more to the change. */
  #inOrder(site: Site, family: Family, pages: number, { adds, removes, last }: Stage): Change {
    const { walk, random, cpu } = site;
    // So that a CPU has looked before the first one is created: addresses and blocks may be used again.
    if (adds === 0) this.#prelude(site, family, pages);
    const names: number[] = [];
    for (let i = 0; i < adds; i++) {
      const name = this.#create(walk, family, pages, cpu);
      if (name >= 0) names.push(name);
    }
    const leaving = leavingOrder(random, names);
    const subjects = watched(random, names, leaving, removes, last).map((name) => this.#in(walk, name));
    lookAt(site, subjects);
    const remove = (on: Walk): void => {
      const name = leaving.shift();
      if (name !== undefined) this.#end(on, name, random.chance(60) ? cpu : random.below(walk.options.cpus));
    };
    for (let n = removes; n > 0; n--) remove(walk);
    const write = (on: Walk): void => {
      if (last === 'add') this.#create(on, family, pages, cpu);
      else remove(on);
    };
    return { write, subjects };
  }

  /** Creates an area, looks at it and unmaps it. */
  #prelude(site: Site, family: Family, pages: number): void {
    const { walk, random, cpu } = site;
    const elsewhere = cpu === 0 ? walk.options.cpus - 1 : cpu - 1;
    const name = this.#create(walk, family, pages, random.chance(70) ? elsewhere : cpu);
    if (name < 0) return;
    lookAt(site, [this.#in(walk, name)]);
    this.#end(walk, name, cpu);
  }

  /** Unmaps areas until a flush has a certain amount to do, or flushes. */
  #lazy(site: Site, phase: string): Change {
    const { walk, random, cpu } = site;
    const family = random.of(this.#large);
    const subjects: Address[] = [];
    const names: number[] = [];
    const create = (pages: number): void => {
      const name = this.#create(walk, family, pages, cpu);
      if (name < 0) return;
      names.push(name);
      subjects.push(this.#in(walk, name));
    };
    const unmap = (on: Walk): void => {
      const [name] = names.splice(0, 1);
      if (name !== undefined) this.#end(on, name, random.chance(60) ? cpu : random.below(walk.options.cpus));
    };
    let live = 0;
    for (const size of lazySizes(site, phase)) {
      const pages = sizeOf(family, size);
      live += pages;
      if (live > MAX_PAGES) {
        lookAt(site, subjects.slice(-1));
        while (names.length > 0) unmap(walk);
        live = pages;
      }
      create(pages);
    }
    lookAt(site, subjects);
    const flushes = phase === 'empty' || phase === 'emptied';
    if (phase === 'empty' && random.chance(70)) walk.draw(family.shared);
    if (phase !== 'empty') for (let left = flushes ? 0 : 1; names.length > left; ) unmap(walk);
    const write = (on: Walk): void => {
      if (flushes) stepOn(on, family.shared, cpu);
      else unmap(on);
    };
    return { write, subjects };
  }

  /** Takes up all addresses. */
  #arena(site: Site): Change {
    const { walk, random, cpu, sizes } = site;
    const family = random.of(this.#families);
    const pages = sizeOf(family, random.of([1, 2, 8]));
    const first = this.#create(walk, family, pages, cpu);
    const subjects = first < 0 ? [] : [this.#in(walk, first)];
    lookAt(site, subjects);
    // Guard pages and blocks take some. Half of the programs leave a little room.
    const taken = pages + 1;
    const size = (sizes.arena ?? 0) - taken - random.of([1, 1, 2, 4]);
    const write = (on: Walk): void => {
      on.size = Math.max(1, size);
      stepOn(on, this.#unlisted, cpu);
      on.size = 0;
    };
    return { write, subjects };
  }

  /** Unmaps what a CPU has looked at, or flushes while it may have old translations. */
  #translations(site: Site, phase: string): Change {
    const { walk, random, cpu } = site;
    const family = random.of(this.#families);
    const pages = sizeOf(family, drawAreaPages(random, Math.min(64, walk.options.pages)));
    const count = phase === 'one' ? 1 : random.between(2, 4);
    const names: number[] = [];
    for (let n = count; n > 0; n--) {
      const name = this.#create(walk, family, pages, cpu);
      if (name >= 0) names.push(name);
    }
    const subjects = names.map((name) => this.#in(walk, name));
    const watcher = random.below(walk.options.cpus);
    for (const subject of subjects) walk.lookOnce(subject, watcher);
    lookAt(site, subjects.slice(0, 1));
    const unmap = (on: Walk): void => {
      const name = names.pop();
      if (name !== undefined) this.#end(on, name, cpu);
    };
    while (names.length > (phase === 'emptied' ? 0 : 1)) unmap(walk);
    const write = (on: Walk): void => {
      if (phase === 'emptied') stepOn(on, family.shared, cpu);
      else unmap(on);
    };
    return { write, subjects };
  }

  /** Unmaps an area, with a call that fits its origin. */
  #end(walk: Walk, name: number, cpu: number): void {
    const origin = walk.known.areas[name]?.origin;
    this.#aim.area = name;
    const fitting = this.#enders.filter(({ slots }) =>
      slots.some(({ origins }) => origin && origins?.includes(origin)),
    );
    stepOn(walk, fitting, cpu);
  }

  /** Creates an area; returns its name, or -1. */
  #create(walk: Walk, { makers }: Family, pages: number, cpu: number): number {
    const name = walk.known.areas.length;
    walk.size = pages;
    const done = stepOn(walk, makers, cpu);
    walk.size = 0;
    return done && (walk.known.areas[name]?.pages ?? 0) > 0 ? name : -1;
  }

  #in({ known, random }: Walk, name: number): Address {
    return inArea(name, somePage(random, known.areas[name]?.pages ?? 1) * known.page);
  }
}
