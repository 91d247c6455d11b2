import { type Address, inVma } from '../../../../reference/notation/address.ts';
import type { Traits } from '../../../../reference/profiles/traits.ts';
import type { Family } from '../family.ts';
import type { Options } from '../options.ts';
import type { Plan } from '../repertoire.ts';
import type { Walk } from '../walk.ts';
import type { Aim } from './aim.ts';
import { FilledVmas, OBJECTS } from './filled-vmas.ts';
import { type Change, lookAt, type Site, somePage } from './site.ts';
import { drawVmaPages, tablePages } from './sizes.ts';
import { leavingOrder, stageOf, watched } from './stage.ts';
import { TablesDeep } from './tables.ts';
import { type Frames, mappedPages, Vmas } from './vmas.ts';

/** How many VMAs of an object are many, and how many mappings of a frame. */
const MANY_VMAS: readonly number[] = [9, 9, 10, 17];
const MANY_MAPPINGS: readonly number[] = [256, 256, 257, 258, 300];

/** Takes the structures of the user side to their phases. */
export class UserDeep {
  readonly #vmas: Vmas;
  readonly #filled: FilledVmas;
  readonly #tables: TablesDeep;
  readonly #writers: readonly Plan[];

  constructor(family: Family, aim: Aim, traits: Traits) {
    this.#vmas = new Vmas(family, aim, traits);
    this.#filled = new FilledVmas(this.#vmas);
    this.#tables = new TablesDeep(this.#vmas, this.#filled);
    this.#writers = family.writers;
  }

  /**
   * Creates a VMA on which the call is defined, mostly of an object that no structure uses. It is filled, unless the call
   * needs empty pages.
   */
  provide(site: Site, plan: Plan): void {
    const { walk, random, cpu } = site;
    const fitting = this.#vmas.kindsFor(plan);
    const kinds = fitting.length > 0 ? fitting : this.#vmas.fillable;
    if (kinds.length === 0) return;
    const object = random.chance(70) ? OBJECTS : random.below(OBJECTS);
    const pages = this.#vmas.pagesOf(random.of([1, 2, 4]));
    const filled = plan.call.effect !== 'fills' && random.chance(80);
    const remap = filled ? this.#filled.remap(site, 50) : -1;
    const name = this.#vmas.create(walk, random.of(kinds), { pages, object, index: 0, remap }, cpu);
    if (filled) this.#filled.fillOne(site, name);
  }

  /**
   * Copies a page, mostly one of the subjects, and looks at the copy. Returns its address; undefined if no page can be
   * copied.
   */
  copy(site: Site, subjects: readonly Address[]): Address | undefined {
    const { walk, cpu } = site;
    if (!this.#copyOf(walk, subjects, cpu) && !walk.draw(this.#writers)) return undefined;
    const { args } = walk.steps[walk.steps.length - 1];
    const copied = args[0] as Address;
    lookAt(site, [copied]);
    return copied;
  }

  /** Copies a page of the structure: the last one of the subjects that can be copied. */
  #copyOf(walk: Walk, subjects: readonly Address[], cpu: number): boolean {
    for (let at = subjects.length - 1; at >= 0; at--) {
      const subject = subjects[at];
      if (subject.base === 'v' && this.#vmas.copy(walk, subject, cpu)) return true;
    }
    return false;
  }

  /** Whether the target has the calls that a phase needs. */
  has(structure: string, phase: string, { pages, sizes }: Options): boolean {
    const { canFill, canFillRanges, canEmpty } = this.#vmas;
    if (structure === 'object') return true;
    if (phase.startsWith('neighbours')) return this.#vmas.canContinue;
    const largest = this.#vmas.pagesOf(2 * tablePages(sizes));
    if (structure === 'tables' && Math.min(pages, largest) < tablePages(sizes)) return false;
    if (structure === 'tables')
      return phase === 'filled-across' ? canFillRanges : !phase.startsWith('emptied') || (canFillRanges && canEmpty);
    return canFill && (canEmpty || !/back|emptied/.test(phase));
  }

  /** Takes a structure to just before a phase. */
  build(site: Site, structure: string, phase: string): Change {
    switch (structure) {
      case 'object':
        return this.#object(site, phase);
      case 'tables':
        return this.#tables.build(site, phase);
      case 'frame':
        return this.#frame(site, phase);
      default:
        return phase === 'empty' ? this.#emptyVma(site) : this.#vma(site, phase);
    }
  }

  /** Creates VMAs of one object and unmaps them. */
  #object(site: Site, phase: string): Change {
    const { walk, random, cpu, budget } = site;
    const { adds, removes, last } = stageOf(random, phase, undefined, Math.min(budget, random.of(MANY_VMAS)));
    const kind = this.#filled.kind(site);
    const { object } = this.#filled.place(site);
    const pages = this.#vmas.pagesOf(random.of([1, 1, 2, 3, 4]));
    const inRow = random.chance(40);
    const names: number[] = [];
    const create = (on: Walk): number => {
      const after = inRow && names.length > 0 ? names[names.length - 1] : -1;
      const index = inRow ? names.length * pages : random.of([0, 0, 0, 1, pages]);
      const name = this.#vmas.create(
        on,
        kind,
        { pages, object, index, after, remap: this.#filled.remap(site, 40) },
        cpu,
      );
      if (name >= 0) names.push(name);
      return name;
    };
    // So that a CPU has looked at the object before.
    if (adds === 0) {
      const name = create(walk);
      this.#filled.fillOne(site, name);
      lookAt(site, this.#filled.addressesIn(walk, name));
      this.#vmas.end(walk, name, cpu);
      names.length = 0;
    }
    for (let n = adds; n > 0; n--) this.#filled.fillOne(site, create(walk));
    const leaving = leavingOrder(random, names);
    const subjects = watched(random, names, leaving, removes, last).flatMap((name) =>
      this.#filled.addressesIn(walk, name),
    );
    lookAt(site, subjects);
    const end = (on: Walk): void => {
      const name = leaving.shift();
      if (name !== undefined) this.#vmas.end(on, name, random.chance(70) ? cpu : random.below(walk.options.cpus));
    };
    for (let n = removes; n > 0; n--) end(walk);
    const write = (on: Walk): void => {
      if (last === 'remove') end(on);
      else create(on);
    };
    return { write, subjects };
  }

  #emptyVma(site: Site): Change {
    const { walk, cpu } = site;
    const place = this.#filled.place(site);
    const kind = this.#filled.kind(site);
    const name = this.#vmas.create(walk, kind, { ...place, pages: drawVmaPages(site.random, walk.options.pages) }, cpu);
    const subjects = this.#filled.addressesIn(walk, name);
    lookAt(site, subjects);
    const write = (on: Walk): void => {
      this.#vmas.create(on, kind, { ...place, pages: drawVmaPages(site.random, walk.options.pages) }, cpu);
    };
    return { write, subjects };
  }

