import type { Call, Choose, Step } from '../../../../reference/calls/call.ts';
import { Known } from '../../../../reference/model/known.ts';
import type { KnownVma } from '../../../../reference/model/known-space.ts';
import type { Address } from '../../../../reference/notation/address.ts';
import type { Argument } from '../../../../reference/notation/signature.ts';
import type { Traits } from '../../../../reference/profiles/traits.ts';
import { nearestPages } from '../../../targets/support.ts';
import type { Family } from '../family.ts';
import type { Plan } from '../repertoire.ts';
import type { Walk } from '../walk.ts';
import { Aim, aimed } from './aim.ts';
import { stepOn } from './site.ts';

/** A VMA to create. */
export interface Wanted {
  readonly pages: number;
  readonly object: number;
  /** Index of its first page in the object. */
  readonly index: number;
  /** The VMA right before it, or -1. */
  readonly after?: number;
  /** The first frame that it maps from the start, or -1: it is created empty. */
  readonly remap?: number;
}

/** A range of pages of a VMA: [from, to). */
export interface Range {
  readonly vma: number;
  readonly from: number;
  readonly to: number;
}

/** Frames to map: consecutive ones from `first` on, or `first` alone everywhere. */
export interface Frames {
  readonly first: number;
  readonly repeat: boolean;
  /** Whether one step should map as much as it can; otherwise short ranges may be mapped page by page. */
  readonly atOnce?: boolean;
}

/** Steps that fill or empty one range, at most. */
const MAX_STEPS = 40;
/** Attempts to find a call that fills or empties pages of a VMA of this kind. */
const ATTEMPTS = 6;

const NO_CHOICE: Choose = { below: () => 0, chance: () => false };

const has = (plan: Plan, ...types: readonly string[]): boolean => plan.slots.some(({ type }) => types.includes(type));

/** The calls that the target supports for a range of that many pages, or for parts of it. */
const within = (plans: readonly Plan[], pages: number): readonly Plan[] =>
  plans.every(({ support }) => support === undefined)
    ? plans
    : plans.filter(({ support }) => nearestPages(support, pages) <= pages);

/** The user calls, with arguments that the program chooses. */
export class Vmas {
  readonly #aim: Aim;
  /** The calls that create a VMA, each of one kind. */
  readonly kinds: readonly Plan[];
  readonly #fillers: readonly Plan[];
  /** The fillers that map a range in one step, and those of them that can map one frame in all of its pages. */
  readonly #ranged: readonly Plan[];
  readonly #listed: readonly Plan[];
  readonly #emptiers: readonly Plan[];
  readonly #enders: readonly Plan[];
  /** The calls that make a private copy of a page. */
  readonly #writers: readonly Plan[];

  readonly #traits: Traits;
  readonly #kindsFor = new Map<Call, readonly Plan[]>();
  /** The kinds that some filler can fill. */
  readonly fillable: readonly Plan[];
  /** The kinds that some call fills with a range of frames in one step, and with any list of frames. */
  readonly rangeFillable: readonly Plan[];
  readonly listFillable: readonly Plan[];

