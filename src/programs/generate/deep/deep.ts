import type { Program } from '../../../../reference/calls/valid.ts';
import type { Address } from '../../../../reference/notation/address.ts';
import type { Block } from '../../../../reference/notation/program.ts';
import { touching } from '../../states/vocabulary.ts';
import { type Family, familiesOf } from '../family.ts';
import { writeBlock } from '../lanes.ts';
import type { Mix } from '../mix.ts';
import { Random } from '../random.ts';
import { mainLooksOf, type Plan, type Repertoire } from '../repertoire.ts';
import { Walk } from '../walk.ts';
import { Aim } from './aim.ts';
import { KernelDeep } from './kernel.ts';
import { addCreated, type Change, MAX_CPUS, type Site } from './site.ts';
import { scheduleOf, type Theme } from './themes.ts';
import { UserDeep } from './user.ts';

/**
 * One of this many programs is deep. Programs without a block reach few states besides the phases themselves, so few of
 * them need to be deep. A target that repeats programs with a block runs few different ones, so more of them are deep.
 */
const DEEP_EVERY = { parallel: 4, repeated: 3, sequential: 64 };
/** Steps of a deep program besides those that build its structure up and take it down, at most. */
const OTHER_STEPS = 110;
/** A deep program needs room for at least this many steps. */
const MIN_STEPS = 150;
/** Addresses that a program looks at in the end. */
const MAX_SUBJECTS = 4;
/** Attempts to find valid arguments for the call that another lane runs. */
const ATTEMPTS = 24;
/** Percentage of blocks with one lane less than possible. Most races need two lanes, and few schedules are right for more. */
const FEWER_LANES_PERCENT = 75;
/** Percentage of programs on user structures in which a page becomes a private copy before the phase changes. */
const COPY_PERCENT = 40;
/** Steps of the longest lane. */
const MAX_LANE_STEPS = 12;
/** Percentage of lanes with one step more. */
const EXTRA_PERCENT = 30;
/** Percentage of lanes that look at the structure at their end. */
const LOOK_PERCENT = 60;
/** Percentage of blocks in which the lane that changes the phase takes the areas and VMAs that it needs first. */
const CHANGE_FIRST_PERCENT = 85;
/** Percentage of programs with an area or a VMA for the call of the other lane, besides the structure. */
const SPARE_PERCENT = 75;
/** Areas or VMAs that are created for it to work on, at most. */
const MAX_SPARES = 4;

/**
 * Writes programs that take a structure of the target to a phase, such as a block that is full but for one mapping, and
 * change the phase: alone, or in a block while other CPUs run calls that share the structure. At the end they flush, create
 * mappings again, and look at what they looked at before.
 */
export class DeepGenerator {
  readonly #repertoire: Repertoire;
  readonly #families: readonly Family[];
  readonly #kernel: KernelDeep;
  readonly #user: UserDeep | undefined;
  /** Whether programs can be long enough, and the target has what they need. */
  readonly #possible: boolean;
  #schedule: readonly Theme[] | undefined;
  readonly #looks: readonly Plan[];
  readonly #counts: readonly Plan[];
  /** The calls that share the structures of a side. */
  readonly #sharing: Readonly<Record<'kernel' | 'user', readonly Plan[]>>;

  constructor(repertoire: Repertoire) {
    this.#repertoire = repertoire;
    const { plans, options } = repertoire;
    const families = [...new Set(familiesOf(repertoire))];
    const aim = new Aim();
    const user = families.find(({ side }) => side === 'user');
    const kernel = new KernelDeep(
      families.filter(({ side }) => side === 'kernel'),
      aim,
    );
    this.#families = families;
    this.#kernel = kernel;
    this.#user = user && new UserDeep(user, aim, options.traits);
    this.#looks = mainLooksOf(repertoire);
    this.#counts = plans.filter(({ call }) => call.sees === 'counts');
    const sharing = (side: 'kernel' | 'user'): readonly Plan[] => {
      const calls = touching(side);
      return plans.filter(({ call }) => calls.includes(call));
    };
    this.#sharing = { kernel: sharing('kernel'), user: sharing('user') };
    this.#possible = options.steps >= MIN_STEPS && this.#looks.length > 0;
  }

