import type { Clause } from '../clauses/clause.ts';
import type { Known, KnownArea, KnownVma, Origin } from '../model/known.ts';
import type { Model } from '../model/model.ts';
import type { FrameId } from '../notation/frame.ts';
import type { CallName } from '../notation/names.ts';
import type { Outcome, OutcomeKind } from '../notation/outcome.ts';
import type { Step as AnyStep } from '../notation/program.ts';
import type {
  AnyArguments,
  Argument,
  ArgumentFor,
  ArgumentsFor,
  Given,
  Signature,
  Parameter as Syntax,
} from '../notation/signature.ts';

/** Makes choices for whoever draws arguments: random for a generator, all of them for an enumeration. */
export interface Choose {
  /** A whole number of [0, below). */
  below(below: number): number;
  /** True with the probability `percent` / 100. */
  chance(percent: number): boolean;
}

/**
 * A parameter, with what a generator needs to know to draw a valid value for it. Where nothing is said, any value of
 * the type will do.
 */
export interface ParameterDescription extends Syntax {
  /** `area`: live areas of these origins. */
  readonly origins?: readonly Origin[];
  /** `vma`: live VMAs that satisfy this. */
  readonly which?: (vma: KnownVma, known: Known) => boolean;
  /** `pages`: the one number that is right for the area in the argument before. */
  readonly ofArea?: (area: KnownArea) => number;
  /** `address`: where it may point. */
  readonly where?: 'anywhere' | 'area' | 'vma' | 'private';
  /** An optional parameter is given this often, percent; 0 where not said. */
  readonly often?: number;
}

/** Draws a value that depends on other arguments; undefined where no valid one exists now. `drawn`: those before it. */
export type Draw<Before extends AnyArguments = AnyArguments, Value = Argument> = (
  known: Known,
  drawn: Before,
  choose: Choose,
) => Value | undefined;

/** A parameter of a defined call. */
export interface Parameter extends ParameterDescription {
  readonly draw?: Draw;
}

/**
 * A step of any call, or, with `A`, of a call with these arguments.
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
 * What a call does, for everything that treats calls by what they do:
 * - `makes`: makes an area or a VMA, which the step binds;
 * - `ends`: gives back the area or VMA that it is given, whole;
 * - `fills`: maps frames in pages of a VMA;
 * - `empties`: unmaps pages of VMAs;
 * - `copies`: gives a page of a private VMA a copy of its own;
 * - `flushes`: ends the translations that linger after unmapping calls;
 * - `writes`: changes the contents of a frame;
 * - `arms`: changes how later calls behave;
 * - `none`: changes nothing.
 */
export type Effect = 'makes' | 'ends' | 'fills' | 'empties' | 'copies' | 'flushes' | 'writes' | 'arms' | 'none';

/**
 * What the outcome of a call tells:
 * - `translations`: what the CPU reaches at an address, through its TLB;
 * - `tables`: what the page tables say about an address;
 * - `window`: whether an address lies in a window;
 * - `counts`: a count of a frame;
 * - `nothing`: no more than how the call itself went.
 */
export type Sees = 'translations' | 'tables' | 'window' | 'counts' | 'nothing';

/** The shortest program that has a call. */
export interface Example {
  /** Steps as the notation writes them; the last one is of the call. */
  readonly steps: readonly string[];
  /** The outcome of the last step, where the contract allows only one. */
  readonly outcome?: string;
}

/** What a call says in its file, whatever its name and parameters. */
interface Facets {
  readonly side: 'kernel' | 'user' | 'observe';
  /** What the call does, in a few words that follow its name. */
  readonly summary: string;
  /** What sentences call a step of it: "the flush is needed". */
  readonly noun: string;
  readonly example: Example;
  readonly effect: Effect;
  /** A kernel call that `makes`: how the area is given back, unless the step's flags say otherwise. */
  readonly origin?: Origin;
  readonly sees: Sees;
  /** The kind of name that the call binds, if its outcome is an address. */
  readonly binds?: 'a' | 'v';
  /** Kinds of outcome that it may have besides `skipped`, `unsupported`, `warn`, `crash` and `timeout`. */
  readonly outcomes: readonly OutcomeKind[];
  readonly clauses: readonly Clause[];
  /** An ability that a target must have announced for the call; left out where any target may have it. */
  readonly ability?: string;
  /** How often a generator draws it in an even mix, relative to the others: 10 for most calls, 0 for never. */
  readonly weight: number;
  /** The contract leaves open what the call returns, so that no later step depends on it; false if not said. */
  readonly returnsAnything?: boolean;
  /** In a parallel block its effects on pages are told when it is called, with the times of its call and return. */
  readonly effectsAtCall?: boolean;
}

