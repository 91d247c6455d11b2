import type { Step } from '../../../reference/calls/call.ts';
import { runsIn } from '../../../reference/calls/spaces.ts';
import { predictStep } from '../../../reference/calls/valid.ts';
import { Known } from '../../../reference/model/known.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { type Burst, drawBurst } from './burst.ts';
import { type Drawing, drawStep } from './draw.ts';
import { Focus } from './focus.ts';
import { addressToCheck } from './follow-up.ts';
import type { Cursor } from './frames.ts';
import { drawMix, type Mix } from './mix.ts';
import type { Options } from './options.ts';
import type { Random } from './random.ts';
import type { Plan, Repertoire } from './repertoire.ts';

/** Failed attempts to draw a step after which a walk ends: there may be no valid step at all. */
const MAX_ATTEMPTS = 64;
/** Failed attempts after which the walk creates an area or VMA, since most calls need one. */
const CREATE_AFTER_ATTEMPTS = 8;

/** Percentage of changes that are looked at in the other address space, where there is a child. */
const OTHER_SPACE_PERCENT = 30;
/** The same of forks, which are looked at in the child. */
const FORK_IN_CHILD_PERCENT = 70;

/** What a walk must know to write one lane of a parallel block. */
export interface LaneOf {
  /** The walk that contains the block. */
  readonly walk: Walk;
  readonly cpu: number;
  /** What the lane knows: a fork of what was known at the start of the block. */
  readonly known: Known;
  /** Whether a valid step is also allowed beside the steps of the other lanes. */
  readonly fits: (known: Known, step: Step) => boolean;
}

/**
 * Writes one program step by step. Every step is valid in every state that the contract allows at that point. The cost
 * of a step does not grow with the number of mapped pages.
 */
export class Walk implements Drawing {
  readonly options: Options;
  readonly random: Random;
  readonly mix: Mix;
  readonly known: Known;
  readonly steps: Step[] = [];
  readonly focus: Focus = new Focus();
  readonly cursor: Cursor;
  /** Pages of each area in a burst, otherwise 0. */
  size = 0;
  /** The most steps that the program may have. */
  limit = Number.POSITIVE_INFINITY;
  /** The address of the next looks, while there are any. */
  target: Address | undefined;
  targetSpace = -1;
  /** Looks at `target` that are left, and the CPU of the next one. */
  #looks = 0;
  #lookCpu = 0;
  #burst: Burst | undefined;
  /** What `steps` were drawn from. */
  readonly #plans: Plan[] = [];
  #livePages = 0;
  #liveAreas = 0;
  /** The only CPU of a lane, or -1. */
  readonly lane: number;
  readonly #fits: LaneOf['fits'] | undefined;

  /** `lane` is given for a lane of a parallel block. `mix` says what the program is like; it is drawn if not given. */
  constructor(repertoire: Repertoire, random: Random, lane?: LaneOf, mix?: Mix) {
    const { options } = repertoire;
    this.options = options;
    this.random = random;
    this.mix = mix ?? lane?.walk.mix ?? drawMix(random, repertoire);
    const { traits, cpus, frames, page, sizes } = options;
    this.known = lane?.known ?? new Known(traits, cpus, frames, page, sizes.huge);
    this.cursor = { at: random.below(this.mix.frames.count) };
    this.lane = lane?.cpu ?? -1;
    this.#fits = lane?.fits;
    if (lane) this.focus = lane.walk.focus.copy();
  }

  /** Appends `steps` steps, or fewer if no further step can be drawn. */
  run(steps: number): void {
    const end = this.steps.length + steps;
    while (this.steps.length < end) if (!this.#advance()) return;
  }

  /**
   * Appends a step of one of the calls; false if no valid one was found. The CPU is random if not given.
   */
  draw(plans: readonly Plan[], cpu: number = this.#cpu(), attempts: number = CREATE_AFTER_ATTEMPTS): boolean {
    if (plans.length === 0) return false;
    for (let attempt = 0; attempt < attempts; attempt++) if (this.#step(this.random.of(plans), cpu)) return true;
    return false;
  }

  /** Whether a valid step of the call that also `fits` can be drawn now. Appends nothing. */
  could(plan: Plan, fits: (step: Step) => boolean = () => true): boolean {
    for (let attempt = 0; attempt < CREATE_AFTER_ATTEMPTS; attempt++) {
      const step = drawStep(this, plan, 0);
      if (step && fits(step)) return true;
    }
    return false;
  }

  /** Appends a look at the address; false if no valid one was found. The CPU is random if not given. */
  lookOnce(address: Address, cpu: number = this.#cpu()): boolean {
    const { looks } = this.mix;
    this.target = address;
    const done = looks.length > 0 && this.#step(this.random.of(looks), cpu);
    this.target = undefined;
    return done;
  }

  #advance(): boolean {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (this.#looks > 0 ? this.#look() : this.#burst ? this.#inBurst(this.#burst) : this.#any(attempt)) return true;
    }
    return false;
  }

