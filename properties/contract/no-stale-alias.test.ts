import fc from 'fast-check';
import { openTarget, programs } from 'mmspec';
import { afterAll, expect } from 'vitest';
import { testInTwoSizes } from '../support/sizes.ts';
import { walk } from './walk.ts';

const target = await openTarget(process.env.MMSPEC_TARGET ?? 'embedded');
afterAll(() => target.close());

const MAPS = new Set([
  'vmap',
  'vm_map_ram',
  'vmalloc',
  'vzalloc',
  'vmalloc_user',
  'vmalloc_huge',
  'vrealloc',
  'vm_area_map_pages',
  'apply_to_page_range',
]);
const UNMAPS = new Set([
  'vunmap',
  'vm_unmap_ram',
  'vfree',
  'vm_area_unmap_pages',
  'apply_to_existing_page_range',
  'free_vm_area',
]);

// kernel-doc of vm_unmap_aliases(): "... we can be sure that none of the pages we have control over will have any
// aliases from the vmap layer."
testInTwoSizes(
  'after vm_unmap_aliases has returned, no page has any alias left from the vmap layer',
  { small: 400, full: 2000 },
  (numRuns) =>
    fc.assert(
      fc.asyncProperty(programs(target), async (program) => {
        const [trace] = await target.run([program]);
        const unmapped = new Set<number>(); // pages of areas that were given back
        const flushed = new Set<number>(); // those that were given back before vm_unmap_aliases was called
        for (const { call, pages, area, outcome } of walk(trace, target.manifest.page)) {
          if (MAPS.has(call)) {
            for (const page of pages) {
              unmapped.delete(page);
              flushed.delete(page);
            }
          }
          // A range that is not fully inside its sparse area is refused.
          if (call === 'vm_area_unmap_pages' && !pages.every((page) => area?.includes(page))) continue;
          // Memory that moved has left its old pages. A NULL may mean that it stays.
          if (call === 'vrealloc' && outcome.kind === 'address')
            for (const page of area ?? []) if (!pages.includes(page)) unmapped.add(page);
          // The pages stay from the one on at which the function returned an error.
          const left = call === 'apply_to_existing_page_range' && outcome.kind === 'errno' ? outcome.note : 0;
          if (UNMAPS.has(call)) for (const page of pages.slice(0, pages.length - left)) unmapped.add(page);
          if (call === 'vm_unmap_aliases') for (const page of unmapped) flushed.add(page);
          if (['read', 'write'].includes(call) && flushed.has(pages[0])) expect(outcome.kind).not.toBe('frame');
        }
      }),
      { numRuns, seed: 3 },
    ),
);
