import type { Step } from '../../../../reference/calls/call.ts';
import type { Address } from '../../../../reference/notation/address.ts';
import type { Outcome } from '../../../../reference/notation/outcome.ts';
import type { Dialect } from './dialect.ts';
import { nameOf } from './text.ts';

/** C functions that compare the areas and VMAs of a program with each other. */

/** The C array of a program's areas or VMAs, and the constant for its length. */
const arrayOf = (base: 'a' | 'v'): readonly [name: string, length: string] => [base, base === 'a' ? 'AREAS' : 'VMAS'];

/** A check that an address was not handed out again: then a look at it says nothing. */
export interface Reuse {
  /** C that defines `taken()`. */
  readonly definition: string;
  /** C expression. */
  readonly condition: string;
}

/** The check that the step in question needs; undefined where it needs none. */
export function reuse(step: Step, allowed: readonly Outcome[], { address: type }: Dialect): Reuse | undefined {
  const address = step.args[0] as Address | undefined;
  if (!step.call.outcomes.includes('frame') || allowed.some((outcome) => outcome.kind === 'frame')) return undefined;
  if (address?.base !== 'a' && address?.base !== 'v') return undefined;
  const [name, length] = arrayOf(address.base);
  return {
    condition: `taken(${nameOf(address)}, ${address.offset})`,
    definition: `/* Whether something else of the program lies there by now. */
static bool taken(const struct named *of, long offset)
{
	${type} addr = of->start + offset;
	unsigned int i;

	for (i = 0; i < ${length}; i++)
		if (&${name}[i] != of && ${name}[i].live && addr >= ${name}[i].start &&
		    addr < ${name}[i].start + ${name}[i].pages * PAGE_SIZE)
			return true;
	return false;
}`,
  };
}

/** `apart()`: whether a new area or VMA is aligned, and apart from all others. */
export function apart({ call, binds }: Step, { address }: Dialect): string {
  const [name, length] = arrayOf(call.binds!);
  const guard = call.origin === 'ram' || name === 'v' ? '0' : 'PAGE_SIZE';
  return `static bool apart(const struct outcome *o)
{
	struct named *r = &${name}[${binds}];
	${address} end = r->start + r->pages * PAGE_SIZE + ${guard};
	unsigned int i;

	if (r->start % PAGE_SIZE || o->value)
		return false;
	for (i = 0; i < ${length}; i++)
		if (&${name}[i] != r && ${name}[i].live && ${name}[i].start < end &&
		    r->start < ${name}[i].start + ${name}[i].pages * PAGE_SIZE)
			return false;
	return true;
}`;
}
