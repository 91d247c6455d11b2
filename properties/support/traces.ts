/** Traces that more than one test shows, exports or explains. */

/** vm_unmap_aliases does not reach a block that is used up: stock Linux up to 6.4. */
export const FULL_BLOCK = `mmspec trace 1
target linux 6.1.192 x86_64
profile linux-6.1
cpus 2
frames 64
@0 a0 = vm_map_ram f0..f63 => 0xffffc90000400000
@0 a1 = vm_map_ram f0..f63 => 0xffffc90000440000
@0 a2 = vm_map_ram f0..f63 => 0xffffc90000480000
@0 a3 = vm_map_ram f0..f63 => 0xffffc900004c0000
@1 read a0 => f0
@0 vm_unmap_ram a0 64 => ok
@0 vm_unmap_aliases => ok
@1 read a0 => f0
`;

/** Areas and VMAs are mapped, unmapped, flushed and zapped; at the end a CPU uses a stale translation. */
export const STALE = `mmspec trace 1
profile linux-6.1
cpus 2
frames 64
@0 a0 = vm_map_ram f0..f3 => 0xffffc90000400000
@1 read a0+0x3000 => f3
@0 vm_unmap_ram a0 4 => ok
@1 read a0+0x3000 => f3
@0 vm_unmap_aliases => ok
@0 a1 = vmap f9x3 => 0xffffc90000800000
@0 v0 = mmap o0 4 pfnmap shared remap=f8 => 0x200000000
@1 read v0+0x1000 => f9
@0 zap_vma_ptes v0 v0 0x2000 => ok
@1 read a0+0x3000 => f3
`;

/** Two CPUs at once, where unmapping must flush before it returns. */
export const PARALLEL = `mmspec trace 1
profile eager
cpus 2
frames 4
@0 a0 = vmap f0 => 0xffffc90000400000
par
@0 vunmap a0 => ok [1 5]
@1 read a0 => f0 [2 3]
@1 read a0 => f0 [6 7]
end
@1 read a0 => fault
`;

/** Three insertions at once: the second found the page taken, so the first or the third cannot have filled it as well. */
export const NO_ORDER = `mmspec trace 1
profile documented
cpus 3
frames 4
@0 v0 = mmap o0 1 mixedmap shared => 0x200000000
par
@0 vm_insert_page v0 v0 f0 => 0 [1 6]
@1 vm_insert_page v0 v0 f1 => -EBUSY [2 3]
@2 vm_insert_page v0 v0 f2 => 0 [4 5]
end
`;

/** Twenty insertions at once into one page: more orders than the judge looks at. */
export const OPEN = `mmspec trace 1
profile documented
cpus 20
frames 64
@0 v0 = mmap o0 1 pfnmap shared => 0x200000000
par
${Array.from({ length: 20 }, (_, i) => `@${i} vmf_insert_pfn v0 v0 f${i} => NOPAGE [${i + 1} ${i + 21}]`).join('\n')}
end
@0 read v0 => f3
@0 follow_pfn v0 v0 => f5
`;
