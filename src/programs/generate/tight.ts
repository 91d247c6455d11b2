import type { Program } from '../../../reference/calls/valid.ts';
import { type Address, inArea, inVma } from '../../../reference/notation/address.ts';
import type { Block } from '../../../reference/notation/program.ts';
import { type Family, familiesOf, thinned } from './family.ts';
import { someCpus, writeBlock } from './lanes.ts';
import type { Mix } from './mix.ts';
import type { Random } from './random.ts';
import type { Plan, Repertoire } from './repertoire.ts';
import { Walk } from './walk.ts';

/** Things that a program looks at afterwards, at most. */
const SUBJECTS = 6;
/** Of a hundred programs so many begin with one big thing: addresses come round sooner then. */
const BALLAST = 12;
/** How often a fitting way to fill a thing is looked for. */
const PATIENCE = 40;

/** What one program is made of. */
interface Theme {
  readonly families: readonly Family[];
  readonly lists: readonly Pick<Family, 'makers'>[];
  readonly makers: readonly Plan[];
  readonly fillers: readonly Plan[];
  readonly changers: readonly Plan[];
  readonly writers: readonly Plan[];
  readonly enders: readonly Plan[];
  readonly shared: readonly Plan[];
  /** What lanes do; a lane sticks to one of the lists. */
  readonly lanes: readonly (readonly Plan[])[];
}

/** Page counts of a program's areas: like ones meet; where families meet, page tables have to come and go as well. */
function drawSizes(random: Random, sizes: readonly number[], mixed: boolean): readonly number[] {
  if (random.chance(mixed ? 30 : 50)) return [1];
  return random.chance(70) ? [1, random.between(mixed ? 4 : 2, 8)] : [1, 1, random.of(sizes)];
}

/** One lane takes away, the other puts in, mostly: what is given back too early is then used again too early. */
function opposed(random: Random, families: readonly Family[]): readonly (readonly Plan[])[] {
  const takes = families.flatMap(({ enders, changers, writers, shared }) => [
    ...enders,
    ...changers.filter((plan) => !writers.includes(plan)),
    ...shared,
  ]);
  const puts = families.flatMap(({ side, makers, fillers, writers }) => [
    ...(side === 'kernel' || random.chance(20) ? makers : []),
    ...fillers,
    ...writers,
    ...writers,
  ]);
  const both = random.chance(75) ? [takes, puts] : random.chance(50) ? [puts] : [takes];
  return both.every((plans) => plans.length > 0) ? both : [[...takes, ...puts]];
}

/**
 * Writes short programs about few small things, in the shape that races have: things are made and CPUs look at them,
 * so that they have their translations; some are taken away again; then few calls that change the same things
 * overlap; and at last every CPU looks again. Which calls, things and moments meet is left to chance.
 */
export class TightGenerator {
  readonly #repertoire: Repertoire;
  readonly #families: readonly Family[];
  readonly #looks: readonly Plan[];
  readonly #anyMakers: readonly Plan[];

  constructor(repertoire: Repertoire) {
    this.#repertoire = repertoire;
    const { plans, looks } = repertoire;
    this.#families = familiesOf(repertoire);
    this.#anyMakers = [...new Set(this.#families.flatMap(({ makers }) => makers))];
    const reads = looks.map((at) => plans[at]).filter(({ call }) => call.name === 'read');
    this.#looks = reads.length > 0 ? reads : looks.map((at) => plans[at]);
  }

  /** Whether there is anything to make programs of. */
  get possible(): boolean {
    return this.#families.length > 0 && this.#looks.length > 0;
  }

  program(random: Random): Program {
    const { cpus, frames } = this.#repertoire.options;
    const theme = this.#theme(random);
    const walk = new Walk(this.#repertoire, random, undefined, this.#mix(random, theme));
    const subjects: Address[] = [];
    this.#before(walk, theme, subjects);
    const first = random.below(2);
    const count = cpus > 2 && random.chance(40) ? random.between(3, Math.min(cpus, 4)) : 2;
    const block = writeBlock(this.#repertoire, walk, someCpus(random, cpus, count), (lane, position) =>
      this.#lane(lane, theme, subjects, position, first),
    );
    this.#after(walk, theme, subjects, block);
    return { cpus, frames, steps: walk.steps, blocks: block ? [block] : [] };
  }

  #mix(random: Random, { families }: Theme): Mix {
    const { options, sizes, plans, looks } = this.#repertoire;
    const refused = options.traits.alias === 'refused';
    const few = !refused && random.chance(20);
    return {
      table: [],
      makers: [],
      looks: random.chance(90) ? this.#looks : looks.map((at) => plans[at]),
      sizes: drawSizes(random, sizes, families.length > 1),
      vmaSizes: random.chance(75) ? [1] : [1, 1, 2, 4],
      frames: { first: 0, count: few ? Math.min(4, options.frames) : options.frames },
      style: few ? 'random' : 'fresh',
      cpu: 0,
      loyalty: random.of([0, 50, 80]),
      areas: 5,
      vmas: 4,
      bursts: 0,
      burst: 0,
      curious: 0,
      faithful: 90,
    };
  }

