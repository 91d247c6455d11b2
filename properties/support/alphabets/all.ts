import { profileNamed } from '../../../reference/profiles/profiles.ts';
import { withTraits } from '../../../reference/profiles/traits.ts';
import { type Alphabet, type Setting, setting } from '../tiny.ts';
import { CHILDREN, FAILED_FORKS } from './children.ts';
import {
  CALLER,
  DEFERRED,
  FAILING,
  GUARDED,
  KERNEL,
  LINGER,
  LINGER_IN_CHILD,
  LOOKUPS,
  PERMISSIONS,
  PROTECTED,
  RESIZED,
  SHARED,
  SINGLE,
} from './kernel.ts';
import {
  ALLOCATED,
  CALLER_USER,
  COUNTED,
  DISCARD,
  FAILING_USER,
  FOLLOWED,
  HANDLED,
  PFNMAP,
  USERMAP,
  WHOLE,
} from './pages.ts';
import { APPLIED, APPLIED_TO_EXISTING, SPARSE, SPARSE_LOOKUPS } from './sparse.ts';
import { BORDERS, COUNTED_BORDERS, CUT, MOVE, MOVE_COUNTED, PROTECT } from './vmas.ts';

/** All alphabets of tiny programs, with the profiles that they are tried under. */

/** `PROFILE TRAIT=CHOICE ... wide`. `wide`: with windows that no tiny program exhausts. */
export const settingOf = (name: string): Setting => {
  const [profile, ...traits] = name.split(' ');
  const choices = traits.filter((word) => word !== 'wide').map((trait) => trait.split('=') as [string, string]);
  return setting(withTraits(profileNamed(profile).traits, choices), traits.includes('wide'));
};

const KERNEL_PROFILES = [
  'documented',
  'linux-6.1',
  'linux-7.1',
  'eager',
  'xen',
  'documented tlb=never',
  'documented memory=scarce wide',
  'documented wide',
];
export const USER_PROFILES = [
  'documented',
  'linux-6.1',
  'linux-7.1',
  'linux-7.1 zap_return=int',
  'documented memory=scarce',
  'documented wide',
];
/** For calls on VMAs that no trait of Linux's profiles is about. */
export const CUT_PROFILES = [
  'documented',
  'linux-7.1',
  'documented memory=scarce',
  'documented wide',
  'documented user_tlb=caller',
];
/** Traits that no profile has, with what their difference can be seen by. */
export const KERNEL_TRAITS = [
  'documented zero_vmap=address',
  'documented memory=scarce zero_vmap=address',
  'documented vfree_unknown=ignored',
  'xen vfree_unknown=undefined',
  'documented alias=same-address',
  'eager alias=same-address',
  'documented single_page=permanent',
  'documented tlb=caller',
];
export const USER_TRAITS = [
  'documented zap_checks=none',
  'documented user_tlb=caller',
  'documented unmap_inserted=undefined',
];

const SPARSE_PROFILES = ['documented', 'eager', 'documented memory=scarce'];
const INTERIOR = ['documented unmap_interior=ignored', 'documented unmap_interior=whole'];
const LINGERING = ['documented', 'documented tlb=never', 'documented tlb=caller', 'eager', 'linux-6.1'];
const INJECTED = [
  'documented wide',
  'documented',
  'documented memory=scarce wide',
  'documented zero_vmap=address wide',
];

/** What the programs are about, their steps and outcomes, the profiles, and the length up to which all programs are tried. */
export const ALPHABETS: readonly (readonly [
  title: string,
  alphabet: Alphabet,
  profiles: readonly string[],
  depth: number,
])[] = [
  ['areas that a worker frees', DEFERRED, KERNEL_PROFILES, 3],
  ['memory whose permissions change', PERMISSIONS, [...KERNEL_PROFILES, 'documented memory=scarce'], 4],
  ['memory that is resized', RESIZED, [...KERNEL_PROFILES, 'documented memory=scarce'], 3],
  ['protected areas', PROTECTED, KERNEL_PROFILES, 3],
  ['sparse areas', SPARSE, ['documented', 'eager', 'documented memory=scarce', 'linux-6.1'], 4],
  ['functions that are applied to sparse areas', APPLIED, SPARSE_PROFILES, 4],
  ['functions that are applied to mapped pages', APPLIED_TO_EXISTING, SPARSE_PROFILES, 4],
  ['look-ups in sparse areas', SPARSE_LOOKUPS, SPARSE_PROFILES, 4],
  ['what lingers', LINGER, [...KERNEL_PROFILES, 'documented alias=same-address'], 6],
  ['what lingers in two address spaces', LINGER_IN_CHILD, ['documented', 'eager', 'documented tlb=caller'], 6],
  ['flushes of callers', CALLER, ['documented tlb=caller'], 5],
  ['flushes of callers', CALLER, ['documented tlb=caller guard=none'], 4],
  ['flushes of callers, user side', CALLER_USER, ['documented user_tlb=caller'], 5],
  ['areas that are shared', SHARED, ['documented alias=same-address', 'eager alias=same-address guard=none'], 5],
  ['single pages', SINGLE, ['documented single_page=permanent', 'eager single_page=permanent'], 4],
  ['areas with guard pages', GUARDED, [...KERNEL_PROFILES, 'documented guard=none', ...INTERIOR], 4],
  ['look-ups of areas', LOOKUPS, [...KERNEL_PROFILES, ...KERNEL_TRAITS, 'documented vread_ram=undefined'], 3],
  ['every kernel call', KERNEL, [...KERNEL_PROFILES, ...KERNEL_TRAITS], 3],
  ['frames by number', PFNMAP, [...USER_PROFILES, ...USER_TRAITS], 3],
  ['counted pages', COUNTED, [...USER_PROFILES, ...USER_TRAITS], 3],
  ['borders', BORDERS, USER_PROFILES, 4],
  ['borders of counted pages', COUNTED_BORDERS, USER_PROFILES, 4],
  ['whole VMAs', WHOLE, USER_PROFILES, 4],
  ['pages that are given up', DISCARD, USER_PROFILES, 4],
  ['pages that are looked up', FOLLOWED, CUT_PROFILES.slice(0, 4), 4],
  ['frames that fault handlers insert', HANDLED, CUT_PROFILES.slice(0, 4), 4],
  ['VMAs that lose pages', CUT, CUT_PROFILES, 4],
  ['VMAs that move', MOVE, CUT_PROFILES, 4],
  ['children', CHILDREN, ['documented', 'linux-7.1', 'documented wide'], 4],
  ['forks that fail', FAILED_FORKS, ['documented wide', 'documented', 'documented memory=scarce'], 4],
  ['permissions', PROTECT, ['documented', 'linux-7.1'], 4],
  ['counts where VMAs move', MOVE_COUNTED, ['documented'], 6],
  ['memory for user space', USERMAP, ['documented', 'documented memory=scarce', 'documented wide', 'eager'], 4],
  ['memory that is allocated', ALLOCATED, LINGERING, 5],
  ['allocations that are made to fail', FAILING, INJECTED, 5],
  ['allocations that are made to fail, user side', FAILING_USER, INJECTED.slice(0, 3), 4],
];
