import type { Program } from '../../../reference/calls/valid.ts';
import { type Address, inArea } from '../../../reference/notation/address.ts';
import { type Family, familiesOf } from './family.ts';
import { someCpus, writeBlock } from './lanes.ts';
import type { Random } from './random.ts';
import { type Plan, type Repertoire, readsOf } from './repertoire.ts';
import { drawTheme, drawTightMix } from './theme.ts';
import { Walk } from './walk.ts';

/** Percentage of programs about mappings that share blocks, where the target has them. */
const IN_BLOCKS_PERCENT = 35;
/** Percentage of these in which most of a block is used, and everything in it is given back. */
const USED_UP_PERCENT = 25;
/** Parts of a block, and how many of them are used. Linux takes a block apart if less than a quarter was never used. */
const PARTS = 16;
const USED_PARTS = 13;
/** Pages of all areas of a program. Addresses are taken again by areas of the same size. */
const SIZES = [1, 1, 1, 2, 2, 4, 8, 17];
/** Percentage of areas that are made on the CPU that makes the next one: Linux keeps addresses for the CPU that took them. */
const SAME_CPU_PERCENT = 75;
/** Areas that are live at a time, at most. */
const MAX_AREAS = 64;
/** Percentages of steps that not all programs have. */
const LOOK_PERCENT = 85;
const SECOND_AREA_PERCENT = 30;
const OTHER_SHARED_PERCENT = 10;
const FLUSH_FIRST_PERCENT = 30;
const MAKE_PERCENT = 65;
const LOOK_IN_LANE_PERCENT = 60;
const FLUSH_AFTER_PERCENT = 80;
const MAKE_AFTER_PERCENT = 25;

/** What the lane of the first CPU does: it gives an area back, or it flushes what was given back before. */
type Stage = 'ends' | 'flushes';

/** The CPUs of a program: one whose call is still under way, and one that makes the next calls in the meantime. */
interface Cpus {
  readonly slow: number;
  readonly quick: number;
}

/**
 * Writes programs about addresses that are taken again: an area is made and looked at, given back, flushed, and another
 * area takes its place. A block cuts this sequence in two. One CPU makes a call of it while another one already makes the
 * calls that follow. If an address or a translation is given back too early, this shows it.
 */
export class ReuseGenerator {
  readonly #repertoire: Repertoire;
  /** The families on the kernel side, repeated by how often they are drawn. */
  readonly #families: readonly Family[];
  /** The families whose mappings share blocks. */
  readonly #inBlocks: readonly Family[];
  readonly #reads: readonly Plan[];

