import type { Parts } from './parts.ts';

/**
 * Races have narrow windows, which an idle machine rarely hits. So a lane that reaches one of these functions inside a
 * block may be delayed while the others go on.
 */
const POINTS = [
  // Kernel side: clearing, queueing, flushing, freeing, mapping.
  ...['vunmap_range_noflush', '__vunmap_range_noflush', 'unmap_kernel_range_noflush', 'free_vmap_area_noflush'],
  ...['free_vmap_block', 'purge_fragmented_block', '_vm_unmap_aliases', '__purge_vmap_area_lazy', 'purge_vmap_node'],
  ...['flush_tlb_kernel_range', 'alloc_vmap_area', 'vmap_small_pages_range_noflush', 'map_kernel_range_noflush'],
  // User side: clearing, flushing, removing page tables and links, mapping, filling, faults.
  ...['unmap_page_range', 'tlb_finish_mmu', 'flush_tlb_mm_range', 'free_pgtables', 'unlink_file_vma'],
  ...['unmap_mapping_range_tree', 'mmap_region', 'vmf_insert_pfn_prot', 'insert_page', 'vm_insert_pages'],
  ...['__get_locked_pte', 'remap_pfn_range_notrack', 'remap_pfn_range_internal', 'wp_page_copy', 'finish_fault'],
  ...['__vmf_anon_prepare'],
  // User side, while a lock is held: of the object that is mapped, of a page table.
  ...['vma_interval_tree_insert', 'vma_interval_tree_remove', 'folio_add_file_rmap_ptes', 'page_add_file_rmap'],
];

function rows(): string {
  const lines = [''];
  for (const name of POINTS) {
    const word = `"${name}",`;
    const line = lines[lines.length - 1];
    if (line.length + word.length > 96) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => `\t${line}`).join('\n');
}

const DELAYED = `	if (in_lane(cpu) && READ_ONCE(overlapping[cpu]))
		delay_lane(cpu);`;

/* A CPU with interrupts off cannot reply to others, so it is not held. */
const HELD = `	if (!in_lane(cpu) || !READ_ONCE(overlapping[cpu]))
		return 0;
	if (!forced)
		delay_lane(cpu);
	else if (in_task() && !irqs_disabled())
		pass(cpu);`;

/** Delays at the start of a block and at these points; with a schedule, CPUs are held there. */
export const delays = ({ scheduled }: Parts): string =>
  `
static bool overlapping[CPUS];
static u32 random_state[CPUS];

/* Usually short or none; sometimes long enough for the other CPUs to finish whole calls. */
static void delay_lane(unsigned int cpu)
{
	u32 rounds, *state = &random_state[cpu];

	if (!*state)
		*state = 0x9e3779b9 * (cpu + 1);
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	rounds = *state & 1 ? 0 : *state & 6 ? (*state >> 8) % 4 : (*state >> 8) % 256;
	while (rounds--)
		cpu_relax();
}

#ifdef CONFIG_KPROBES
/* Functions where calls may interleave, under their names in all kernel versions. */
static const char *const points[] = {
@POINTS@
};
static struct kprobe point[ARRAY_SIZE(points)];
static bool registered[ARRAY_SIZE(points)];

static int reached_point(struct kprobe *probe, struct pt_regs *regs)
{
	unsigned int cpu = raw_smp_processor_id();

@REACHED@
	return 0;
}

static void use_points(bool on)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(points); i++) {
		if (registered[i])
			unregister_kprobe(&point[i]);
		point[i] = (struct kprobe){ .symbol_name = points[i], .pre_handler = reached_point };
		registered[i] = on && !register_kprobe(&point[i]);
	}
}
#else
static void use_points(bool on)
{
}
#endif
`
    .trim()
    .replace('@POINTS@', rows)
    .replace('@REACHED@', scheduled ? HELD : DELAYED);
