import { expect, test } from 'vitest';
import { knownSeries, missingSymbols, undefinedIn, wantedBy } from '../../../src/targets/vmalloc/symbols.ts';

/** As ld prints it, for two functions of one file. */
const MESSAGES = `/usr/bin/ld: vmalloc.o: in function \`vfree':
mm/vmalloc.c:3384:(.text.vfree+0x12): undefined reference to \`free_pages_bulk'
/usr/bin/ld: mm/vmalloc.c:3386:(.text.vfree+0x40): undefined reference to \`kfree'
/usr/bin/ld: mm/vmalloc.c:3387:(.text.vfree+0x48): undefined reference to \`free_pages_bulk'
collect2: error: ld returned 1 exit status
`;

const tree = (series: string) => ({ folder: '/t', series, version: `${series}.1` });

test('the symbols that a linker did not find', () => {
  expect(undefinedIn(MESSAGES)).toEqual(['free_pages_bulk', 'kfree']);
  expect(undefinedIn('collect2: error: ld returned 1 exit status\n')).toEqual([]);
});

test('the message names the symbols, and those that are new in the series', () => {
  const text = missingSymbols(tree('6.99'), MESSAGES);
  expect(text).toContain(
    'mm/vmalloc.c of Linux 6.99.1 needs symbols that the shim does not have: free_pages_bulk, kfree',
  );
  expect(text).toMatch(/new since 6\.\d+: free_pages_bulk; /);
  expect(text).toContain('docs/vmalloc-target.md');
});

test('other messages of the linker are not taken for missing symbols', () => {
  expect(missingSymbols(tree('6.12'), 'ld: cannot find -lasan\n')).toBeUndefined();
});

test.each(knownSeries())('the list of %s is sorted and names what every series calls', (series) => {
  const list = wantedBy(series)!;
  expect(list).toEqual([...new Set(list)].sort());
  expect(list).toEqual(expect.arrayContaining(['_raw_spin_lock', 'flush_tlb_kernel_range', 'kfree']));
});

test('there is no list of a series that is unknown', () => {
  expect(wantedBy('2.6')).toBeUndefined();
});