/** What a call does, for steps with arguments `A`. */
interface Behaviour<A extends AnyArguments> {
  /** Why the step is undefined in some state that is possible here; undefined where it is not. */
  readonly undefinedHere?: (known: Known, step: Step<A>) => string | undefined;
  /**
   * What the step does with the area or VMA that it is given: `own` where no step of another lane may be given it too
   * (reads of its addresses are always allowed); `use` where several lanes may; `use` if not said.
   */
  readonly claims?: 'own' | 'use' | ((known: Known, step: Step<A>) => 'own' | 'use');
  /** True where a real kernel warns in its log about the step, by contract. */
  readonly warns?: (step: Step<A>) => boolean;
  /**
   * The frames that the step brings, besides those of the pool: memory of its own, private copies. None if not said.
   * `page`: the page size in bytes.
   */
  readonly brings?: (step: Step<A>, page: number) => readonly FrameId[];
  /** How many consecutive frames a parameter of type `frame` stands for; 1 if not said. `page`: bytes. */
  readonly frameCount?: (step: Step<A>, page: number) => number;
  /** What is known after the step. */
  readonly predict?: (known: Known, step: Step<A>) => void;
  /** In a parallel block only: the step was called, and will answer `outcome`. */
  readonly begin?: (model: Model, step: Step<A>, outcome: Outcome) => void;
  /** The step returned: judge the outcome and take over its effect. */
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
 * console.log(call.side, call.parameters.map(({ name }) => name)); // user [ 'vma', 'addr', 'size' ]
 * ```
 */
export interface Call extends Signature, Facets, Behaviour<AnyArguments> {
  readonly parameters: readonly Parameter[];
  /** Positions of the parameters that may hold a bound name. */
  readonly naming: readonly number[];
  readonly binds?: 'a' | 'v';
}

/** The arguments before the one of the parameter `N`. */
type Before<P extends readonly Syntax[], N> = P extends readonly [
  infer First extends Syntax,
  ...infer Rest extends readonly Syntax[],
]
  ? First['name'] extends N
    ? readonly []
    : readonly [ArgumentFor<First>, ...Before<Rest, N>]
  : readonly [];

/** How arguments are drawn that depend on other arguments, by the name of the parameter. */
type Draws<P extends readonly Syntax[]> = {
  readonly [N in P[number]['name']]?: Draw<Before<P, N>, Given<Extract<P[number], { readonly name: N }>>>;
};

/** A call as its file describes it: the types of the arguments follow from the parameters. */
interface Description<N extends CallName, P extends readonly ParameterDescription[]>
  extends Facets,
    Behaviour<ArgumentsFor<P>> {
  readonly name: N;
  readonly parameters: P;
  readonly draw?: Draws<P>;
}

/** A call of which the name and the parameters are known to the compiler. */
export interface Defined<N extends CallName, P extends readonly ParameterDescription[]> extends Call {
  readonly name: N;
  readonly parameters: P;
}

const NAMING = new Set(['area', 'vma', 'address']);

/**
 * Defines a call. Write `parameters` before everything that takes a step: the types of `step.args` follow from
 * them. A function inside `parameters` needs the types of its own parameters written out, for the same reason.
 */
export function define<const N extends CallName, const P extends readonly ParameterDescription[]>({
  parameters,
  draw,
  ...rest
}: Description<N, P>): Defined<N, P> {
  const draws: Readonly<Record<string, unknown>> = draw ?? {};
  const call = {
    ...rest,
    parameters: parameters.map((one) => (draws[one.name] ? { ...one, draw: draws[one.name] } : one)),
    naming: parameters.flatMap(({ type }, index) => (NAMING.has(type) ? [index] : [])),
  };
  // A step of the call has the arguments that its behaviour asks for: the parser, the generator and the shrinker make
  // arguments by the parameters alone.
  return call as unknown as Defined<N, P>;
}