  /** The themes in their order. They are listed when the first deep program is drawn: that takes as long as many programs. */
  get #themes(): readonly Theme[] {
    const { options } = this.#repertoire;
    this.#schedule ??= scheduleOf(options.calls, ({ side, structure, phase }) =>
      side === 'kernel' ? this.#kernel.has(structure, options) : this.#user?.has(structure, phase, options) === true,
    );
    return this.#schedule;
  }

  /**
   * The theme of program `index` of a seed, if it is deep. It follows from a schedule, apart from the other programs: these
   * do not depend on it.
   */
  themeOf(seed: number, index: number, kind: keyof typeof DEEP_EVERY): Theme | undefined {
    const shifted = index + scatter(seed);
    const every = DEEP_EVERY[kind];
    if (!this.#possible || shifted % every !== 0) return undefined;
    const themes = this.#themes;
    return themes.length > 0 ? themes[(shifted / every) % themes.length] : undefined;
  }

  /** `parallel`: the change of phase is in a parallel block. */
  program(random: Random, theme: Theme, parallel: boolean): Program {
    const { options } = this.#repertoire;
    const { cpus, frames } = options;
    const walk = new Walk(this.#repertoire, random, undefined, this.#mix(random));
    const cpu = random.below(Math.min(cpus, MAX_CPUS));
    const site: Site = { walk, random, cpu, budget: options.steps - OTHER_STEPS, sizes: options.sizes };
    const { side, structure, phase } = theme;
    walk.limit = site.budget;
    const spares = parallel && random.chance(50);
    if (spares) this.#provide(site, theme);
    const change = (side === 'kernel' ? this.#kernel : this.#user!).build(site, structure, phase);
    if (parallel && !spares) this.#provide(site, theme);
    const copied = side === 'user' && random.chance(COPY_PERCENT) ? this.#user?.copy(site, change.subjects) : undefined;
    if (copied) change.subjects.push(copied);
    walk.limit = options.steps;
    const [areas, vmas] = [walk.known.areas.length, walk.known.vmas.length];
    const block = parallel ? this.#overlap(site, theme, change) : undefined;
    if (!parallel) change.write(walk);
    addCreated(walk, areas, vmas, change.subjects);
    this.#after(site, theme, change.subjects);
    return { cpus, frames, steps: walk.steps, blocks: block ? [block] : [] };
  }

  #mix(random: Random): Mix {
    const { options } = this.#repertoire;
    const aliases = options.traits.alias !== 'refused' && random.chance(10);
    return {
      table: [],
      makers: [],
      looks: this.#looks,
      sizes: [Math.min(options.pages, random.of([1, 1, 2, 4]))],
      vmaSizes: [1, 2, 4],
      frames: { first: 0, count: aliases ? Math.min(2, options.frames) : options.frames },
      style: aliases ? 'random' : 'fresh',
      cpu: random.below(options.cpus),
      sameCpuPercent: random.of([0, 50, 90]),
      areas: 5000,
      vmas: 64,
      burstPercent: 0,
      maxBurst: 0,
      lookAfterChangePercent: 0,
      revisitPercent: 80,
    };
  }

  /** Creates what the call of the other lane needs, if it has nothing to work on. */
  #provide(site: Site, { side, beside }: Theme): void {
    const { walk, random } = site;
    const plan = this.#sharing[side].find(({ call }) => call === beside);
    if (!plan) return;
    if (side === 'user') {
      // A call may map what an area maps.
      if (plan.slots.some(({ type }) => type === 'area') && this.#sharing.kernel.length > 0)
        for (let n = 0; n < MAX_SPARES && !walk.could(plan); n++) {
          walk.draw(this.#families.filter((family) => family.side === 'kernel').flatMap(({ makers }) => makers));
          this.#user?.provide(site, plan);
        }
      else if (random.chance(SPARE_PERCENT) || !walk.could(plan)) this.#user?.provide(site, plan);
      return;
    }
    const families = this.#families.filter((family) => family.side === side);
    const own = families.filter(({ enders }) => enders.some(({ call }) => call === beside));
    const from = own.length > 0 ? own : families;
    const spare = own.length > 0 && random.chance(SPARE_PERCENT) && walk.draw(random.of(own).makers);
    for (let n = spare ? 1 : 0; n < MAX_SPARES && !walk.could(plan); n++) walk.draw(random.of(from).makers);
  }

  /** Writes a block: one lane changes the phase, another one runs the call of the theme, and others run any calls. */
  #overlap({ walk, random, cpu }: Site, { side, beside }: Theme, change: Change): Block | undefined {
    const sharing = this.#sharing[side];
    const all = [...this.#sharing.kernel, ...this.#sharing.user];
    const plan = all.filter(({ call }) => call === beside);
    const others = lanesBeside(random, cpu, Math.min(walk.options.cpus, MAX_CPUS));
    const main = random.of(others);
    // The lane that is written first gets the areas and VMAs that it needs for itself.
    const cpus = random.chance(CHANGE_FIRST_PERCENT) ? [cpu, ...others] : [...others, cpu];
    const subjects = [...change.subjects];
    return writeBlock(this.#repertoire, walk, cpus, (lane) => {
      lane.limit = MAX_LANE_STEPS;
      const extra = random.chance(EXTRA_PERCENT);
      const extraFirst = random.chance(50);
      // Frames, page tables and TLBs are shared by both sides.
      const more = (): boolean => lane.draw(random.chance(50) ? sharing : all);
      if (extra && extraFirst) more();
      if (lane.lane === cpu) change.write(lane);
      else if (lane.lane !== main || !lane.draw(plan, main, ATTEMPTS)) lane.draw(sharing);
      if (extra && !extraFirst) more();
      if (subjects.length === 0 || !random.chance(LOOK_PERCENT)) return;
      // The last one is what the change is about.
      lane.lookOnce(random.chance(50) ? subjects[subjects.length - 1] : random.of(subjects));
    });
  }

  /** Looks at the subjects, flushes, creates mappings again and looks at everything. */
  #after(site: Site, { side }: Theme, subjects: Address[]): void {
    const { walk, random } = site;
    const families = this.#families.filter((family) => family.side === side);
    const shared = families[0]?.shared ?? [];
    const early = random.chance(50);
    if (early) this.#look(site, subjects);
    let changed = !early;
    if (random.chance(60)) changed = walk.draw(shared) || changed;
    if (random.chance(40)) {
      const [areas, vmas] = [walk.known.areas.length, walk.known.vmas.length];
      walk.size = random.chance(50) ? 0 : Math.min(walk.options.pages, random.of([1, 2, 4, 16]));
      const { makers, fillers } = random.of(families);
      if (walk.draw(makers)) addCreated(walk, areas, vmas, subjects);
      walk.size = 0;
      if (fillers.length > 0) walk.draw(fillers);
      changed = true;
    }
    if (random.chance(30)) for (let n = random.of([1, 2]); n > 0; n--) walk.draw(this.#counts);
    if (changed) this.#look(site, subjects);
  }

  /** Looks at the last subjects from each CPU that takes part. */
  #look({ walk }: Site, subjects: readonly Address[]): void {
    const different = subjects.filter(
      ({ base, index, offset }, at) =>
        !subjects.slice(0, at).some((one) => one.base === base && one.index === index && one.offset === offset),
    );
    for (const subject of different.slice(-MAX_SUBJECTS))
      for (let cpu = 0; cpu < Math.min(MAX_CPUS, walk.options.cpus); cpu++) walk.lookOnce(subject, cpu);
  }
}

/** One or more of the CPUs below `cpus`, without `cpu`. */
function lanesBeside(random: Random, cpu: number, cpus: number): number[] {
  const others: number[] = [];
  for (let other = 0; other < cpus; other++) if (other !== cpu) others.push(other);
  while (others.length > 1 && random.chance(FEWER_LANES_PERCENT)) others.splice(random.below(others.length), 1);
  return others;
}

/** A number that depends on the seed alone; seeds that are close give numbers that are far apart. */
const scatter = (seed: number): number => new Random(seed ^ 0x1b873593).next() >>> 0;
