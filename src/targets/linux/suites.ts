import { UsageError } from '../../common/errors.ts';

/** A suite of the Debian archive whose cloud kernel can be a target. */
export interface Suite {
  readonly name: string;
  /** The suite that it is an addition to, where it is one (`trixie-backports`). */
  readonly base: string | undefined;
  /** The kernel that it carries, for people. */
  readonly kernel: string;
}

/** The suites that are known to work, oldest kernel first. */
export const SUITES: readonly Suite[] = [
  { name: 'bullseye', base: undefined, kernel: '5.10' },
  { name: 'bookworm', base: undefined, kernel: '6.1' },
  { name: 'trixie', base: undefined, kernel: '6.12' },
  { name: 'trixie-backports', base: 'trixie', kernel: '7.x' },
];

/**
 * The suite of a name; `sid` and later ones need no entry.
 * @throws UsageError where the name cannot be a suite's.
 */
export function suiteNamed(name: string): Suite {
  const known = SUITES.find((suite) => suite.name === name);
  if (known) return known;
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw new UsageError(`${name} is no suite; there are: ${SUITES.map((suite) => suite.name).join(', ')}`);
  const backports = /^(.+)-backports$/.exec(name);
  return { name, base: backports?.[1], kernel: '' };
}

/** Debian's additions for security updates exist for releases only. */
export const hasSecurity = (suite: string): boolean => suite !== 'sid' && suite !== 'unstable';
