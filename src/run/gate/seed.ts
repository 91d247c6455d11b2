import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { UsageError } from '../../common/errors.ts';

/** A seed, and the text that it was derived from. */
export interface DerivedSeed {
  readonly seed: number;
  readonly from: string;
}

/** The same seed for the same text, everywhere. */
export const seedOf = (text: string): number =>
  createHash('sha256').update(text).digest().readUInt32BE(0) & 0x7fff_ffff;

/** The commit that is checked out in the working folder, or undefined. */
function commit(): string | undefined {
  try {
    const out = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return out.trim();
  } catch {
    return undefined;
  }
}

/**
 * A seed from a text, or from the commit (`git`), so that a run of the same commit is the same run. Where nothing is
 * said: the commit, or a constant outside of a repository.
 * @throws UsageError where `git` was asked for and there is no commit.
 */
export function deriveSeed(asked: string | undefined): DerivedSeed {
  const from = asked === undefined || asked === 'git' ? commit() : asked;
  if (from !== undefined) return { seed: seedOf(from), from };
  if (asked === undefined) return { seed: seedOf('mmspec'), from: 'mmspec' };
  throw new UsageError('--seed-from git: there is no commit here; run it in a git repository, or give a text');
}
