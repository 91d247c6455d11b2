import { DOCUMENTED, type Traits, withTraits } from './traits.ts';

/**
 * A named set of traits.
 *
 * @example
 * ```ts
 * import { type Profile, profileNamed } from 'mmspec';
 *
 * const profile: Profile = profileNamed('linux-6.12');
 * console.log(profile.name, profile.traits.zero_map_ram); // linux-6.12 null
 * ```
 */
export interface Profile {
  readonly name: string;
  readonly summary: string;
  readonly traits: Traits;
}

const profile = (name: string, summary: string, choices: Partial<Traits> = {}): Profile => ({
  name,
  summary,
  traits: withTraits(DOCUMENTED, Object.entries(choices)),
});

const linux: Partial<Traits> = { unmap_unknown: 'ignored', zap_return: 'void' };
const linux612: Partial<Traits> = { ...linux, zero_map_ram: 'null', vread_ram: 'undefined', follow_outside: 'refused' };

/**
 * All profiles. Kernel versions appear nowhere else in the reference.
 *
 * @example
 * ```ts
 * import { PROFILES } from 'mmspec';
 *
 * console.log(PROFILES.map(({ name }) => name)); // [ 'documented', ... ]
 * ```
 */
export const PROFILES: readonly Profile[] = [
  profile('documented', 'what the Linux Kernel API documentation promises, and nothing more'),
  profile('linux-5.10', 'Linux 5.10', { ...linux, unmap_inserted: 'undefined' }),
  profile('linux-6.1', 'Linux 6.1', linux),
  profile('linux-6.12', 'Linux 6.12', linux612),
  profile('linux-7.1', 'Linux 7.1 and newer', { ...linux612, zap_mixedmap: 'zapped', full_remap: 'once' }),
  profile('xen', "Xen's xen/common/vmap.c: flushes before vunmap returns, guard page in front", {
    tlb: 'before-return',
    guard: 'leading',
    zero_vmap: 'undefined',
    unmap_unknown: 'ignored',
    unmap_interior: 'ignored',
  }),
  profile('eager', 'like documented, but every unmapping call flushes before it returns', { tlb: 'before-return' }),
];

/**
 * The profile of a name. `linux-MAJOR.MINOR` of a version without a profile of its own is the newest one before it.
 * @throws Error naming what exists.
 *
 * @example
 * ```ts
 * import { profileNamed } from 'mmspec';
 *
 * console.log(profileNamed('linux-6.1').traits.zap_return); // void
 * ```
 */
export function profileNamed(name: string): Profile {
  const exact = PROFILES.find((known) => known.name === name);
  if (exact) return exact;
  const version = /^linux-(\d+)\.(\d+)$/.exec(name);
  if (version) {
    const number = Number(version[1]) * 1000 + Number(version[2]);
    let best: Profile | undefined;
    for (const known of PROFILES) {
      const match = /^linux-(\d+)\.(\d+)$/.exec(known.name);
      if (match && Number(match[1]) * 1000 + Number(match[2]) <= number) best = known;
    }
    if (best) return { ...best, name };
  }
  throw new Error(`unknown profile ${name}; there are: ${PROFILES.map((known) => known.name).join(', ')}`);
}
