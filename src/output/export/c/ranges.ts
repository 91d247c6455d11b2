import type { Step } from '../../../../reference/calls/call.ts';
import type { Trace } from '../../../../reference/judge/judge.ts';
import type { Address } from '../../../../reference/notation/address.ts';
import type { Outcome } from '../../../../reference/notation/outcome.ts';
import type { Traits } from '../../../../reference/profiles/traits.ts';
import { movedFrom } from '../exhibit.ts';
import type { Dialect } from './dialect.ts';
import { nameOf } from './text.ts';
import { namesUsed } from './uses.ts';

/** C that compares the addresses of areas and VMAs. */

/** The C array of a program's areas or VMAs, and the constant for its length. */
const arrayOf = (base: 'a' | 'v'): readonly [name: string, length: string] => [base, base === 'a' ? 'AREAS' : 'VMAS'];

/** A check for an address that was handed out again since: what is reached there then says nothing. */
export interface Reuse {
  /** C that defines `taken()`. */
  readonly definition: string;
  /** C expression. */
  readonly condition: string;
}

/** The check that a judged step needs; undefined if it needs none. */
export function reuse(
  { call, args }: Step,
  allowed: readonly Outcome[],
  { address: type }: Dialect,
): Reuse | undefined {
  if (!call.outcomes.includes('frame') || allowed.some((outcome) => outcome.kind === 'frame')) return undefined;
  const address = args[call.parameters.findIndex((parameter) => parameter.type === 'address')] as Address | undefined;
  if (address?.base !== 'a' && address?.base !== 'v') return undefined;
  const [name, length] = arrayOf(address.base);
  return {
    condition: `taken(${nameOf(address)}, ${address.offset})`,
    definition: `/* Whether another area or VMA of the program is mapped there now. */
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

/** `static const ... guards[]`: pages next to each area that are never mapped. */
function guards(steps: readonly Step[], { byte }: Dialect): string {
  const pages = Array.from({ length: namesUsed(steps, 'a') }, () => 0);
  for (const { call, binds } of steps) if (call.binds === 'a' && call.origin !== 'ram') pages[binds] = 1;
  return `	static const ${byte} guards[AREAS] = { ${pages.join(', ')} };	/* pages that are never mapped */\n`;
}

/**
 * `apart()`: whether a new area or VMA is aligned, and apart from all others. A guard page belongs to its area: two
 * areas must be one page apart if the one whose guard page lies between them has one. A VMA that shrinks stays where it
 * is.
 */
export function apart(
  trace: Trace,
  judged: number,
  allowed: readonly Outcome[],
  guard: Traits['guard'],
  dialect: Dialect,
): string {
  const { steps } = trace.program;
  const { call, binds, args } = steps[judged];
  const from = movedFrom(trace, steps[judged]);
  const stays = from && allowed.every(({ kind, value }) => kind !== 'address' || value === from.value);
  const [name, length] = arrayOf(call.binds === 'v' ? 'v' : 'a');
  const guarded = name === 'a' && guard !== 'none';
  const own = guarded ? `guards[${binds}]` : '';
  const other = guarded ? 'guards[i]' : '';
  const [behindNew, behindOther] = guard === 'trailing' ? [own, other] : [other, own];
  const end = (range: string, pages: string): string =>
    `${range}start + ${pages === '' ? `${range}pages` : `(${range}pages + ${pages})`} * PAGE_SIZE`;
  return `static bool apart(const struct outcome *o)
{
${guarded ? guards(steps, dialect) : ''}	struct named *r = &${name}[${binds}];
	unsigned int i;

	if (r->start % PAGE_SIZE || o->value${stays ? ` || r->start != (${nameOf(args[0] as Address)})->start` : ''})
		return false;
	for (i = 0; i < ${length}; i++)
		if (&${name}[i] != r && ${name}[i].live && ${name}[i].start < ${end('r->', behindNew)} &&
		    r->start < ${end(`${name}[i].`, behindOther)})
			return false;
	return true;
}`;
}
