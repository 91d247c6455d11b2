import { CALL_NAMES, type CallName } from '../notation/names.ts';
import type { ArgumentFor, ArgumentsFor, Given, Parameter as Syntax } from '../notation/signature.ts';
import type { Behaviour, Call, Draw, Facets, ParameterDescription } from './call.ts';

/** The arguments before parameter `N`. */
type Before<P extends readonly Syntax[], N> = P extends readonly [
  infer First extends Syntax,
  ...infer Rest extends readonly Syntax[],
]
  ? First['name'] extends N
    ? readonly []
    : readonly [ArgumentFor<First>, ...Before<Rest, N>]
  : readonly [];

/** How arguments are drawn that depend on other arguments, by parameter name. */
type Draws<P extends readonly Syntax[]> = {
  readonly [N in P[number]['name']]?: Draw<Before<P, N>, Given<Extract<P[number], { readonly name: N }>>>;
};

/** How the lengths of lists are drawn that depend on other arguments, by parameter name. */
type Lengths<P extends readonly Syntax[]> = {
  readonly [N in Extract<P[number], { readonly type: 'frames' }>['name']]?: Draw<Before<P, N>, number>;
};

/** A call as its file describes it. The types of its arguments follow from `parameters`. */
interface Description<N extends CallName, P extends readonly ParameterDescription[]>
  extends Facets,
    Behaviour<ArgumentsFor<P>> {
  readonly name: N;
  readonly parameters: P;
  readonly draw?: Draws<P>;
  readonly length?: Lengths<P>;
}

/** A call whose name and parameters the compiler knows. */
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
  length,
  ...rest
}: Description<N, P>): Defined<N, P> {
  const draws: Readonly<Record<string, unknown>> = draw ?? {};
  const lengths: Readonly<Record<string, unknown>> = length ?? {};
  // Every field is written out, also those that the call lacks. The generator and the judge read fields of another call in
  // each step. The engine makes that a plain load only if all calls have the same fields in the same order.
  const call = {
    name: rest.name,
    position: CALL_NAMES.indexOf(rest.name),
    side: rest.side,
    summary: rest.summary,
    noun: rest.noun,
    example: rest.example,
    effect: rest.effect,
    origin: rest.origin,
    sees: rest.sees,
    binds: rest.binds,
    outcomes: rest.outcomes,
    tellsLeft: rest.tellsLeft,
    clauses: rest.clauses,
    effects: rest.effects,
    ability: rest.ability,
    weight: rest.weight,
    returnsAnything: rest.returnsAnything,
    sequential: rest.sequential,
    effectsAtCall: rest.effectsAtCall,
    undefinedHere: rest.undefinedHere,
    claims: rest.claims,
    warns: rest.warns,
    standsAlone: rest.standsAlone,
    allocates: rest.allocates,
    takes: rest.takes,
    lacksMemory: rest.lacksMemory,
    frameCount: rest.frameCount,
    predict: rest.predict,
    begin: rest.begin,
    end: rest.end,
    parameters: parameters.map((one) => ({
      name: one.name,
      type: one.type,
      optional: one.optional,
      choices: one.choices,
      areaPages: one.areaPages,
      abilities: one.abilities,
      origins: one.origins,
      which: one.which,
      ofArea: one.ofArea,
      where: one.where,
      often: one.often,
      draw: draws[one.name],
      length: lengths[one.name],
    })),
    naming: parameters.flatMap(({ type }, index) => (NAMING.has(type) ? [index] : [])),
    areaPagesAt: parameters.findIndex(({ areaPages }) => areaPages),
    spaceAt: parameters.findIndex(({ type }) => type === 'space'),
    inAt: parameters.findIndex(({ type, optional }) => type === 'space' && optional),
  } satisfies Record<keyof Call, unknown>;
  // The cast forgets the types of the arguments. A step of the call has the right ones: the parser, the generator and
  // the shrinker make arguments from `parameters`.
  return call as unknown as Defined<N, P>;
}
