import type { Address } from './address.ts';
import type { FrameId } from './frame.ts';

/** What kind of thing a parameter takes; each type has one syntax and one value in memory. */
export type ParameterType =
  | 'frame' // f3                 FrameId
  | 'frames' // f0..f3 f9x2        FrameId[]; only as the last positional parameter
  | 'area' // a0, hole, null     Address; with an offset only where a target declares what that means
  | 'vma' // v0                 Address with offset 0
  | 'object' // o0+0x2000          Address
  | 'address' // a0+0x3000          Address
  | 'pages' // 4                  number of pages
  | 'bytes' // 0x3000             number of bytes
  | 'value' // 7                  number
  | 'choice' // pfnmap             one of `choices`
  | 'flags'; // flags=put_pages    string[], sorted; always optional

export type Argument = number | string | Address | readonly FrameId[] | readonly string[];

/** One parameter of a call, as far as notation needs to know. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  /** Written `name=value` after all positional ones, and may be left out. */
  readonly optional?: boolean;
  /** The words that a `choice` or `flags` may be. */
  readonly choices?: readonly string[];
}

/** A call as notation knows it: its name, its parameters and whether it makes a name. */
export interface Signature {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** The kind of name that the call binds, if its outcome is an address. */
  readonly binds?: 'a' | 'v';
}

/** The calls that a text may use, by name. */
export type Vocabulary<C extends Signature = Signature> = ReadonlyMap<string, C>;
