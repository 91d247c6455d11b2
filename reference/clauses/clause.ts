/** How binding a clause is. MUST: an implementation that breaks it is wrong. MAY: the judge allows both ways. */
export type Level = 'MUST' | 'MAY';

/**
 * What a clause promises, where calls of the same kind promise the same in clauses of their own:
 * - `maps`: the call maps what it was given;
 * - `unmaps`: the page tables have nothing left of what it unmapped;
 * - `flushes`: no CPU has a translation left of what it unmapped;
 * - `keeps`: everything else stays as it was;
 * - `counts`: it changes reference and map counts as it must.
 */
export type Promised = 'maps' | 'unmaps' | 'flushes' | 'keeps' | 'counts';

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
  /** The stable name of the clause: `ALIAS-1`. */
  readonly id: string;
  readonly level: Level;
  /** `contract`: holds for every conforming implementation. `linux`: a detail that only the Linux profiles ask for. */
  readonly of: 'contract' | 'linux';
  readonly sentence: string;
  /** The document or the function of the kernel that it comes from. */
  readonly source: string;
  /** The choice of each trait that the clause needs (`lazy|never`: one of them). Otherwise it is not judged. */
  readonly where: Readonly<Record<string, string>>;
  /**
   * What a target must have so that its answers can break the clause: one of these calls or abilities. Empty if the calls
   * that the clause is about are enough.
   */
  readonly needs: readonly string[];
  /**
   * What exercises it if few programs do on a real kernel: calls that get no memory (`no-memory`), or steps that make
   * the kernel warn (`warning`).
   */
  readonly rare: Rare | undefined;
  /** What it promises, if other calls promise the same in clauses of their own. */
  readonly promises: Promised | undefined;
  /** A number below the number of clauses, for arrays by clause. */
  readonly index: number;
}

/** Why few programs exercise a clause on a real kernel. */
export type Rare = 'no-memory' | 'warning';

const defined: Clause[] = [];

interface Options {
  readonly level?: Level;
  readonly of?: Clause['of'];
  readonly where?: Readonly<Record<string, string>>;
  readonly needs?: readonly string[];
  readonly rare?: Rare;
  readonly promises?: Promised;
}

/**
 * Defines a clause.
 * @throws Error if the id is already in use.
 */
export function clause(id: string, sentence: string, source: string, options: Options = {}): Clause {
  if (defined.some((known) => known.id === id)) throw new Error(`clause ${id} is defined twice`);
  const made: Clause = {
    id,
    level: options.level ?? 'MUST',
    of: options.of ?? 'contract',
    sentence,
    source,
    where: options.where ?? {},
    needs: options.needs ?? [],
    rare: options.rare,
    promises: options.promises,
    index: defined.length,
  };
  defined.push(made);
  return made;
}

/** The clauses defined so far, by index. The list is complete once `contract.ts` is loaded. */
export const clauses: readonly Clause[] = defined;
