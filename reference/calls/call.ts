import type { Clause } from '../clauses/clause.ts';
import type { Known, KnownArea, KnownVma, Origin } from '../model/known.ts';
import type { Model } from '../model/model.ts';
import type { Outcome, OutcomeKind } from '../notation/outcome.ts';
import type { Step as AnyStep } from '../notation/program.ts';
import type { Argument, Signature, Parameter as Syntax } from '../notation/signature.ts';

/** Makes choices for whoever draws arguments: random for a generator, all of them for an enumeration. */
export interface Choose {
  /** A whole number of [0, below). */
  below(below: number): number;
  /** True with the probability `percent` / 100. */
  chance(percent: number): boolean;
}

/** Arguments drawn so far, by position. */
export type Drawn = readonly (Argument | undefined)[];

/**
 * A parameter, with what a generator needs to know to draw a valid value for it. Where nothing is said, any value of
 * the type will do.
 */
export interface Parameter extends Syntax {
  /** `area`: live areas of these origins. */
  readonly origins?: readonly Origin[];
  /** `vma`: live VMAs that satisfy this. */
  readonly which?: (vma: KnownVma, known: Known) => boolean;
  /** `pages`: the one number that is right for the area in the argument before. */
  readonly ofArea?: (area: KnownArea) => number;
  /** `address`: where it may point. */
  readonly where?: 'anywhere' | 'area' | 'vma' | 'private';
  /** Draws the value itself, where it depends on other arguments; undefined where no valid one exists now. */
  readonly draw?: (known: Known, drawn: Drawn, choose: Choose) => Argument | undefined;
  /** An optional parameter is given this often, percent; 0 where not said. */
  readonly often?: number;
}

export type Step = AnyStep<Call>;

/** A call of the contract: everything that the rest of the kit needs to know about it. */
export interface Call extends Signature {
  readonly side: 'kernel' | 'user' | 'observe';
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  /** Kinds of outcome that it may have besides `skipped`, `unsupported`, `warn`, `crash` and `timeout`. */
  readonly outcomes: readonly OutcomeKind[];
  readonly clauses: readonly Clause[];
  /** Positions of the parameters that may hold a bound name. */
  readonly naming: readonly number[];
  /** An ability that a target must have announced for the call. */
  readonly ability?: string;
  /** How often a generator draws it in an even mix; 10 where not said, 0 for never. */
  readonly weight?: number;
  /** Why the step is undefined in some state that is possible here; undefined where it is not. */
  readonly undefinedHere?: (known: Known, step: Step) => string | undefined;
  /**
   * What the step does with the area or VMA that it is given: `own` where no step of another lane may be given it too
   * (reads of its addresses are always allowed); `use` where several lanes may; `use` if not said.
   */
  readonly claims?: 'own' | 'use' | ((known: Known, step: Step) => 'own' | 'use');
  /** True where a real kernel warns in its log about the step, by contract. */
  readonly warns?: (step: Step) => boolean;
  /** What is known after the step. */
  readonly foresee?: (known: Known, step: Step) => void;
  /** In a parallel block its effects on pages are told when it is called, with the times of its call and return. */
  readonly onPages?: boolean;
  /** In a parallel block only: the step was called, and will answer `outcome`. */
  readonly begin?: (model: Model, step: Step, outcome: Outcome) => void;
  /** The step returned: judge the outcome and take over its effect. */
  readonly end: (model: Model, step: Step, outcome: Outcome) => void;
}

const NAMING = new Set(['area', 'vma', 'address']);

/** Defines a call. */
export const define = (call: Omit<Call, 'naming'>): Call => ({
  ...call,
  naming: call.parameters.flatMap((parameter, index) => (NAMING.has(parameter.type) ? [index] : [])),
});
