import type { Program } from '../../../reference/calls/valid.ts';
import type { KnownVma } from '../../../reference/model/known.ts';
import { type Address, inArea, inVma } from '../../../reference/notation/address.ts';
import type { Block } from '../../../reference/notation/program.ts';
import { isRead } from '../look.ts';
import { fillingUp, inARow, ofOneObject } from './deep-plans.ts';
import { drawAreaPages, drawCount, drawVmaPages } from './deep-sizes.ts';
import { type Family, familiesOf } from './family.ts';
import { someCpus, writeBlock } from './lanes.ts';
import type { Mix } from './mix.ts';
import { Random } from './random.ts';
import type { Plan, Repertoire } from './repertoire.ts';
import { Walk } from './walk.ts';

/** Percentage of programs that are deep. */
const DEEP_PERCENT = 12;
/** Steps below which a program cannot be deep. */
const MIN_STEPS = 120;
/** Steps around the part that builds up: looks, the change of phase, and what follows it. */
const OTHER_STEPS = 60;
/** Addresses that a program looks at. */
const MAX_SUBJECTS = 6;
/** Pages of the areas that a program creates, together. */
const MAX_PAGES = 1200;
/** Insertions that fill a VMA. */
const FILLS: readonly number[] = [1, 2, 3, 4, 8, 16];
/** Insertions of one frame: enough to overflow a count of eight bits. */
const MANY_FILLS = 300;

/**
 * Writes programs that reach the edges of structures: build one up with many like calls, look at it, give back some, all
 * but one or all of it, and change its phase with one more step, alone or in a block in which other CPUs run any calls of
 * the same side. At the end it flushes, creates mappings again, and looks at everything.
 */
export class DeepGenerator {
  readonly #repertoire: Repertoire;
  readonly #kernel: readonly Family[];
  readonly #user: Family | undefined;
  readonly #looks: readonly Plan[];
  readonly #counts: readonly Plan[];

  constructor(repertoire: Repertoire) {
    this.#repertoire = repertoire;
    const families = familiesOf(repertoire);
    this.#kernel = families.filter(({ side }) => side === 'kernel');
    this.#user = families.find(({ side }) => side === 'user');
    const { plans, looks } = repertoire;
    const reads = looks.map((at) => plans[at]).filter(({ call }) => isRead(call));
    this.#looks = reads.length > 0 ? reads : looks.map((at) => plans[at]);
    this.#counts = plans.filter(({ call }) => call.sees === 'counts');
  }

  /** Whether the target has calls to create mappings and to look at them, and takes programs that are long enough. */
  get possible(): boolean {
    const { steps } = this.#repertoire.options;
    return steps >= MIN_STEPS && this.#looks.length > 0 && (this.#kernel.length > 0 || this.#user !== undefined);
  }

  /** Whether program `index` of a seed is deep. It is drawn apart, so that the other programs of a seed do not change. */
  draws(seed: number, index: number): boolean {
    return this.possible && new Random(seed ^ 0x1b873593, index).chance(DEEP_PERCENT);
  }

  /** `parallel`: the change of phase is in a parallel block. */
  program(random: Random, parallel: boolean): Program {
    const { cpus, frames } = this.#repertoire.options;
    const user = this.#kernel.length === 0 || (this.#user !== undefined && random.chance(45));
    const walk = new Walk(this.#repertoire, random, undefined, this.#mix(random));
    const family = user ? this.#userFamily(random) : random.of(this.#kernel);
    const subjects = user ? this.#buildUser(walk, family) : this.#buildKernel(walk, family);
    const block = this.#change(walk, family, subjects, parallel);
    this.#after(walk, family, subjects);
    return { cpus, frames, steps: walk.steps, blocks: block ? [block] : [] };
  }

  #mix(random: Random): Mix {
    const { options } = this.#repertoire;
    const one = options.traits.alias !== 'refused' && random.chance(20);
    const count = one ? 1 : options.frames;
    return {
      table: [],
      makers: [],
      looks: this.#looks,
      sizes: [drawAreaPages(random, options.pages)],
      vmaSizes: [options.pages < 512 ? Math.min(options.pages, drawVmaPages(random)) : drawVmaPages(random)],
      frames: { first: one ? random.below(options.frames) : 0, count },
      style: one ? 'repeated' : 'fresh',
      cpu: random.below(options.cpus),
      sameCpuPercent: random.of([50, 90, 100]),
      areas: 5000,
      vmas: 16,
      burstPercent: 0,
      maxBurst: 0,
      lookAfterChangePercent: 0,
      revisitPercent: 80,
    };
  }

