import { join } from 'node:path';
import { expect, test } from 'vitest';
import { definitionsIn } from '../../src/targets/definitions.ts';
import { writeBelow } from '../support/built-kernel.ts';
import { folder } from '../support/cli.ts';
import { kernelSources } from '../support/kernel-sources.ts';

const tree = folder();

writeBelow(tree, 'mm/nommu.c', 'void vunmap(const void *addr)\n{\n}\n');
writeBelow(tree, 'mm/highmem.c', 'void vunmap(const void *addr)\n{\n}\n');
writeBelow(
  tree,
  'mm/vmalloc.c',
  `void vunmap(const void *addr);

static struct vm_struct *remove(const void *addr)
{
	vunmap(addr);
	if (addr) {
	}
}

void vunmap(const void *addr)
{
}

void *vmalloc_noprof(unsigned long size)
{
}

static struct xarray *
to_xarray(unsigned long addr,
	  int node)
{
}
`,
);
writeBelow(tree, 'mm/mmap.c', 'SYSCALL_DEFINE2(munmap, unsigned long, addr, size_t, len)\n{\n}\n');
writeBelow(tree, 'arch/x86/mm/tlb.c', '\nvoid flush(void)\n{\n}\n');
writeBelow(tree, 'arch/arm/mm/tlb.c', '\n\nvoid flush(void)\n{\n}\n');

test.each([
  ['a function, not its declaration or a call', 'vunmap', 'mm/vmalloc.c:10'],
  ['a function with a suffix for allocation profiling', 'vmalloc', 'mm/vmalloc.c:14'],
  ['a function whose type is in the line before', 'to_xarray', 'mm/vmalloc.c:19'],
  ['a system call', 'munmap', 'mm/mmap.c:1'],
  ['a function of the architecture', 'flush', 'arch/x86/mm/tlb.c:2'],
  ['nothing for a call that the sources do not define', 'mmap', undefined],
])('finds %s', (_, name, place) => {
  expect(definitionsIn(tree, 'x86')(name)).toBe(place);
});

test('finds nothing without sources, and nothing of an architecture that is not named', () => {
  expect(definitionsIn(join(tree, 'missing'))('vunmap')).toBeUndefined();
  expect(definitionsIn(tree)('flush')).toBeUndefined();
});

test.skipIf(!kernelSources)('finds the calls in the sources of Linux', () => {
  const definition = definitionsIn(kernelSources!, 'x86');
  expect(definition('vm_unmap_aliases')).toMatch(/^mm\/vmalloc\.c:\d+$/);
  expect(definition('unmap_mapping_range')).toMatch(/^mm\/memory\.c:\d+$/);
});
