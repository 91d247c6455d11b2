/** What a target answers that maps nothing: every call that would map something fails as if memory had run out. */

const CALLS =
  'vmap vunmap vm_map_ram vm_unmap_ram vm_unmap_aliases vmalloc vzalloc vfree vmalloc_to_page is_vmalloc_addr read write mmap munmap remap_pfn_range vm_insert_page vmf_insert_pfn zap_vma_ptes follow_pfn unmap_mapping_range break_cow';

/** Its handshake. */
export const HANDSHAKE = `mmspec target 1
name hostile 1
profile documented
trait memory=scarce
cpus 2
frames 64
window kernel 0xffffc90000000000 0xffffe90000000000
window user 0x200000000 0x300000000
calls ${CALLS}
limit inflight 8
limit line 65536
ready
`;

/** Its answer to a step. */
export function outcome(step) {
  const call = /^@\d+ (?:[av]\d+ = )?(\w+)/.exec(step)?.[1];
  if (/=v\d/.test(step)) return 'skipped';
  if (/ = /.test(step)) return call === 'mmap' ? '-ENOMEM' : 'null';
  if (/ [av]\d/.test(step)) return 'skipped';
  if (call === 'is_vmalloc_addr') return '0';
  if (call === 'vmalloc_to_page') return 'null';
  return ['read', 'write', 'break_cow'].includes(call) ? 'fault' : 'ok';
}

export const isStep = (line) => line.startsWith('@');

/** The outcomes of the steps among some lines. */
export const outcomes = (lines) =>
  lines
    .filter(isStep)
    .map((line) => `=> ${outcome(line)}\n`)
    .join('');

/** The whole answer to a program. */
export const trace = (id, lines) => `trace ${id}\n${outcomes(lines)}end ${id}\n`;
