import type { Program } from '../../../reference/calls/valid.ts';
import { type Address, inArea, inVma } from '../../../reference/notation/address.ts';
import type { Block } from '../../../reference/notation/program.ts';
import { type Family, familiesOf } from './family.ts';
import { someCpus, writeBlock } from './lanes.ts';
import { canPair, drawPair } from './pair.ts';
import type { Random } from './random.ts';
import { mainLooksOf, type Plan, type Repertoire } from './repertoire.ts';
import { drawTheme, drawTightMix, type Theme } from './theme.ts';
import { Walk } from './walk.ts';

/** Addresses that a program looks at after the block. */
const MAX_SUBJECTS = 6;
/** Percentage of programs that start with one large mapping, so that addresses are reused sooner. */
const LARGE_FIRST_PERCENT = 12;
/** Attempts to fill an empty VMA: only some calls fit its kind. */
const FILL_ATTEMPTS = 40;
/** Percentage of empty VMAs of which a page is filled before the block. */
const FILL_PERCENT = 80;
/**
 * The same in programs that leave room. A call that fills has nothing to do in a VMA that is full, so it never meets the
 * calls that unmap.
 */
const FILL_WITH_ROOM_PERCENT = 20;
/** Percentage of programs that leave room. Only for targets that repeat programs, which run fewer different ones. */
const ROOM_PERCENT = 50;
/** Percentage of programs on the same targets in which a call that fills meets one that unmaps. */
const PAIR_PERCENT = 50;
/** At most this many VMAs are created until the call that fills has a page to fill. */
const MAX_ROOM_VMAS = 6;

/**
 * Writes short programs with few small mappings, in the shape that races need: create mappings and look at them, so
 * that the CPUs hold translations; unmap some of them; then overlap a few calls that change the same mappings; finally
 * look at everything from every CPU. Which calls, mappings and moments meet is random.
 */
export class TightGenerator {
  readonly #repertoire: Repertoire;
  readonly #families: readonly Family[];
  readonly #looks: readonly Plan[];
  readonly #anyMakers: readonly Plan[];
  /** The family of calls on VMAs, from which pairs are drawn. Undefined if the target does not repeat programs. */
  readonly #pairing: Family | undefined;
  /** Percentage of empty VMAs of which the current program fills a page before its block. */
  #fillPercent = FILL_PERCENT;

  constructor(repertoire: Repertoire) {
    this.#repertoire = repertoire;
    const { options } = repertoire;
    this.#families = familiesOf(repertoire);
    this.#pairing = options.can.has('repeat') ? this.#families.find(canPair) : undefined;
    this.#anyMakers = [...new Set(this.#families.flatMap(({ makers }) => makers))];
    this.#looks = mainLooksOf(repertoire);
  }

  /** Whether the target has calls to create mappings and to look at them. */
  get possible(): boolean {
    return this.#families.length > 0 && this.#looks.length > 0;
  }

