import type { Clause } from '../clauses/clause.ts';
import type { Known, KnownArea, Origin } from '../model/known.ts';
import type { KnownVma } from '../model/known-space.ts';
import type { Model } from '../model/model.ts';
import type { FrameId } from '../notation/frame.ts';
import type { Outcome, OutcomeKind } from '../notation/outcome.ts';
import type { Step as AnyStep } from '../notation/program.ts';
import type { AnyArguments, Argument, Binds, Signature, Parameter as Syntax } from '../notation/signature.ts';
import type { Traits } from '../profiles/traits.ts';

/** Makes the choices when arguments are drawn. A generator chooses at random, an enumeration tries every choice. */
export interface Choose {
  /** A whole number in [0, below). */
  below(below: number): number;
  /** True with the probability `percent` / 100. */
  chance(percent: number): boolean;
}

/**
 * A parameter as a call describes it, with what a generator must know to draw a valid value. Without such a fact, any
 * value of the type is valid.
 */
export interface ParameterDescription extends Syntax {
  /** For an `area`: it must be live and of one of these origins. */
  readonly origins?: readonly Origin[];
  /** For a `vma`: it must be live and satisfy this. */
  readonly which?: (vma: KnownVma, known: Known) => boolean;
  /** For `pages`: the only valid number, which follows from the area in the argument before. */
  readonly ofArea?: (area: KnownArea) => number;
  /** For an `address`: where it may point. */
  readonly where?: 'anywhere' | 'area' | 'vma' | 'private';
  /** The ability that a target must announce for one of the `choices`. Without an entry, all targets have the choice. */
  readonly abilities?: Readonly<Record<string, string>>;
  /** How often a generator gives an optional argument, in percent; 0 by default. */
  readonly often?: number;
}

/** Draws an argument that depends on `drawn`, the arguments before it; undefined if there is no valid value now. */
export type Draw<Before extends AnyArguments = AnyArguments, Value = Argument> = (
  known: Known,
  drawn: Before,
  choose: Choose,
) => Value | undefined;

/** A parameter of a call. */
export interface Parameter extends ParameterDescription {
  readonly draw?: Draw;
  readonly length?: Draw<AnyArguments, number>;
}

/**
 * A step of any call, or of a call with arguments `A`.
 *
 * @example
 * ```ts
 * import { parse, type Step } from 'mmspec';
 *
 * const step: Step = parse('mmspec program 1\n@1 a0 = vmap f3 f4\n').entries[0].trace.program.steps[0];
 * console.log(step.cpu, step.call.name, step.binds, step.args); // 1 vmap 0 [ [ 3, 4 ], undefined ]
 * ```
 */
export type Step<A extends AnyArguments = AnyArguments> = AnyStep<Call, A>;

/**
 * What a call does to mappings and memory. The generator, the shrinker and the reports treat calls by their effect.
 * - `makes`: makes an area or a VMA, which the step binds to a name;
 * - `ends`: unmaps a whole area or VMA;
 * - `cuts`: unmaps a part of a VMA, or parts of several;
 * - `moves`: moves a VMA, or shrinks it, and binds it to another name;
 * - `forks`: copies the VMAs to an address space of their own, which the step binds to a name;
 * - `exits`: ends an address space, and everything that is mapped there;
 * - `protects`: changes how a VMA or an area can be accessed, or what unmapping the area does to that;
 * - `fills`: maps frames in pages of a VMA or a sparse area;
 * - `empties`: unmaps pages of VMAs or a sparse area;
 * - `copies`: makes a private copy of a page of a VMA;
 * - `flushes`: ends the translations that linger after unmapping calls;
 * - `reclaims`: gives back what is kept for later calls;
 * - `writes`: changes the contents of a frame;
 * - `arms`: makes a later call behave differently;
 * - `none`: changes nothing.
 */
export type Effect =
  | 'makes'
  | 'ends'
  | 'cuts'
  | 'moves'
  | 'forks'
  | 'exits'
  | 'protects'
  | 'fills'
  | 'empties'
  | 'copies'
  | 'flushes'
  | 'reclaims'
  | 'writes'
  | 'arms'
  | 'none';

/**
 * What the outcome of a call tells:
 * - `translations`: what the CPU reaches at an address, through its TLB;
 * - `tables`: what the page tables say about an address;
 * - `window`: whether an address lies in a window;
 * - `counts`: a count of a frame;
 * - `nothing`: only whether the call succeeded.
 */
export type Sees = 'translations' | 'tables' | 'window' | 'counts' | 'nothing';

/** The shortest program that contains a call. */
export interface Example {
  /** The steps, in the notation; the last one is the call. */
  readonly steps: readonly string[];
  /** The outcome of the last step, where the contract allows only one. */
  readonly outcome?: string;
}