  constructor(repertoire: Repertoire) {
    this.#repertoire = repertoire;
    this.#families = familiesOf(repertoire).filter(
      ({ side, enders, shared }) => side === 'kernel' && enders.length > 0 && flushesOf(shared).length > 0,
    );
    this.#inBlocks = this.#families.filter(({ makers }) => makers.some(({ call }) => call.origin === 'ram'));
    this.#reads = readsOf(repertoire);
  }

  /** Whether the target has the calls. */
  get possible(): boolean {
    return this.#families.length > 0 && this.#reads.length > 0;
  }

  program(random: Random): Program {
    const { cpus, frames, pages } = this.#repertoire.options;
    const blocks = this.#inBlocks.length > 0 && random.chance(IN_BLOCKS_PERCENT);
    const family = random.of(blocks ? this.#inBlocks : this.#families);
    const tight = drawTightMix(random, this.#repertoire, drawTheme(random, [family]), this.#reads);
    const mix = { ...tight, areas: MAX_AREAS };
    const walk = new Walk(this.#repertoire, random, undefined, mix);
    const size = Math.min(pages, random.of(SIZES));
    const [one, other] = someCpus(random, cpus, 2);
    const pair: Cpus = random.chance(50) ? { slow: one, quick: other } : { slow: other, quick: one };
    const usesUp = blocks && random.chance(USED_UP_PERCENT) && this.#useUp(walk, family, pair);
    const stage: Stage = !usesUp && random.chance(50) ? 'ends' : 'flushes';
    const subjects: Address[] = [];
    walk.size = size;
    if (!usesUp) {
      this.#before(walk, family, pair, subjects);
      if (stage === 'flushes') walk.draw(family.enders);
    }
    const block = writeBlock(this.#repertoire, walk, [pair.slow, pair.quick], (lane) => {
      lane.size = size;
      if (lane.lane === pair.slow) lane.draw(stage === 'ends' ? family.enders : sharedOf(random, family));
      else this.#next(lane, family, stage, [...subjects]);
    });
    if (block) for (let at = block.start; at < block.end; at++) addSubject(walk, at, subjects);
    this.#after(walk, family, subjects);
    return { cpus, frames, steps: walk.steps, blocks: block ? [block] : [] };
  }

  /** Uses most of a block, and gives everything back. False if the size of a block is not known. */
  #useUp(walk: Walk, { makers, enders }: Family, { quick }: Cpus): boolean {
    const { block = 0 } = this.#repertoire.options.sizes;
    walk.size = Math.floor(block / PARTS);
    if (walk.size === 0) return false;
    for (let n = 0; n < USED_PARTS; n++) walk.draw(makers, quick);
    for (let n = 0; n < 2 * USED_PARTS && walk.known.live.ram.length > 0; n++) walk.draw(enders);
    return true;
  }

  /** Makes areas and looks at them from each CPU. */
  #before(walk: Walk, { makers }: Family, { quick }: Cpus, subjects: Address[]): void {
    const { random } = walk;
    for (let left = random.chance(SECOND_AREA_PERCENT) ? 2 : 1; left > 0; left--) {
      if (walk.draw(makers, random.chance(SAME_CPU_PERCENT) ? quick : undefined))
        addSubject(walk, walk.steps.length - 1, subjects);
    }
    if (random.chance(LOOK_PERCENT)) this.#lookFromEachCpu(walk, subjects);
  }

  /** The calls that follow in the sequence: a flush if the first lane gives an area back, then another area, then looks. */
  #next(lane: Walk, family: Family, stage: Stage, subjects: Address[]): void {
    const { random } = lane;
    if (stage === 'ends' || random.chance(FLUSH_FIRST_PERCENT)) lane.draw(sharedOf(random, family));
    if (stage === 'flushes' || random.chance(MAKE_PERCENT)) {
      if (lane.draw(family.makers)) addSubject(lane, lane.steps.length - 1, subjects);
    }
    for (const subject of [...subjects].reverse()) if (random.chance(LOOK_IN_LANE_PERCENT)) lane.lookOnce(subject);
  }

  /** Flushes, and looks at everything from each CPU. */
  #after(walk: Walk, family: Family, subjects: Address[]): void {
    const { random } = walk;
    if (random.chance(FLUSH_AFTER_PERCENT)) walk.draw(flushesOf(family.shared));
    if (random.chance(MAKE_AFTER_PERCENT) && walk.draw(family.makers))
      addSubject(walk, walk.steps.length - 1, subjects);
    this.#lookFromEachCpu(walk, subjects);
  }

  #lookFromEachCpu(walk: Walk, subjects: readonly Address[]): void {
    for (const subject of subjects)
      for (let cpu = 0; cpu < this.#repertoire.options.cpus; cpu++) walk.lookOnce(subject, cpu);
  }
}

const flushesOf = (shared: readonly Plan[]): readonly Plan[] => shared.filter(({ call }) => call.effect === 'flushes');

/** Mostly a flush; sometimes any call that affects all areas. */
const sharedOf = (random: Random, { shared }: Family): readonly Plan[] =>
  random.chance(OTHER_SHARED_PERCENT) ? shared : flushesOf(shared);

/** If the step at position `at` made an area, adds an address in it to the subjects: of its first page or its last one. */
function addSubject({ known, steps, random }: Walk, at: number, subjects: Address[]): void {
  const { call, binds } = steps[at];
  const pages = call.binds === 'a' ? (known.areas[binds]?.pages ?? 0) : 0;
  if (pages > 0) subjects.push(inArea(binds, random.chance(50) ? 0 : (pages - 1) * known.page));
}
