import fc from 'fast-check';
import { CLAUSES, openTarget, programs } from 'mmspec';
import { afterAll, expect } from 'vitest';
import { testInTwoSizes } from '../support/sizes.ts';
import { walk } from './walk.ts';

const target = await openTarget(process.env.MMSPEC_TARGET ?? 'embedded');
afterAll(() => target.close());

// The calls that these clauses are about are drawn more often.
const favour = CLAUSES.filter(({ id }) => id.startsWith('ZAP-'));

// kernel-doc of zap_vma_ptes(): "This function only unmaps ptes assigned to VM_PFNMAP vmas. The entire address range
// must be fully contained within the vma. Returns 0 if successful."
testInTwoSizes(
  'zap_vma_ptes only unmaps ptes of VM_PFNMAP VMAs, in ranges inside the VMA, and returns 0 if successful',
  { small: 400, full: 2000 },
  (numRuns) =>
    fc.assert(
      fc.asyncProperty(programs(target, { favour }), async (program) => {
        const [trace] = await target.run([program]);
        const present = new Map<number, number>(); // pages of VMAs, and the frame that was read there
        const zapped = new Set<number>(); // pages of VMAs that were zapped, and not filled again
        for (const { call, pages, vma, outcome } of walk(trace, target.manifest.page)) {
          const [first] = pages;
          if (call === 'zap_vma_ptes') {
            if (vma?.kind === undefined || pages.length === 0) continue;
            const success = vma.kind === 'pfnmap' && pages.every((page) => vma.pages.includes(page));
            // Where the call returns void, its outcome is `ok`.
            if (outcome.kind !== 'ok') expect(outcome.kind === 'number' && outcome.value === 0).toBe(success);
            for (const page of success ? pages : []) {
              present.delete(page);
              zapped.add(page);
            }
          } else if (call === 'read' && vma) {
            if (zapped.has(first)) expect(outcome.kind).toBe('fault');
            if (present.has(first)) expect([outcome.kind, outcome.value]).toEqual(['frame', present.get(first)]);
            if (outcome.kind === 'frame') present.set(first, outcome.value);
          } else {
            for (const page of pages) present.delete(page);
            for (const page of pages) zapped.delete(page);
          }
        }
      }),
      { numRuns, seed: 1 },
    ),
);