  program(random: Random): Program {
    const { cpus, frames, can } = this.#repertoire.options;
    const paired = this.#pairing && random.chance(PAIR_PERCENT) ? this.#pairing : undefined;
    const pair = paired && drawPair(random, paired);
    const theme = drawTheme(random, paired ? [paired] : this.#families);
    const lanes = pair ? { ...theme, lanes: [[pair.fills], [pair.unmaps]] } : theme;
    this.#fillPercent = can.has('repeat') && random.chance(ROOM_PERCENT) ? FILL_WITH_ROOM_PERCENT : FILL_PERCENT;
    const mix = drawTightMix(random, this.#repertoire, theme, this.#looks);
    const walk = new Walk(this.#repertoire, random, undefined, mix);
    const subjects: Address[] = [];
    this.#before(walk, theme, subjects);
    if (pair) this.#makeRoom(walk, pair.fills, paired.makers, subjects);
    const first = random.below(2);
    const count = cpus > 2 && random.chance(40) ? random.between(3, Math.min(cpus, 4)) : 2;
    const block = writeBlock(this.#repertoire, walk, someCpus(random, cpus, count), (lane, position) =>
      this.#lane(lane, lanes, subjects, position, first),
    );
    this.#after(walk, theme, subjects, block);
    return { cpus, frames, steps: walk.steps, blocks: block ? [block] : [] };
  }

  /** Creates mappings, looks at them, and unmaps some. Adds an address of each mapping to `subjects`. */
  #before(walk: Walk, theme: Theme, subjects: Address[]): void {
    const { random } = walk;
    if (random.chance(LARGE_FIRST_PERCENT)) this.#createLarge(walk, theme);
    // If two families meet, most programs have a mapping of each.
    if (theme.families.length > 1 && random.chance(70)) {
      for (const makers of theme.makersByFamily) this.#create(walk, makers, theme.fillers, subjects);
    }
    const mappings = random.of(theme.writers.length > 0 ? [0, 1, 2, 2, 2, 2, 2, 3] : [0, 1, 1, 2, 2, 2, 3]);
    for (let n = subjects.length; n < mappings; n++) {
      this.#create(walk, theme.makers, theme.fillers, subjects);
      if (random.chance(55)) walk.draw(theme.writers);
    }
    if (random.chance(20)) walk.draw(theme.changers);
    for (const subject of subjects) {
      if (random.chance(85)) this.#lookFromEachCpu(walk, subject, random.chance(40) ? 100 : 50);
    }
    if (random.chance(40)) walk.draw(theme.enders);
    if (random.chance(10)) walk.draw([...theme.enders, ...theme.changers, ...theme.shared]);
  }

  #createLarge(walk: Walk, { makers }: Theme): void {
    const { random } = walk;
    const { pages } = this.#repertoire.options;
    walk.size = Math.min(pages, random.of([64, 128, 128, 256]));
    walk.draw(makers);
    walk.size = 0;
  }

  /** Writes a lane: a few changes, then a few looks at the subjects and at what the lane created itself. */
  #lane(lane: Walk, { lanes, makers }: Theme, shared: readonly Address[], position: number, first: number): void {
    const { random } = lane;
    const subjects = [...shared];
    const plans = lanes.length === 1 ? lanes[0] : lanes[(position + first) % lanes.length];
    const onlyLooks = position > 1 && random.chance(50);
    for (let left = onlyLooks ? 0 : random.of([1, 1, 1, 1, 2, 3]); left > 0; left--) {
      if (!lane.draw(plans) && !lane.draw(makers)) break;
      const before = subjects.length;
      this.#addSubject(lane, lane.steps.length - 1, subjects);
      if (subjects.length > before && random.chance(60)) lane.lookOnce(subjects[before]);
    }
    if (subjects.length === 0) return;
    for (let looks = onlyLooks ? random.between(1, 3) : random.of([0, 1, 1, 1, 2]); looks > 0; looks--) {
      lane.lookOnce(random.of(shared.length > 0 && random.chance(75) ? shared : subjects));
    }
  }

  /** Flushes, creates more mappings, and looks at all subjects from every CPU. */
  #after(walk: Walk, theme: Theme, subjects: Address[], block: Block | undefined): void {
    const { random } = walk;
    if (block) for (let at = block.start; at < block.end; at++) this.#addSubject(walk, at, subjects);
    if (random.chance(60)) walk.draw(theme.shared);
    if (random.chance(35))
      this.#create(walk, random.chance(50) ? theme.makers : this.#anyMakers, theme.fillers, subjects);
    if (random.chance(10)) walk.draw([...theme.enders, ...theme.changers]);
    const percent = random.chance(70) ? 100 : 40;
    for (const subject of subjects.slice(-MAX_SUBJECTS)) this.#lookFromEachCpu(walk, subject, percent);
  }

  /** Creates a mapping and adds it to the subjects. If it is an empty VMA, fills its first page in most cases. */
  #create(walk: Walk, makers: readonly Plan[], fillers: readonly Plan[], subjects: Address[]): void {
    if (!walk.draw(makers)) return;
    this.#addSubject(walk, walk.steps.length - 1, subjects);
    const vma = walk.known.vmas[walk.known.vmas.length - 1];
    const empty = walk.steps[walk.steps.length - 1].call.binds === 'v' && vma?.perhaps.includes(0);
    if (empty && walk.random.chance(this.#fillPercent)) walk.draw(fillers, undefined, FILL_ATTEMPTS);
  }

  /** Creates VMAs of any kind until a call that fills has a page to fill. */
  #makeRoom(walk: Walk, fills: Plan, makers: readonly Plan[], subjects: Address[]): void {
    for (let n = 0; n < MAX_ROOM_VMAS && !walk.could(fills); n++) {
      if (walk.draw(makers)) this.#addSubject(walk, walk.steps.length - 1, subjects);
    }
  }

  /** Looks at the address from each CPU with a probability of `percent` / 100. */
  #lookFromEachCpu(walk: Walk, subject: Address, percent: number): void {
    for (let cpu = 0; cpu < this.#repertoire.options.cpus; cpu++) {
      if (percent === 100 || walk.random.chance(percent)) walk.lookOnce(subject, cpu);
    }
  }

  /** If the step at position `at` creates a mapping, adds an address of it to the subjects. */
  #addSubject({ known, steps, random, focus }: Walk, at: number, subjects: Address[]): void {
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
