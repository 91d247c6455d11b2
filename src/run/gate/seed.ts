import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { UsageError } from '../../common/errors.ts';

/** A seed and the text that it was derived from. */
interface DerivedSeed {
  readonly seed: number;
  readonly from: string;
}

/** The seed for a text: the same on every machine. */
export const seedOf = (text: string): number =>
  createHash('sha256').update(text).digest().readUInt32BE(0) & 0x7fff_ffff;

/** The commit that is checked out in the working folder; undefined outside a repository. */
function commit(): string | undefined {
  try {
    const out = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return out.trim();
  } catch {
    return undefined;
  }
}

/**
 * Derives a seed from a text, or from the commit, so that the same commit always gives the same run.
 * @param asked a text, `git` for the commit, or undefined for the commit if there is one and else a constant.
 * @throws UsageError for `git` outside a repository.
 */
export function deriveSeed(asked: string | undefined): DerivedSeed {
  const from = asked === undefined || asked === 'git' ? commit() : asked;
  if (from !== undefined) return { seed: seedOf(from), from };
  if (asked === undefined) return { seed: seedOf('mmspec'), from: 'mmspec' };
  throw new UsageError(
    '--seed-from git: the working folder is not in a git repository with a commit; give a text instead',
  );
}
