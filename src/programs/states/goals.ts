import type { CallName } from '../../../reference/notation/names.ts';
import { globExpression } from '../../common/glob.ts';

/**
 * A state or an event that a campaign should reach. A campaign that never reaches it cannot have found the bugs that
 * need it.
 */
export interface Goal {
  readonly id: string;
  readonly sentence: string;
  /** Calls that are necessary to reach it. */
  readonly calls: readonly CallName[];
}

const goal = (id: string, sentence: string, ...calls: readonly CallName[]): Goal => ({ id, sentence, calls });

/**
 * Everything that `require goal` in a gate's configuration can ask for. Goals are recognized in traces alone, so they
 * mean the same on every target.
 */
export const GOALS: readonly Goal[] = [
  goal(
    'small-areas',
    '256 pages are live on one CPU in areas of vm_map_ram of at most 64 pages: its blocks fill up',
    'vm_map_ram',
  ),
  goal('large-area', 'an area of at least 512 pages is live: a huge page could map it', 'vmap'),
  goal('alias', 'a frame is mapped in two live areas at once', 'vmap'),
  goal('null-return', 'a mapping call of at least one page returns NULL'),
  goal('unmap-elsewhere', 'an area is unmapped on another CPU than the one that mapped it', 'vmap', 'vunmap'),
  goal('stale-view', 'a CPU reaches an old frame after the unmapping call has returned', 'read'),
  goal('stale-vanished', 'a stale view disappears without a flush call', 'read'),
  goal('stale-flushed', 'a stale view is read again after vm_unmap_aliases', 'read', 'vm_unmap_aliases'),
  goal('reuse-flushed', 'an address is reused after a flush call', 'vm_unmap_aliases'),
  goal('reuse-unflushed', 'an address is reused without a flush call since it was unmapped'),
  goal('guard-read', 'the page right after a live area is read', 'read'),
  goal('zap-to-end', "a zap starts inside a VMA and ends at the VMA's last page", 'zap_vma_ptes'),
  goal('zap-inside', 'a zap leaves pages on both sides of its range', 'zap_vma_ptes'),
  goal('zap-beyond', 'a zap is asked to go beyond its VMA', 'zap_vma_ptes'),
  goal('zap-neighbour', 'a zap ends where another VMA starts', 'mmap', 'zap_vma_ptes'),
  goal('refill', 'a page that was zapped is filled again', 'zap_vma_ptes', 'remap_pfn_range'),
  goal('busy', 'an insertion finds a page mapped: -EBUSY', 'vm_insert_page'),
  goal('partial-failure', 'a call fails half way, or for lack of memory'),
  goal('private-copy', 'a read reaches the private copy of a page', 'break_cow', 'read'),
];

/** The goals that a pattern matches: an id, or a glob with `*`. Empty if no goal matches. */
export function goalsMatching(pattern: string): readonly Goal[] {
  const expression = globExpression(pattern);
  return GOALS.filter(({ id }) => expression.test(id));
}
