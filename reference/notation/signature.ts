import type { Address } from './address.ts';
import type { FrameId } from './frame.ts';
import type { CallName } from './names.ts';

/** What a parameter of each type holds in memory; each type has one syntax. */
export interface ArgumentTypes {
  /** `f3` */
  readonly frame: FrameId;
  /** `f0..f3 f9x2`, and with `areaPages` also `a0:2`, `a0:0..a0:3`, `a0:1x2`; only as the last positional parameter */
  readonly frames: readonly FrameId[];
  /** `a0`, `hole`, `null`; with an offset only where a target declares what that means */
  readonly area: Address;
  /** `v0`; the offset is 0 */
  readonly vma: Address;
  /** `m0`; the offset is 0 */
  readonly space: Address;
  /** `o0+0x2000` */
  readonly object: Address;
  /** `a0+0x3000` */
  readonly address: Address;
  /** `4`: a number of pages */
  readonly pages: number;
  /** `0x3000`: a number of bytes */
  readonly bytes: number;
  /** `7` */
  readonly value: number;
  /** `pfnmap`: one of the `choices` */
  readonly choice: string;
  /** `flags=put_pages`: some of the `choices`, sorted; always optional */
  readonly flags: readonly string[];
}

export type ParameterType = keyof ArgumentTypes;

export type Argument = ArgumentTypes[ParameterType];

/** One parameter of a call: what the notation needs to know of it. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  /** Can be left out; written as `name=value` after all positional arguments. */
  readonly optional?: boolean;
  /** The words that a `choice` or `flags` can be. */
  readonly choices?: readonly string[];
  /** A `frame`, and each of the `frames`, may also be a page of an area: `a0:2`. */
  readonly areaPages?: boolean;
}

/** The value of a parameter that is given: one of its choices, or what its type holds. */
export type Given<P extends Parameter> = P extends { readonly type: 'choice'; readonly choices: readonly (infer W)[] }
  ? W
  : ArgumentTypes[P['type']];

/** The value of a parameter; `undefined` where it is optional and left out. */
export type ArgumentFor<P extends Parameter> = Parameter extends P
  ? Argument | undefined
  : P extends { readonly optional: true }
    ? Given<P> | undefined
    : Given<P>;

/** The arguments that go with a list of parameters, by position. */
export type ArgumentsFor<P extends readonly Parameter[]> = { readonly [I in keyof P]: ArgumentFor<P[I]> };

/** The arguments of any call. */
export type AnyArguments = readonly (Argument | undefined)[];

/** The kinds of name that a step can bind: areas, VMAs and address spaces. */
export type Binds = 'a' | 'v' | 'm';

/** A call as the notation knows it: its name, its parameters and the kind of name that it binds. */
export interface Signature {
  readonly name: CallName;
  readonly parameters: readonly Parameter[];
  /** What the call makes gets a name: `a` for an area (`a0`), `v` for a VMA (`v0`), `m` for an address space (`m0`). */
  readonly binds?: Binds;
}

/** The calls that a text can use, by name. */
export type Vocabulary<C extends Signature = Signature> = ReadonlyMap<string, C>;
