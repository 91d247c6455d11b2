import fc from 'fast-check';
import { openTarget, programs } from 'mmspec';
import { afterAll, expect, test } from 'vitest';
import { walk } from './walk.ts';

const target = await openTarget(process.env.MMSPEC_TARGET ?? 'embedded');
afterAll(() => target.close());

// kernel-doc of vm_unmap_aliases(): "... we can be sure that none of the pages we have control over will have any
// aliases from the vmap layer."
test('after vm_unmap_aliases has returned, no page has any alias left from the vmap layer', () =>
  fc.assert(
    fc.asyncProperty(programs(target), async (program) => {
      const [trace] = await target.run([program]);
      const unmapped = new Set<number>(); // pages of areas that were given back
      const flushed = new Set<number>(); // those that were given back before vm_unmap_aliases was called
      for (const { call, pages, outcome } of walk(trace, target.manifest.page)) {
        if (['vmap', 'vm_map_ram', 'vmalloc', 'vzalloc', 'vmalloc_user', 'vmalloc_huge'].includes(call)) {
          for (const page of pages) {
            unmapped.delete(page);
            flushed.delete(page);
          }
        }
        if (['vunmap', 'vm_unmap_ram', 'vfree'].includes(call)) for (const page of pages) unmapped.add(page);
        if (call === 'vm_unmap_aliases') for (const page of unmapped) flushed.add(page);
        if (['read', 'write'].includes(call) && flushed.has(pages[0])) expect(outcome.kind).not.toBe('frame');
      }
    }),
    { numRuns: 2000, seed: 1 },
  ));