  /** One family mostly, or the makers of several, or the sides against each other. */
  #theme(random: Random): Theme {
    const first = random.of(this.#families);
    const second = random.chance(45) ? random.of(this.#families) : first;
    const families = first === second ? [first] : [first, second];
    const lists = families.map((family) => {
      const { changers, enders, makers, shared } = family;
      if (family.side === 'kernel') return { ...family, lane: [...makers, ...enders, ...shared] };
      const few = thinned(random, [...changers, ...enders], 30);
      const kinds = [random.of(makers), random.of(makers)].slice(random.below(4) === 0 ? 0 : 1);
      // Making a VMA is only one of many things that are done to VMAs.
      const lane = [...few, ...few, ...(random.chance(50) ? family.fillers : []), ...(random.chance(30) ? kinds : [])];
      return { ...family, makers: kinds, lane };
    });
    const lanes = random.chance(35) ? lists.map(({ lane }) => lane) : opposed(random, lists);
    return {
      families,
      lists,
      makers: lists.flatMap(({ makers }) => makers),
      fillers: lists.flatMap(({ fillers }) => fillers),
      changers: lists.flatMap(({ changers }) => changers),
      writers: lists.flatMap(({ writers }) => writers),
      enders: lists.flatMap(({ enders }) => enders),
      shared: lists.flatMap(({ shared }) => shared),
      lanes,
    };
  }

  /** Makes things, looks at them, and takes some away. */
  #before(walk: Walk, theme: Theme, subjects: Address[]): void {
    const { random } = walk;
    if (random.chance(BALLAST)) this.#ballast(walk, theme);
    // Where two families meet, there is mostly something of each.
    if (theme.families.length > 1 && random.chance(70)) {
      for (const { makers } of theme.lists) this.#make(walk, { ...theme, makers }, subjects);
    }
    const things = random.of(theme.writers.length > 0 ? [0, 1, 2, 2, 2, 2, 2, 3] : [0, 1, 1, 2, 2, 2, 3]);
    for (let n = subjects.length; n < things; n++) {
      this.#make(walk, theme, subjects);
      if (random.chance(55)) walk.draw(theme.writers);
    }
    if (random.chance(20)) walk.draw(theme.changers);
    for (const subject of subjects) {
      if (random.chance(85)) this.#lookAround(walk, subject, random.chance(40) ? 100 : 50);
    }
    if (random.chance(40)) walk.draw(theme.enders);
    if (random.chance(10)) walk.draw([...theme.enders, ...theme.changers, ...theme.shared]);
  }

  #ballast(walk: Walk, { makers }: Theme): void {
    const { random } = walk;
    const { pages } = this.#repertoire.options;
    walk.size = Math.min(pages, random.of([64, 128, 128, 256]));
    walk.draw(makers);
    walk.size = 0;
  }

  #lane(lane: Walk, { lanes, makers }: Theme, shared: readonly Address[], position: number, first: number): void {
    const { random } = lane;
    const subjects = [...shared];
    const plans = lanes.length === 1 ? lanes[0] : lanes[(position + first) % lanes.length];
    const onlyLooks = position > 1 && random.chance(50);
    for (let left = onlyLooks ? 0 : random.of([1, 1, 1, 1, 2, 3]); left > 0; left--) {
      if (!lane.draw(plans) && !lane.draw(makers)) break;
      const known = subjects.length;
      this.#learn(lane, subjects);
      if (subjects.length > known && random.chance(60)) lane.lookOnce(subjects[known]);
    }
    if (subjects.length === 0) return;
    for (let looks = onlyLooks ? random.between(1, 3) : random.of([0, 1, 1, 1, 2]); looks > 0; looks--) {
      lane.lookOnce(random.of(shared.length > 0 && random.chance(75) ? shared : subjects));
    }
  }

  /** Flushes, makes more, and looks at everything from everywhere. */
  #after(walk: Walk, theme: Theme, subjects: Address[], block: Block | undefined): void {
    const { random } = walk;
    if (block) for (let at = block.start; at < block.end; at++) this.#learnStep(walk, at, subjects);
    if (random.chance(60)) walk.draw(theme.shared);
    if (random.chance(35))
      this.#make(walk, random.chance(50) ? theme : { ...theme, makers: this.#anyMakers }, subjects);
    if (random.chance(10)) walk.draw([...theme.enders, ...theme.changers]);
    const share = random.chance(70) ? 100 : 40;
    for (const subject of subjects.slice(-SUBJECTS)) this.#lookAround(walk, subject, share);
  }

  #make(walk: Walk, { makers, fillers }: Theme, subjects: Address[]): void {
    if (!walk.draw(makers)) return;
    this.#learn(walk, subjects);
    const vma = walk.known.vmas[walk.known.vmas.length - 1];
    const empty = walk.steps[walk.steps.length - 1].call.binds === 'v' && vma?.perhaps.includes(0);
    if (empty && walk.random.chance(80)) walk.draw(fillers, undefined, PATIENCE);
  }

  /** Looks at the address from each CPU, with a probability in percent. */
  #lookAround(walk: Walk, subject: Address, share: number): void {
    for (let cpu = 0; cpu < this.#repertoire.options.cpus; cpu++) {
      if (share === 100 || walk.random.chance(share)) walk.lookOnce(subject, cpu);
    }
  }

  #learn(walk: Walk, subjects: Address[]): void {
    this.#learnStep(walk, walk.steps.length - 1, subjects);
  }

  /** What the step made, if anything, is looked at from then on. */
  #learnStep({ known, steps, random, focus }: Walk, at: number, subjects: Address[]): void {
    const { call, binds } = steps[at];
    if (call.binds === undefined) return;
    const pages = (call.binds === 'a' ? known.areas[binds]?.pages : known.vmas[binds]?.pages) ?? 0;
    if (pages === 0) return;
    const page = random.chance(60) ? 0 : random.chance(50) ? pages - 1 : random.below(pages);
    const subject = call.binds === 'a' ? inArea(binds, page * known.page) : inVma(binds, page * known.page);
    subjects.push(subject);
    focus.add(subject);
  }
}
