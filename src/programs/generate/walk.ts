import type { Step } from '../../../reference/calls/call.ts';
import { Known } from '../../../reference/model/known.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { drawInArea, drawInVma } from './address.ts';
import { type Drawing, drawStep } from './draw.ts';
import { Focus } from './focus.ts';
import type { Cursor } from './frames.ts';
import { drawMix, type Mix } from './mix.ts';
import type { Options } from './options.ts';
import type { Random } from './random.ts';
import type { Plan, Repertoire } from './repertoire.ts';

/** How often another call is tried before a walk gives up: there may be nothing to draw at all. */
const ATTEMPTS = 64;
/** After so many attempts something is made, for the calls that need it. */
const HELPLESS = 8;

/** Like calls one after the other, of one size and mostly on one CPU: what fills big structures. */
interface Burst {
  readonly plans: readonly Plan[];
  readonly size: number;
  /** -1 for any. */
  readonly cpu: number;
  at: number;
  left: number;
}

/** A walk that writes one lane of a parallel block. */
export interface LaneOf {
  /** The walk that the block stands in. */
  readonly walk: Walk;
  readonly cpu: number;
  /** What the lane knows: a fork of what was known when the block began. */
  readonly known: Known;
  readonly fits: (known: Known, step: Step) => boolean;
}

/**
 * Writes one program, step by step, along what is known: every step is valid in every state that the contract allows
 * where it stands. The cost of a step does not grow with what is mapped.
 */
export class Walk implements Drawing {
  readonly options: Options;
  readonly random: Random;
  readonly mix: Mix;
  readonly known: Known;
  /** The one CPU of a lane, or -1. */
  readonly #lane: number;
  /** Whether a step that was drawn may stand here, besides being valid. */
  readonly #fits: ((known: Known, step: Step) => boolean) | undefined;
  readonly steps: Step[] = [];
  readonly focus: Focus = new Focus();
  readonly cursor: Cursor;
  /** The pages of each area in a burst, else 0. */
  size = 0;
  /** What the next looks are at, while a change is being looked at. */
  target: Address | undefined;
  #looks = 0;
  #lookCpu = 0;
  #burst: Burst | undefined;
  /** What `steps` were drawn from. */
  readonly #plans: Plan[] = [];
  #livePages = 0;
  #liveAreas = 0;

  /** `mix`: what the program is like, drawn where it is not given. */
  constructor(repertoire: Repertoire, random: Random, lane?: LaneOf, mix?: Mix) {
    const { options } = repertoire;
    this.options = options;
    this.random = random;
    this.mix = mix ?? lane?.walk.mix ?? drawMix(random, repertoire);
    this.known = lane?.known ?? new Known(options.traits, options.cpus, options.frames, options.page);
    this.cursor = { at: random.below(this.mix.frames.count) };
    this.#lane = lane?.cpu ?? -1;
    this.#fits = lane?.fits;
    if (lane) this.focus = lane.walk.focus.fork();
  }

  /** Appends up to `steps` steps; fewer only where nothing can be drawn. */
  run(steps: number): void {
    const end = this.steps.length + steps;
    while (this.steps.length < end) if (!this.#advance()) return;
  }

  /** Appends looks at addresses that were looked at before, on any CPU. */
  lookAround(looks: number): void {
    const { random, mix } = this;
    for (let n = 0; n < looks && mix.looks.length > 0; n++) {
      this.target = this.focus.any(random);
      this.#step(random.of(mix.looks), random.below(this.options.cpus));
    }
    this.target = undefined;
  }

  /** Appends a step of one of the calls, on the CPU or, where none is given, on any; false where none can be drawn. */
  draw(plans: readonly Plan[], cpu: number = this.#cpu(), attempts: number = HELPLESS): boolean {
    if (plans.length === 0) return false;
    for (let attempt = 0; attempt < attempts; attempt++) if (this.#step(this.random.of(plans), cpu)) return true;
    return false;
  }

  /** Appends a look at the address. */
  lookOnce(address: Address, cpu: number = this.#cpu()): boolean {
    const { looks } = this.mix;
    this.target = address;
    const done = looks.length > 0 && this.#step(this.random.of(looks), cpu);
    this.target = undefined;
    return done;
  }

  #advance(): boolean {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (this.#looks > 0 ? this.#look() : this.#burst ? this.#inBurst(this.#burst) : this.#plain(attempt)) return true;
    }
    return false;
  }