  /** Fills the pages of one VMA and unmaps them. */
  #vma(site: Site, phase: string): Change {
    const { walk, random, cpu } = site;
    // In smaller VMAs, one page is all but one, and some are all.
    const least = phase === 'some' ? 4 : 3;
    const pages = this.#vmas.pagesOf(Math.max(least, drawVmaPages(random, walk.options.pages)));
    const { adds, removes, last } = stageOf(random, phase, pages);
    const frames = this.#filled.frames(site);
    const downwards = random.chance(30);
    const [low, high] = downwards ? [pages - adds, pages] : [0, adds];
    const vma = this.#filled.create(site, pages, low, high, frames, last === 'remove');
    if (vma < 0) return { write: () => {}, subjects: [] };
    const subjects = [...this.#filled.addressesIn(walk, vma), inVma(vma, somePage(random, pages) * walk.known.page)];
    if (last === 'add') {
      lookAt(site, subjects);
      const page = downwards ? low - 1 : high;
      const write = (on: Walk): void => {
        this.#vmas.fill(on, { vma, from: page, to: page + 1 }, { ...frames, first: this.#filled.other(site) }, cpu);
      };
      return { write, subjects: [inVma(vma, page * walk.known.page), ...subjects] };
    }
    // Some at the start of the VMA, the others at its end; what is left over, the change unmaps in one step.
    const rest = pages - removes;
    const first = random.chance(50) ? 0 : random.chance(50) ? rest : random.below(rest + 1);
    const atOnce = phase !== 'one-given-back' && random.chance(30);
    // The page that the change unmaps.
    subjects.push(inVma(vma, (atOnce ? 0 : Math.min(first, removes)) * walk.known.page));
    lookAt(site, subjects);
    if (removes > 0 && !atOnce) {
      if (first > 0) this.#vmas.empty(walk, { vma, from: 0, to: Math.min(first, removes) }, cpu);
      const left = removes - Math.min(first, removes);
      if (left > 0) this.#vmas.empty(walk, { vma, from: pages - left, to: pages }, cpu);
    }
    const write = (on: Walk): void => {
      const [from, to] = mappedPages(on.known.vmas[vma]!) ?? [0, 0];
      const all = atOnce || phase === 'emptied';
      const until = all ? (phase === 'emptied' ? to + 1 : to) : from + 1;
      this.#vmas.empty(on, { vma, from, to: Math.max(from + 1, until) }, cpu);
    };
    return { write, subjects };
  }

  /** Maps one frame in more and more pages, and unmaps it there. */
  #frame(site: Site, phase: string): Change {
    const { walk, random, cpu, budget } = site;
    const many = random.of(MANY_MAPPINGS);
    const { adds, removes, last } = stageOf(random, phase, undefined, many);
    const pages = this.#vmas.pagesOf(Math.min(Math.max(2, adds + 1), walk.options.pages));
    const frames: Frames = { first: this.#filled.other(site), repeat: true };
    const before = budget > adds || adds < 40;
    const vma = this.#filled.create(site, pages, 0, before ? Math.min(adds, pages - 1) : 1, frames, last === 'remove');
    if (vma < 0) return { write: () => {}, subjects: [] };
    const { page } = walk.known;
    const subjects = this.#filled.addressesIn(walk, vma);
    if (subjects.length === 0) subjects.push(inVma(vma, 0));
    subjects.push(inVma(vma, (last === 'add' ? adds : removes) * page));
    lookAt(site, subjects);
    if (removes > 0) this.#vmas.empty(walk, { vma, from: 0, to: removes }, cpu);
    const write = (on: Walk): void => {
      if (last === 'add') this.#vmas.fill(on, { vma, from: adds, to: adds + 1 }, frames, cpu);
      else this.#vmas.empty(on, { vma, from: removes, to: removes + 1 }, cpu);
    };
    return { write, subjects };
  }
}