/** The facts about a call that do not depend on the types of its arguments. */
export interface Facets {
  readonly side: 'kernel' | 'user' | 'observe';
  /** What the call does, in a few words that follow its name. */
  readonly summary: string;
  /** The noun for a step of the call in messages: "the flush is needed". */
  readonly noun: string;
  readonly example: Example;
  readonly effect: Effect;
  /** Only for a call that makes an area: which calls can unmap it. The flags of a step can change that. */
  readonly origin?: Origin;
  readonly sees: Sees;
  /** What the call makes gets a name: `a` for an area (`a0`), `v` for a VMA (`v0`), `m` for an address space (`m0`). */
  readonly binds?: Binds;
  /** The kinds of outcome that it can have, besides `skipped`, `unsupported`, `warn`, `crash` and `timeout`. */
  readonly outcomes: readonly OutcomeKind[];
  /** An errno comes with the number of pages that were not done: `-EBUSY left 3`; false by default. */
  readonly tellsLeft?: boolean;
  readonly clauses: readonly Clause[];
  /**
   * Clauses about what the call does where it succeeds, not about NULL, empty ranges or refusals. A call counts as tested
   * only if one of them could have failed, or if a later step showed its effect (`Judgement.showEffect`).
   */
  readonly effects: readonly Clause[];
  /** The ability that a target must announce for the call; left out if it needs none. */
  readonly ability?: string;
  /** How often a generator draws the call, relative to the others: 10 for most calls, 0 for never. */
  readonly weight: number;
  /** The contract does not say what the call returns, so no later step depends on it; false by default. */
  readonly returnsAnything?: boolean;
  /** The call must not stand in a parallel block: the model does not follow what it does there; false by default. */
  readonly sequential?: boolean;
  /** In a parallel block, the model learns the effects on pages already when the step is called; false by default. */
  readonly effectsAtCall?: boolean;
}

/** The functions that describe a call whose steps have arguments `A`. */
export interface Behaviour<A extends AnyArguments> {
  /** Why the step is undefined behaviour in some state that is possible here; undefined if it is defined in all. */
  readonly undefinedHere?: (known: Known, step: Step<A>) => string | undefined;
  /**
   * How the step of a parallel block uses its area or VMA. `own`: no other lane may use it, except to read at its
   * addresses. `use`: several lanes may use it. `use` by default.
   */
  readonly claims?: 'own' | 'use' | ((known: Known, step: Step<A>) => 'own' | 'use');
  /**
   * Whether the contract allows a warning about the step in the log; false by default. Without `traits`: whether some
   * traits allow it.
   */
  readonly warns?: (step: Step<A>, traits?: Traits) => boolean;
  /** Whether a step must stand outside parallel blocks, though other steps of the call need not. */
  readonly standsAlone?: (step: Step<A>, traits: Traits) => boolean;
  /**
   * The frames that the step allocates outside the pool: memory of `vmalloc`, private copies; none by default.
   * `page`: the page size in bytes.
   */
  readonly allocates?: (step: Step<A>, page: number) => readonly FrameId[];
  /** Only for a call that takes address space: how many pages. `page`: the page size in bytes. */
  readonly takes?: (step: Step<A>, page: number) => number;
  /** Only for a call that may fail because it gets no memory: whether the outcome says that it did. */
  readonly lacksMemory?: (model: Model, step: Step<A>, outcome: Outcome) => boolean;
  /**
   * The number of consecutive frames that an argument of type `frame` stands for; 1 by default. `page`: the page size in
   * bytes.
   */
  readonly frameCount?: (step: Step<A>, page: number) => number;
  /** Updates what is known before the run by what the step may do. */
  readonly predict?: (known: Known, step: Step<A>) => void;
  /** Only in a parallel block: the step was called, and will return `outcome`. */
  readonly begin?: (model: Model, step: Step<A>, outcome: Outcome) => void;
  /** The step returned: judges the outcome and applies the effect to the model. */
  readonly end: (model: Model, step: Step<A>, outcome: Outcome) => void;
}

/**
 * A call of the contract: everything that the rest of the kit needs to know about it.
 *
 * @example
 * ```ts
 * import { type Call, VOCABULARY } from 'mmspec';
 *
 * const call: Call = VOCABULARY.get('zap_vma_ptes')!;
 * console.log(call.side, call.parameters.map(({ name }) => name)); // user [ 'vma', 'addr', 'size', 'in' ]
 * ```
 */
export interface Call extends Signature, Facets, Behaviour<AnyArguments> {
  readonly parameters: readonly Parameter[];
  /** The position of its name in `CALL_NAMES`. */
  readonly position: number;
  /** The positions of the parameters that can refer to an area or a VMA. */
  readonly naming: readonly number[];
  /** The position of the parameter that can be a page of an area (`a0:2`), or list such pages; -1 without one. */
  readonly areaPagesAt: number;
  /** The position of the parameter that names an address space, and of `in`; -1 without one. */
  readonly spaceAt: number;
  readonly inAt: number;
  readonly binds?: Binds;
}
