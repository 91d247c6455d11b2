import type { Call } from '../../../reference/calls/call.ts';
import type { CallOf } from '../../../reference/calls/index.ts';
import type { CallName } from '../../../reference/notation/names.ts';
import type { ArgumentFor } from '../../../reference/notation/signature.ts';

/** The values that parameters of a call may have, by the name of the parameter; any valid value if not listed. */
type AllowedValues<N extends CallName> = {
  readonly [P in CallOf<N>['parameters'][number] as P['name']]?: readonly ArgumentFor<P>[];
};

/** What small programs are written with: a few calls, sizes and CPUs. */
export interface Alphabet {
  readonly name: string;
  readonly summary: string;
  readonly calls: readonly Call[];
  /** Page counts of mappings. */
  readonly sizes: readonly number[];
  readonly cpus: number;
  /** Restricts the values of some parameters. `undefined` in a list allows an optional argument to be left out. */
  readonly only?: { readonly [N in CallName]?: AllowedValues<N> };
  /** Areas that a program may create, and VMAs that it may create. */
  readonly names: number;
  /** Steps of the longest programs that a gate tries, on targets of this process and on others. */
  readonly steps: { readonly direct: number; readonly remote: number };
}