  #cpu(): number {
    const { mix, random } = this;
    if (this.lane >= 0) return this.lane;
    return random.chance(mix.sameCpuPercent) ? mix.cpu : random.below(this.options.cpus);
  }

  /** The next look at what was changed, each from another CPU. */
  #look(): boolean {
    const { looks } = this.mix;
    const cpu = this.lane >= 0 ? this.lane : this.#lookCpu;
    this.#lookCpu = cpu + 1 < this.options.cpus ? cpu + 1 : 0;
    this.#looks--;
    const done = looks.length > 0 && this.#step(this.random.of(looks), cpu);
    if (this.#looks === 0) this.target = undefined;
    return done;
  }

  #inBurst(burst: Burst): boolean {
    const plan = burst.plans[burst.at];
    burst.at = burst.at + 1 < burst.plans.length ? burst.at + 1 : 0;
    this.size = burst.size;
    const done = this.#step(plan, burst.cpu < 0 || this.lane >= 0 ? this.#cpu() : burst.cpu);
    this.size = 0;
    if (!done || --burst.left === 0) this.#burst = undefined;
    return done;
  }

  /** A step of any call of the mix; after several failed attempts one that creates something. */
  #any(attempt: number): boolean {
    const { random, mix } = this;
    const create = attempt % CREATE_AFTER_ATTEMPTS === CREATE_AFTER_ATTEMPTS - 1 && mix.makers.length > 0;
    const table = create ? mix.makers : mix.table;
    if (table.length === 0) return false;
    if (mix.burstPercent > 0 && random.chance(mix.burstPercent)) this.#startBurst();
    return this.#step(random.of(table), this.#cpu());
  }

  /** Starts a burst. It is a method of its own because a closure in `#any` would take memory in each step. */
  #startBurst(): void {
    this.#burst = drawBurst(this.random, this.mix, this.#plans, () => this.#cpu());
  }

  /** Draws a step of the call and appends it; false if this attempt found no valid one. */
  #step(plan: Plan, cpu: number): boolean {
    if (this.steps.length >= this.limit) return false;
    if (plan.call.effect === 'makes' && this.#full(plan)) return false;
    const step = drawStep(this, plan, cpu);
    if (!step || this.#fits?.(this.known, step) === false) return false;
    this.steps.push(step);
    this.#plans.push(plan);
    this.#after(plan, step);
    return true;
  }

  /** Whether so much is live already that the call should not create more. Exceptions are allowed at random. */
  #full(plan: Plan): boolean {
    const { mix, options, known } = this;
    if (plan.binds === 'v') return known.liveVmas.length >= mix.vmas && this.random.chance(90);
    if (this.#livePages >= options.livePages) return true;
    return this.#liveAreas >= mix.areas && !this.#burst && this.random.chance(90);
  }

  /** Updates what is known and live, and decides whether to look at what the step changed. */
  #after(plan: Plan, step: Step): void {
    const { areas, retired } = this.known;
    const before = retired.length;
    predictStep(this.known, step);
    const unmapped = retired.length > before ? retired[retired.length - 1] : undefined;
    const created = plan.binds === 'a' ? areas[step.binds] : undefined;
    if (created) this.#countLive(1, created.pages);
    else if (unmapped) this.#countLive(-1, -unmapped.pages);
    const space = this.#spaceToCheck(step);
    this.known.enter(space);
    const address = addressToCheck(this, plan, step, unmapped);
    this.known.enter(-1);
    this.#lookAt(address, space);
  }

  /** The address space in which to look at what a step changed: mostly its own, but others may have changed, too. */
  #spaceToCheck(step: Step): number {
    const { child } = this.known;
    if (child < 0) return -1;
    const other = this.random.chance(step.call.effect === 'forks' ? FORK_IN_CHILD_PERCENT : OTHER_SPACE_PERCENT);
    return runsIn(step) < 0 === other ? child : -1;
  }

  #countLive(areas: number, pages: number): void {
    this.#liveAreas += areas;
    this.#livePages += pages;
  }

  /** Makes the next steps look at the address, with the probability that the mix gives. */
  #lookAt(address: Address | undefined, space: number): void {
    const { random, mix } = this;
    if (!address || this.#looks > 0) return;
    if (!random.chance(this.#burst ? mix.lookAfterChangePercent / 4 : mix.lookAfterChangePercent)) return;
    this.target = address;
    this.targetSpace = space;
    this.focus.add(address);
    this.#looks = random.between(1, Math.min(this.options.cpus, 3));
    this.#lookCpu = random.below(this.options.cpus);
  }
}
