import type { Clause } from '../../../reference/clauses/clause.ts';
import { declaredTraits, type Report } from '../../run/report/report.ts';
import { differences } from '../../targets/probes/explain.ts';

/** A point on which the target declares to differ from the documentation. */
export interface Declared {
  /** `declared tlb=caller (documented: lazy): on each CPU when ...` */
  readonly text: string;
  /** The promises of the documentation that it gives up, and those that it makes instead: `gives up VA-4: An address ...` */
  readonly promises: readonly string[];
  /** The documentation leaves the point open, so that the target contradicts nothing. */
  readonly leftOpen: boolean;
}

/** What the target declares differently from the documentation, so that a reader sees what "conforming" means for it. */
export function declaredDifferences(report: Pick<Report, 'declared' | 'profile'>): Declared[] {
  const each = (verb: string, clauses: readonly Clause[]): string[] =>
    clauses.map(({ id, sentence }) => `${verb} ${id}: ${sentence}`);
  return differences(declaredTraits(report)).map(({ trait, choice, documented, meaning, drops, adds }) => ({
    text: `declared ${trait}=${choice} (${documented === 'undefined' ? 'left open by the documentation' : `documented: ${documented}`}): ${meaning}`,
    promises: [...each('gives up', drops), ...each('promises', adds)],
    leftOpen: documented === 'undefined',
  }));
}

/** Calls that the target answered with nothing but `unsupported`. */
export const neverOffered = ({ unsupported, calls }: Pick<Report, 'unsupported' | 'calls'>): readonly string[] =>
  unsupported.filter((name) => !calls.some(({ call, effects }) => call === name && effects > 0));