  constructor({ makers, fillers, changers, writers, enders }: Family, aim: Aim, traits: Traits) {
    this.#aim = aim;
    this.#traits = traits;
    const toAim = (plans: readonly Plan[]): readonly Plan[] => plans.map((plan) => aimed(plan, aim));
    this.kinds = toAim(makers);
    // Calls that fill a whole VMA do not lead to a chosen phase.
    this.#fillers = toAim(fillers.filter((plan) => has(plan, 'address')));
    this.#ranged = this.#fillers.filter((plan) => has(plan, 'bytes', 'frames'));
    this.#listed = this.#fillers.filter((plan) => has(plan, 'frames') && !plan.support?.contiguous);
    this.#emptiers = toAim(changers.filter((plan) => !writers.includes(plan)));
    this.#enders = toAim(enders);
    this.#writers = toAim(writers);
    const kindsOf = (plans: readonly Plan[]): readonly Plan[] =>
      this.kinds.filter((kind) => plans.some((plan) => this.kindsFor(plan).includes(kind)));
    this.fillable = kindsOf(this.#fillers);
    this.rangeFillable = kindsOf(this.#ranged);
    this.listFillable = kindsOf(this.#listed);
  }

  /** The kinds of an empty VMA on which a call is defined. `plan`: with the call's own arguments, or with aimed ones. */
  kindsFor(plan: Plan): readonly Plan[] {
    let kinds = this.#kindsFor.get(plan.call);
    if (!kinds) {
      const tried = aimed(plan, this.#aim);
      kinds = this.kinds.filter((kind) => this.#accepts(kind, tried));
      this.#kindsFor.set(plan.call, kinds);
    }
    return kinds;
  }

  /** Whether a call is defined on an empty VMA of a kind. */
  #accepts(kind: Plan, plan: Plan): boolean {
    Object.assign(this.#aim, new Aim(), { pages: 1 });
    const known = new Known(this.#traits, 1, 1);
    const stepOf = ({ call, slots }: Plan, binds: number): Step => ({
      cpu: 0,
      call,
      binds,
      args: slots.reduce<(Argument | undefined)[]>((args, { draw, choices, optional }) => {
        args.push(draw ? draw(known, args, NO_CHOICE) : optional ? undefined : choices?.[0]);
        return args;
      }, []),
    });
    kind.predict?.(known, stepOf(kind, 0));
    const [vma] = known.liveVmas;
    const which = plan.slots.find(({ type }) => type === 'vma')?.which;
    if (which && !which(vma, known)) return false;
    return plan.undefinedHere?.(known, stepOf(plan, plan.binds === 'v' ? 1 : -1)) === undefined;
  }

  /** Whether a new VMA can be placed right after another one. */
  get canContinue(): boolean {
    return this.kinds.some(({ slots, support }) =>
      slots.some(({ type, optional }, position) => type === 'vma' && optional && !support?.without.has(position)),
    );
  }

  /** Pages of a VMA: the size that the target supports, nearest to what is wanted. */
  pagesOf(wanted: number): number {
    return nearestPages(this.kinds[0]?.support, wanted);
  }

  get canFill(): boolean {
    return this.fillable.length > 0;
  }

  get canEmpty(): boolean {
    return this.#emptiers.length > 0;
  }

  get canFillRanges(): boolean {
    return this.rangeFillable.length > 0;
  }

  /** Creates a VMA of one of the kinds; returns its name, or -1. */
  create(walk: Walk, kind: Plan, { pages, object, index, after = -1, remap = -1 }: Wanted, cpu: number): number {
    const aim = this.#aim;
    const name = walk.known.vmas.length;
    aim.pages = pages;
    aim.object = object;
    aim.index = index;
    aim.after = after >= 0 && (walk.known.vmas[after]?.next ?? 0) < 0 ? after : -1;
    aim.frame = Math.max(0, remap);
    aim.remap =
      remap >= 0 && remap + pages <= walk.known.frames && kind.slots.some(({ choices }) => choices?.includes('pfnmap'));
    return stepOn(walk, [kind], cpu) ? name : -1;
  }

  /** Maps frames in a range, in as few steps as the target's calls allow. Returns whether it did. */
  fill(walk: Walk, { vma, from, to }: Range, { first, repeat, atOnce = false }: Frames, cpu: number): boolean {
    const aim = this.#aim;
    const { frames } = walk.known;
    const before = walk.steps.length;
    // Consecutive frames, if the pool has enough of them.
    const start = repeat || to - from > frames ? first : Math.min(first, frames - (to - from));
    for (let page = from; page < to && walk.steps.length < before + MAX_STEPS; ) {
      const mapped = walk.known.vmas[vma];
      if (!mapped) return false;
      const left = to - page;
      aim.vma = vma;
      aim.page = page;
      aim.frame = repeat ? start : (start + page - from) % frames;
      aim.repeat = repeat;
      aim.pages = Math.min(left, repeat ? left : frames - aim.frame, walk.options.pages);
      const ranged = repeat ? this.#listed : this.#ranged;
      const wide = left > 3 || (left > 1 && atOnce);
      if (!(wide && this.#once(walk, within(ranged, aim.pages), cpu))) {
        if (repeat) aim.pages = 1;
        if (!this.#once(walk, within(this.#fillers, aim.pages), cpu)) return false;
      }
      while (page < to && mapped.perhaps[page] === 1) page++;
    }
    return true;
  }

  /** Unmaps a range. Returns whether it is certainly empty then. */
  empty(walk: Walk, { vma, from, to }: Range, cpu: number): boolean {
    const aim = this.#aim;
    const mapped = walk.known.vmas[vma];
    if (!mapped) return false;
    // Not every call empties every kind of VMA, so another one is tried next.
    const emptiers = within(this.#emptiers, to - from);
    if (emptiers.length === 0) return false;
    const first = walk.random.below(emptiers.length);
    for (let n = 0; n <= emptiers.length; n++) {
      aim.vma = vma;
      aim.page = from;
      aim.pages = to - from;
      aim.object = mapped.object;
      // A private remap has frame numbers as indices: only a range up to the end hits it.
      aim.index = Math.max(0, mapped.index) + from;
      this.#once(walk, [emptiers[(first + n) % emptiers.length]], cpu);
      if (mapped.perhaps.indexOf(1, from) < 0 || mapped.perhaps.indexOf(1, from) >= to) return true;
    }
    return false;
  }

  /** Makes a private copy of the page at an address. Returns whether it can be copied. */
  copy(walk: Walk, { index, offset }: Extract<Address, { offset: number }>, cpu: number): boolean {
    this.#aim.vma = index;
    this.#aim.page = Math.floor(offset / walk.known.page);
    return this.#once(walk, this.#writers, cpu);
  }

  end(walk: Walk, vma: number, cpu: number): boolean {
    this.#aim.vma = vma;
    return stepOn(walk, this.#enders, cpu);
  }

  #once(walk: Walk, plans: readonly Plan[], cpu: number): boolean {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) if (stepOn(walk, plans, cpu)) return true;
    return false;
  }
}

/** The first page of a VMA that may be mapped, and the last one; undefined if all are certainly empty. */
export function mappedPages({ perhaps }: KnownVma): readonly [first: number, last: number] | undefined {
  const first = perhaps.indexOf(1);
  return first < 0 ? undefined : [first, perhaps.lastIndexOf(1)];
}
