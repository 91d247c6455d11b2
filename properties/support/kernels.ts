import { preparedNamed } from '../../src/targets/linux/prepared.ts';

/**
 * A kernel that `mmspec linux prepare` has prepared on this machine; undefined unless MMSPEC_KERNELS is set. 6.12 comes
 * first because it has no known violation that a short run finds.
 */
export const kernel = process.env.MMSPEC_KERNELS
  ? ['trixie', 'bookworm', 'bullseye', 'trixie-backports'].find((suite) => preparedNamed(suite))
  : undefined;