  #cpu(): number {
    const { mix, random } = this;
    if (this.#lane >= 0) return this.#lane;
    return random.chance(mix.loyalty) ? mix.cpu : random.below(this.options.cpus);
  }

  /** The next look at what was changed, on this CPU and that. */
  #look(): boolean {
    const { looks } = this.mix;
    const cpu = this.#lane >= 0 ? this.#lane : this.#lookCpu;
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
    const done = this.#step(plan, burst.cpu < 0 || this.#lane >= 0 ? this.#cpu() : burst.cpu);
    this.size = 0;
    if (!done || --burst.left === 0) this.#burst = undefined;
    return done;
  }

  #plain(attempt: number): boolean {
    const { random, mix } = this;
    const table = attempt % HELPLESS < HELPLESS - 1 || mix.makers.length === 0 ? mix.table : mix.makers;
    if (table.length === 0) return false;
    if (mix.bursts > 0 && random.chance(mix.bursts)) this.#burst = this.#newBurst();
    return this.#step(random.of(table), this.#cpu());
  }

  /** A burst of one call, or of the last few calls in turn. */
  #newBurst(): Burst {
    const { random, mix } = this;
    const again = random.chance(25) ? this.#plans.slice(-random.between(2, 4)) : [];
    // Things that are made pile up; most else is the same the second time.
    const makers = random.chance(70) ? mix.table.filter(({ binds }) => binds === 'a') : [];
    const plans = again.length > 0 ? again : [random.of(makers.length > 0 ? makers : mix.table)];
    return {
      plans,
      size: random.of(mix.sizes),
      cpu: random.chance(80) ? this.#cpu() : -1,
      at: 0,
      left: random.between(4, mix.burst) * plans.length,
    };
  }

  /** Draws a step and appends it; false where there is none of that call now. */
  #step(plan: Plan, cpu: number): boolean {
    if (plan.binds !== undefined && this.#full(plan)) return false;
    const step = drawStep(this, plan, cpu);
    if (!step || this.#fits?.(this.known, step) === false) return false;
    this.steps.push(step);
    this.#plans.push(plan);
    this.#after(plan, step);
    return true;
  }

  /** Too much is live already, mostly. */
  #full(plan: Plan): boolean {
    const { mix, options, known } = this;
    if (plan.binds === 'v') return known.liveVmas.length >= mix.vmas && this.random.chance(90);
    if (this.#livePages >= options.livePages) return true;
    return this.#liveAreas >= mix.areas && !this.#burst && this.random.chance(90);
  }

  /** Learns what is known after the step, and decides whether to look at what it changed. */
  #after({ predict, binds, slots }: Plan, step: Step): void {
    const { known, random } = this;
    if (predict === undefined) {
      if (slots.length === 0) this.#lookAt(this.focus.any(random));
      return;
    }
    const retired = known.retired.length;
    predict(known, step);
    if (binds === 'a') this.#made(step.binds);
    else if (binds === 'v') this.#lookAt(drawInVma(random, known.vmas[step.binds]!, known.page));
    else if (known.retired.length > retired) this.#retiredArea();
    else this.#lookAt(this.#named(step));
  }

  #made(name: number): void {
    const area = this.known.areas[name];
    if (!area) return;
    this.#livePages += area.pages;
    this.#liveAreas++;
    this.#lookAt(drawInArea(this.random, area, this.known.page));
  }

  #retiredArea(): void {
    const area = this.known.retired[this.known.retired.length - 1];
    this.#livePages -= area.pages;
    this.#liveAreas--;
    this.#lookAt(this.focus.in('a', area.name) ?? drawInArea(this.random, area, this.known.page));
  }

  /** The address that the step names, if any, or one near it, else one that was looked at before. */
  #named(step: Step): Address | undefined {
    const { naming } = step.call;
    const named = naming.length > 0 ? (step.args[naming[naming.length - 1]] as Address | undefined) : undefined;
    if (!named) return this.focus.any(this.random);
    return (this.random.chance(50) ? this.focus.in(named.base, named.index) : undefined) ?? named;
  }

  /** The next steps look at the address, if the program is of that kind. */
  #lookAt(address: Address | undefined): void {
    const { random, mix } = this;
    if (!address || this.#looks > 0) return;
    if (!random.chance(this.#burst ? mix.curious / 4 : mix.curious)) return;
    this.target = address;
    this.focus.add(address);
    this.#looks = random.between(1, Math.min(this.options.cpus, 3));
    this.#lookCpu = random.below(this.options.cpus);
  }
}
