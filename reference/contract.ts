import type { Call } from './calls/call.ts';
import { CALLS, VOCABULARY } from './calls/index.ts';
import { type Clause, clauses } from './clauses/clause.ts';
import { COMMON } from './clauses/common.ts';
import { type Document, parse as parseWith } from './notation/document.ts';
import type { Vocabulary } from './notation/signature.ts';

export { CALLS, VOCABULARY };

/**
 * All clauses: first those that no single call owns, then call by call.
 *
 * @example
 * ```ts
 * import { CLAUSES } from 'mmspec';
 *
 * const linuxOnly = CLAUSES.filter((clause) => clause.of === 'linux').map(({ id }) => id);
 * console.log(linuxOnly.includes('ZAP-9')); // true
 * ```
 */
export const CLAUSES: readonly Clause[] = [
  ...new Set([...COMMON, ...CALLS.flatMap((call) => call.clauses), ...clauses]),
];

/** The parts of the contract by the side of their calls. */
export const SIDES: readonly { readonly side: Call['side']; readonly title: string }[] = [
  { side: 'kernel', title: 'Kernel-virtual mappings' },
  { side: 'user', title: 'User mappings' },
  { side: 'observe', title: 'Observation' },
];

/** The clauses in the groups in which the contract presents them: those of every call, then by side. Each is in one group. */
export function clauseGroups(): { readonly title: string; readonly clauses: ReadonlySet<Clause> }[] {
  const done = new Set<Clause>(COMMON);
  const sides = SIDES.map(({ side, title }) => {
    const own = CALLS.filter((call) => call.side === side).flatMap((call) =>
      call.clauses.filter((one) => !done.has(one)),
    );
    for (const one of own) done.add(one);
    return { title, clauses: new Set(own) };
  });
  return [{ title: 'Every call', clauses: new Set(COMMON) }, ...sides];
}

/**
 * The clause with an id; undefined if there is none.
 *
 * @example
 * ```ts
 * import { clauseById } from 'mmspec';
 *
 * console.log(clauseById('ALIAS-1')?.source); // kernel-doc of vm_unmap_aliases()...
 * console.log(clauseById('ALIAS-99')); // undefined
 * ```
 */
export const clauseById = (id: string): Clause | undefined => CLAUSES.find((clause) => clause.id === id);

/**
 * The clauses whose id matches an id or a glob with `*` (`ZAP-*`). Upper and lower case are equal.
 *
 * @example
 * ```ts
 * import { clausesMatching } from 'mmspec';
 *
 * console.log(clausesMatching('alias-*').map(({ id }) => id)); // [ 'ALIAS-1', 'ALIAS-2', 'ALIAS-7' ]
 * ```
 */
export function clausesMatching(pattern: string): readonly Clause[] {
  const expression = new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i');
  return CLAUSES.filter((clause) => expression.test(clause.id));
}

/**
 * Reads a text of the notation: programs, or traces with their outcomes.
 * @param vocabulary the calls that the text may use; all calls of the contract by default.
 * @throws NotationError with line and column, and what was expected there.
 *
 * @example
 * ```ts
 * import { parse } from 'mmspec';
 *
 * const { header, entries } = parse('mmspec program 1\ncpus 2\nframes 64\n@0 a0 = vmap f0 f1\n@1 read a0+0x1000\n');
 * const { program } = entries[0].trace;
 * console.log(header.cpus, program.steps.map(({ call }) => call.name)); // 2 [ 'vmap', 'read' ]
 * ```
 */
export const parse = (text: string, vocabulary: Vocabulary<Call> = VOCABULARY): Document<Call> =>
  parseWith(text, vocabulary);