  /** The user calls of one program: one kind of VMA, and few calls to fill it. */
  #userFamily(random: Random): Family {
    const family = this.#user!;
    const kind = random.of(family.makers);
    const empty = { ...kind, slots: kind.slots.map((slot) => (slot.type === 'frame' ? { ...slot, often: 40 } : slot)) };
    const placed = random.chance(50) ? inARow(empty) : random.chance(60) ? ofOneObject(empty) : empty;
    return { ...family, makers: [placed], fillers: family.fillers.map(fillingUp) };
  }

  /** Creates areas, looks at some of them, and gives back all but a few. Returns what it looked at. */
  #buildKernel(walk: Walk, { makers, enders, shared }: Family): Address[] {
    const { random, mix, options } = walk;
    if (random.chance(40)) walk.draw(random.of(this.#kernel).makers);
    const most = Math.max(2, Math.min(Math.floor(MAX_PAGES / mix.sizes[0]), (options.steps - OTHER_STEPS) >> 1));
    // Some programs leave the last one, which may fill a structure, to the change of phase.
    const count = Math.max(1, drawCount(random, most) - (random.chance(40) ? 1 : 0));
    const subjects: Address[] = [];
    const watched = new Set([0, count - 1, count - 2, random.below(count), random.below(count)]);
    for (let i = 0; i < count; i++) {
      const before = walk.known.areas.length;
      walk.draw(makers);
      const area = walk.known.areas[before];
      if (!area || area.pages === 0 || !watched.has(i)) continue;
      const page = random.chance(40) ? 0 : random.chance(60) ? area.pages - 1 : random.below(area.pages);
      subjects.push(inArea(area.name, page * walk.known.page));
    }
    this.#look(walk, subjects, 60);
    const left = random.of([1, 1, 1, 2, count - 1, count, count, count, random.below(count)]);
    for (let live = count; live > left; live--) walk.draw(enders);
    if (random.chance(30)) walk.draw(shared);
    if (random.chance(25)) this.#drawLarge(walk, makers);
    return subjects;
  }

  /** Creates one more area, of another size, so that one unmapping may meet a threshold. */
  #drawLarge(walk: Walk, makers: readonly Plan[]): void {
    walk.size = Math.min(walk.options.pages, walk.random.between(56, 66));
    walk.draw(makers);
    walk.size = 0;
  }

  /** Creates VMAs, fills them, looks at them, and unmaps some of their pages. Returns what it looked at. */
  #buildUser(walk: Walk, { makers, fillers, changers }: Family): Address[] {
    const { random, mix, options } = walk;
    const large = mix.vmaSizes[0] >= 512;
    for (let n = random.of(large ? [1, 1, 2] : [1, 2, 3, 4, 9, 10, 12]); n > 0; n--) walk.draw(makers);
    const many = mix.frames.count === 1 && mix.vmaSizes[0] >= 128 && options.steps >= MANY_FILLS + OTHER_STEPS;
    for (let n = many ? MANY_FILLS : random.of(FILLS); n > 0; n--) walk.draw(fillers);
    const subjects = walk.known.liveVmas.flatMap((vma) => this.#pagesOf(walk, vma));
    while (subjects.length > MAX_SUBJECTS) subjects.splice(random.below(subjects.length), 1);
    this.#look(walk, subjects, 60);
    for (let n = random.of([0, 0, 1, 2]); n > 0; n--) walk.draw(changers);
    return subjects;
  }

  /** Addresses of pages that may be mapped: the first, the last, and one more. */
  #pagesOf({ known, random }: Walk, vma: KnownVma): Address[] {
    const first = vma.perhaps.indexOf(1);
    if (first < 0) return [];
    const last = vma.perhaps.lastIndexOf(1);
    const pages = new Set([first, last, random.between(first, last)]);
    return [...pages].map((page) => inVma(vma.name, page * known.page));
  }

  /** Changes the phase with a few steps; in a block, other CPUs run calls of the same side at the same time. */
  #change(walk: Walk, family: Family, subjects: readonly Address[], parallel: boolean): Block | undefined {
    const { random, options } = walk;
    const { makers, fillers, changers, enders, shared } = family;
    const lists = [makers, fillers, changers, enders, enders].filter((list) => list.length > 0);
    if (!parallel) {
      for (let n = random.of([1, 1, 2, 3]); n > 0; n--) walk.draw(random.of(lists));
      return undefined;
    }
    // Other CPUs run any calls of the side: they share lists, locks and addresses.
    const others = family.side === 'kernel' ? this.#kernel.flatMap((other) => [other.makers, other.enders]) : [];
    const all = [...lists, shared, shared, ...others].filter((list) => list.length > 0);
    const cpus = someCpus(random, options.cpus, random.chance(60) ? 2 : random.between(2, options.cpus));
    const changing = random.below(cpus.length);
    return writeBlock(this.#repertoire, walk, cpus, (lane, position) => {
      lane.draw(random.of(position === changing ? lists : all));
      if (random.chance(25)) lane.draw(random.of(all));
      if (subjects.length > 0 && random.chance(40)) lane.lookOnce(random.of(subjects));
    });
  }

  /** Looks at what is left, flushes, creates mappings again and looks at everything. */
  #after(walk: Walk, { makers, changers, enders, shared }: Family, subjects: Address[]): void {
    const { random } = walk;
    if (random.chance(50)) this.#look(walk, subjects, 100);
    if (random.chance(30)) walk.draw(enders);
    if (random.chance(50)) walk.draw(changers);
    if (random.chance(60)) walk.draw(shared);
    if (random.chance(60)) this.#look(walk, subjects, 100);
    for (let n = random.of([0, 1, 1, 2]); n > 0; n--) {
      const [areas, vmas] = [walk.known.areas.length, walk.known.vmas.length];
      if (!walk.draw(makers)) continue;
      if ((walk.known.areas[areas]?.pages ?? 0) > 0) subjects.push(inArea(areas, 0));
      if (walk.known.vmas[vmas]) subjects.push(inVma(vmas, 0));
    }
    for (let n = random.of([0, 1, 2]); n > 0; n--) walk.draw(this.#counts);
    this.#look(walk, subjects, 100);
  }

  /** Looks at each address, from each CPU with a probability of `percent` / 100. */
  #look(walk: Walk, subjects: readonly Address[], percent: number): void {
    for (const subject of subjects.slice(-MAX_SUBJECTS)) {
      for (let cpu = 0; cpu < walk.options.cpus; cpu++) {
        if (percent === 100 || walk.random.chance(percent)) walk.lookOnce(subject, cpu);
      }
    }
  }
}
