/** How binding a clause is: MUST is a violation where broken; MAY is freedom that the judge leaves. */
export type Level = 'MUST' | 'MAY';

/**
 * One sentence of the contract.
 *
 * @example
 * ```ts
 * import { type Clause, clauseById } from 'mmspec';
 *
 * const clause: Clause = clauseById('ZAP-5')!;
 * console.log(clause.level, clause.sentence); // MUST zap_vma_ptes returns 0 if successful, ...
 * console.log(clause.where); // { zap_return: 'int' }
 * ```
 */
export interface Clause {
  /** Stable name, `ALIAS-1`. */
  readonly id: string;
  readonly level: Level;
  /** `contract`: every conforming implementation owes it; `linux`: a detail that only Linux's profiles ask for. */
  readonly of: 'contract' | 'linux';
  readonly sentence: string;
  /** Where it is said: document or function of the kernel. */
  readonly source: string;
  /** Traits that it depends on, and the value that each must have; a clause whose traits differ is not judged. */
  readonly where: Readonly<Record<string, string>>;
  /** Dense number, for tallies. */
  readonly index: number;
}

const defined: Clause[] = [];

/** Defines a clause; each id once. */
export function clause(
  id: string,
  sentence: string,
  source: string,
  options: { level?: Level; of?: Clause['of']; where?: Record<string, string> } = {},
): Clause {
  if (defined.some((known) => known.id === id)) throw new Error(`clause ${id} is defined twice`);
  const made: Clause = {
    id,
    level: options.level ?? 'MUST',
    of: options.of ?? 'contract',
    sentence,
    source,
    where: options.where ?? {},
    index: defined.length,
  };
  defined.push(made);
  return made;
}

/** All clauses defined so far, by index; complete once `contract.ts` is loaded. */
export const clauses: readonly Clause[] = defined;
