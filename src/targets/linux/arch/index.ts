import { UsageError } from '../../../common/errors.ts';
import { unknownName } from '../../../common/names.ts';
import { AMD64, AMD64_RT } from './amd64.ts';
import type { Arch } from './arch.ts';
import { ARM64, ARM64_16K, ARM64_RT } from './arm64.ts';
import { ARMHF, ARMHF_LPAE } from './armhf.ts';
import { I386 } from './i386.ts';
import { LOONG64 } from './loong64.ts';
import { PPC64EL, PPC64EL_64K } from './ppc64el.ts';
import { RISCV64 } from './riscv64.ts';
import { S390X } from './s390x.ts';

export type { Arch } from './arch.ts';

/** All architectures with their flavours. The first is the one of the host, and the default. */
export const ARCHES: readonly Arch[] = [
  AMD64,
  AMD64_RT,
  ARM64,
  ARM64_16K,
  ARM64_RT,
  ARMHF,
  ARMHF_LPAE,
  I386,
  LOONG64,
  PPC64EL,
  PPC64EL_64K,
  RISCV64,
  S390X,
];

/** The default architecture, which is also that of the host: its compiler needs no prefix. */
export const HOST = ARCHES[0];

/** Names of all architectures. */
export const ARCH_NAMES: readonly string[] = [...new Set(ARCHES.map(({ name }) => name))];

/** Names of the flavours of an architecture that can be requested. */
export const flavoursOf = (name: string): readonly string[] =>
  ARCHES.filter((arch) => arch.name === name && arch.flavour !== '').map(({ flavour }) => flavour);

/**
 * The description of an architecture and a flavour.
 * @param name Debian's name of the architecture; the default one if undefined.
 * @param flavour the flavour of the kernel; the default one if undefined.
 * @throws UsageError if one is unknown; the message lists what exists.
 */
export function archNamed(name = HOST.name, flavour = ''): Arch {
  const found = ARCHES.find((arch) => arch.name === name && arch.flavour === flavour);
  if (found) return found;
  if (!ARCH_NAMES.includes(name)) throw unknownName(`unknown architecture ${name}`, name, ARCH_NAMES);
  const known = flavoursOf(name);
  const exist = known.length > 0 ? `there are: ${known.join(', ')}; or leave out --flavour` : 'leave out --flavour';
  throw new UsageError(`unknown flavour ${flavour} of ${name}; ${exist}`);
}

/** The name of an architecture and flavour, for people and files: `amd64`, `arm64-16k`. */
export const labelOf = ({ name, flavour }: Arch): string => (flavour === '' ? name : `${name}-${flavour}`);

/** The options of the command line that choose an architecture: none for the default one. */
export const archOptions = (arch: Arch): readonly string[] => [
  ...(arch.name === HOST.name ? [] : ['--arch', arch.name]),
  ...(arch.flavour === '' ? [] : ['--flavour', arch.flavour]),
];

/** The name of the target for a suite and an architecture: `bookworm`, `bookworm-arm64`, `trixie-arm64-16k`. */
export const suiteTarget = (suite: string, arch: Arch): string => (arch === HOST ? suite : `${suite}-${labelOf(arch)}`);
