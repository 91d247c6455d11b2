import type { Step } from '../../../../reference/calls/call.ts';
import type { Address } from '../../../../reference/notation/address.ts';
import type { FrameId } from '../../../../reference/notation/frame.ts';

/** A step as a call of one of the module's functions. */
export interface Statement {
  /** Name of the piece that it needs. */
  readonly piece: string;
  readonly text: string;
}

/** Lists of frames that the module writes down once. */
export class Lists {
  readonly #names = new Map<string, { name: string; frames: readonly FrameId[] }>();

  /** The C name of a list. */
  name(frames: readonly FrameId[]): string {
    if (frames.length === 0) return 'NULL';
    const key = frames.join();
    let known = this.#names.get(key);
    if (!known) this.#names.set(key, (known = { name: `list_${this.#names.size + 1}`, frames }));
    return known.name;
  }

  /** Declarations of all lists; `type` is the C type of a frame's number. */
  declarations(type: string): string {
    return [...this.#names.values()]
      .map(({ name, frames }) => {
        const lines: string[] = [];
        for (let i = 0; i < frames.length; i += 16) lines.push(`\t${frames.slice(i, i + 16).join(', ')},`);
        return `static const ${type} ${name}[] = {\n${lines.join('\n')}\n};`;
      })
      .join('\n');
  }
}

const hex = (bytes: number): string => `${bytes < 0 ? '-' : ''}0x${Math.abs(bytes).toString(16)}`;
const has = (flags: unknown, flag: string): boolean => Array.isArray(flags) && flags.includes(flag);

/** `&a[0]`, and the distance from its start. */
function place(address: Address): string {
  const { base, index, offset } = address;
  if (base === 'null' || base === 'hole') return `${base === 'null' ? '&nil' : '&hole'}, ${hex(offset)}`;
  return `&${base}[${index}], ${hex(offset)}`;
}

const range = (address: Address): string => {
  if (address.base === 'null') return '&nil';
  return address.base === 'hole' ? '&hole' : `&${address.base}[${address.index}]`;
};

const KIND_FLAGS: Readonly<Record<string, string>> = {
  plain: '0',
  pfnmap: 'VM_IO | VM_PFNMAP',
  mixedmap: 'VM_MIXEDMAP',
};

type Writer = (step: Step, lists: Lists) => Statement;

const statement = (piece: string, ...args: readonly (string | number)[]): Statement => ({
  piece,
  text: `${piece}(${[...args, 'o'].join(', ')});`,
});

const unmapping =
  (origin: string): Writer =>
  ({ args }) =>
    statement('do_unmap', range(args[0] as Address), origin);

const onVma = (piece: string, rest: (step: Step) => (string | number)[]): Writer => {
  return (step) => statement(piece, range(step.args[0] as Address), place(step.args[1] as Address), ...rest(step));
};

const looking =
  (piece: string): Writer =>
  ({ args }) =>
    statement(piece, place(args[0] as Address));

const WRITERS: Readonly<Record<string, Writer>> = {
  vmap: ({ binds, args }, lists) => {
    const frames = args[0] as readonly FrameId[];
    return statement('do_vmap', binds, lists.name(frames), frames.length, String(has(args[1], 'put_pages')));
  },
  vm_map_ram: ({ binds, args }, lists) => {
    const frames = args[0] as readonly FrameId[];
    return statement('do_vm_map_ram', binds, lists.name(frames), frames.length);
  },
  vmalloc: ({ binds, args }) => statement('do_vmalloc', binds, hex(args[0] as number), 'false'),
  vzalloc: ({ binds, args }) => statement('do_vmalloc', binds, hex(args[0] as number), 'true'),
  vunmap: unmapping('VMAP'),
  vm_unmap_ram: unmapping('RAM'),
  vfree: unmapping('VMALLOC'),
  vm_unmap_aliases: () => statement('do_vm_unmap_aliases'),
  vmalloc_to_page: looking('do_vmalloc_to_page'),
  is_vmalloc_addr: looking('do_is_vmalloc_addr'),
  read: looking('do_read'),
  reread: looking('do_reread'),
  write: ({ args }) => statement('do_write', place(args[0] as Address), args[1] as number),
  page_count: ({ args }) => statement('do_page_count', args[0] as FrameId),
  page_mapcount: ({ args }) => statement('do_page_mapcount', args[0] as FrameId),
  mmap: ({ binds, args }) => {
    const [object, pages, kind, share, remap, after] = args;
    const { index, offset } = object as Address;
    const flags = KIND_FLAGS[kind as string];
    const neighbour = after === undefined ? 'NULL' : range(after as Address);
    const first = remap === undefined ? -1 : (remap as FrameId);
    const made = [
      binds,
      index,
      hex(offset),
      pages as number,
      flags,
      String(share === 'private'),
      first,
      neighbour,
      'o',
    ];
    return { piece: 'do_mmap', text: `make_vma(${made.join(', ')});` };
  },
  munmap: ({ args }) => ({ piece: 'do_munmap', text: `do_munmap_of(${range(args[0] as Address)}, o);` }),
  remap_pfn_range: onVma('do_remap_pfn_range', ({ args }) => [args[2] as FrameId, hex(args[3] as number)]),
  vm_insert_page: onVma('do_vm_insert_page', ({ args }) => [args[2] as FrameId]),
  vmf_insert_pfn: onVma('do_vmf_insert_pfn', ({ args }) => [args[2] as FrameId]),
  zap_vma_ptes: onVma('do_zap_vma_ptes', ({ args }) => [hex(args[2] as number)]),
  follow_pfn: onVma('do_follow_pfn', () => []),
  unmap_mapping_range: ({ args }) => {
    const { index, offset } = args[0] as Address;
    return statement(
      'do_unmap_mapping_range',
      index,
      hex(offset),
      hex(args[1] as number),
      String(has(args[2], 'even_cows')),
    );
  },
  break_cow: ({ args }) => {
    const { index, offset } = args[0] as Address;
    return statement('do_break_cow', index, hex(offset));
  },
};

/** A step as C; undefined where there is no such thing. */
export const statementOf = (step: Step, lists: Lists): Statement | undefined => WRITERS[step.call.name]?.(step, lists);
