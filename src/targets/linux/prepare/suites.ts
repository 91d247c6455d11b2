import { UsageError } from '../../../common/errors.ts';
import { ARCHES, type Arch, suiteTarget } from '../arch/index.ts';

/** A suite of the Debian archive. Its cloud kernel can be a target. */
export interface Suite {
  readonly name: string;
  /** The suite that this one extends: trixie for trixie-backports. Undefined if it extends none. */
  readonly base: string | undefined;
  /** Version of its kernel, for people; '' if unknown. */
  readonly kernel: string;
}

/** The tested suites, oldest kernel first. */
export const SUITES: readonly Suite[] = [
  { name: 'bullseye', base: undefined, kernel: '5.10' },
  { name: 'bookworm', base: undefined, kernel: '6.1' },
  { name: 'trixie', base: undefined, kernel: '6.12' },
  { name: 'trixie-backports', base: 'trixie', kernel: '7.x' },
  { name: 'forky', base: undefined, kernel: '7.x' },
];

/**
 * The suite of a name, which need not be a tested one: `sid`.
 * @throws UsageError if the name cannot be that of a suite.
 */
export function suiteNamed(name: string): Suite {
  const known = SUITES.find((suite) => suite.name === name);
  if (known) return known;
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw new UsageError(
      `invalid suite name ${name}; tested suites are: ${SUITES.map((suite) => suite.name).join(', ')}`,
    );
  const backports = /^(.+)-backports$/.exec(name);
  return { name, base: backports?.[1], kernel: '' };
}

/** The suite and the architecture whose kernel is the target of a name; undefined for any other name. */
export function suiteOfTarget(name: string): { readonly suite: Suite; readonly arch: Arch } | undefined {
  for (const suite of SUITES)
    for (const arch of ARCHES) if (suiteTarget(suite.name, arch) === name) return { suite, arch };
  return undefined;
}

/** Whether security updates exist for a suite: Debian has them for releases only. */
export const hasSecurity = (suite: string): boolean => suite !== 'sid' && suite !== 'unstable';
