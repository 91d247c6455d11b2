import { areasOfPages } from '../../../../../reference/calls/area-pages.ts';
import type { Step } from '../../../../../reference/calls/call.ts';
import type { StepOf } from '../../../../../reference/calls/index.ts';
import { runsIn } from '../../../../../reference/calls/spaces.ts';
import type { Address } from '../../../../../reference/notation/address.ts';
import type { CallName } from '../../../../../reference/notation/names.ts';
import type { AnyArguments } from '../../../../../reference/notation/signature.ts';
import type { Lists } from '../../c/lists.ts';
import { hex, nameOf } from '../../c/text.ts';

/** A call as a C function that an implementation provides. */
export interface PlainCall<N extends CallName = CallName> {
  /** The declaration of the function. */
  readonly prototype: string;
  /** The C statements of one step; every name in it is bound. */
  write(step: StepOf<N>, lists: Lists): string;
}

export type PlainCalls = { readonly [N in CallName]: PlainCall<N> };

/** An address as a C expression. */
export const at = (address: Address): string => `(${nameOf(address)})->start + ${hex(address.offset)}`;

const NAMING: ReadonlySet<string> = new Set(['a', 'v', 'm']);

/** Skips the statements of a step if a name that it needs was never bound. */
export function guarded(step: Step, text: string): string {
  const names = [...step.call.naming, ...(step.call.spaceAt < 0 ? [] : [step.call.spaceAt])]
    .map((i) => step.args[i] as Address | undefined)
    .filter((address) => address !== undefined && NAMING.has(address.base))
    .map((address) => `(${nameOf(address!)})->bound`);
  const areas = areasOfPages(step).map((area) => `a[${area}].bound`);
  const unique = [...new Set([...names, ...areas])];
  return unique.length === 0 ? text : `if (${unique.join(' && ')}) {\n\t\t${text.replaceAll('\n', '\n\t')}\n\t}`;
}

/** A call that ends the area or VMA at an address; `more`: further arguments. */
export const ending = (
  name: string,
  step: Step<readonly [Address, ...AnyArguments]>,
  ...more: readonly number[]
): string => {
  const { cpu, args } = step;
  const [address] = args;
  // What ends in a child stays as it is in its parent.
  const ended = runsIn(step) < 0 ? `(${nameOf(address)})->live = false;\n\t` : '';
  return `${ended}${name}(${[cpu, at(address), ...more].join(', ')});\n\to->kind = OK;`;
};
