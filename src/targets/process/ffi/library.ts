/** The functions of fixtures/adapters/mmspec.h. Those that the library does not export are undefined. */
export interface Library {
  readonly describe: () => string;
  readonly begin: (cpus: number, frames: number) => void;
  readonly end: () => string | null;
  readonly load: (cpu: number, at: bigint, word: Buffer) => number;
  readonly store: (cpu: number, at: bigint, word: bigint) => number;
  readonly vmap?: (cpu: number, frames: Uint32Array, count: number, flags: number) => Address;
  readonly vunmap?: (cpu: number, area: bigint) => void;
  readonly vm_map_ram?: (cpu: number, frames: Uint32Array, count: number) => Address;
  readonly vm_unmap_ram?: (cpu: number, area: bigint, count: number) => void;
  readonly vm_unmap_aliases?: (cpu: number) => void;
  readonly vmalloc?: (cpu: number, bytes: bigint) => Address;
  readonly vzalloc?: (cpu: number, bytes: bigint) => Address;
  readonly vfree?: (cpu: number, area: bigint) => void;
  readonly is_vmalloc_addr?: (cpu: number, at: bigint) => number;
  readonly flush_one?: (cpu: number, at: bigint) => void;
  readonly page_count?: (frame: number) => number;
  readonly page_mapcount?: (frame: number) => number;
  readonly allocated_pages?: () => number;
  readonly fail_after?: (allocations: number) => void;
  readonly flush_tlb?: (cpu: number) => void;
  readonly vmalloc_to_page?: (cpu: number, at: bigint) => unknown;
  readonly frame: (frame: number) => unknown;
  /** A view of the page at `pointer` as 32-bit words; `page` is the page size in bytes. */
  readonly words: (pointer: unknown, page: number) => Uint32Array;
}

/** A 64-bit value. koffi returns a number where the value fits into one. */
type Address = number | bigint;

/** The version of mmspec.h. */
const ABI = 1;

/** The C prototypes, by name. */
const REQUIRED = {
  abi: 'int32_t mmspec_abi()',
  describe: 'const char *mmspec_describe()',
  begin: 'void mmspec_begin(uint32_t cpus, uint32_t frames)',
  end: 'const char *mmspec_end()',
  frame: 'void *mmspec_frame(uint32_t frame)',
  load: 'int32_t mmspec_load(uint32_t cpu, uint64_t at, void *word)',
  store: 'int32_t mmspec_store(uint32_t cpu, uint64_t at, uint64_t word)',
};
const OPTIONAL = {
  vmap: 'uint64_t mmspec_vmap(uint32_t cpu, void *frames, uint32_t count, uint32_t flags)',
  vunmap: 'void mmspec_vunmap(uint32_t cpu, uint64_t area)',
  vm_map_ram: 'uint64_t mmspec_vm_map_ram(uint32_t cpu, void *frames, uint32_t count)',
  vm_unmap_ram: 'void mmspec_vm_unmap_ram(uint32_t cpu, uint64_t area, uint32_t count)',
  vm_unmap_aliases: 'void mmspec_vm_unmap_aliases(uint32_t cpu)',
  vmalloc: 'uint64_t mmspec_vmalloc(uint32_t cpu, uint64_t bytes)',
  vzalloc: 'uint64_t mmspec_vzalloc(uint32_t cpu, uint64_t bytes)',
  vfree: 'void mmspec_vfree(uint32_t cpu, uint64_t area)',
  vmalloc_to_page: 'void *mmspec_vmalloc_to_page(uint32_t cpu, uint64_t at)',
  is_vmalloc_addr: 'int32_t mmspec_is_vmalloc_addr(uint32_t cpu, uint64_t at)',
  flush_one: 'void mmspec_flush_one(uint32_t cpu, uint64_t at)',
  page_count: 'int32_t mmspec_page_count(uint32_t frame)',
  page_mapcount: 'int32_t mmspec_page_mapcount(uint32_t frame)',
  allocated_pages: 'int32_t mmspec_allocated_pages(void)',
  fail_after: 'void mmspec_fail_after(uint64_t allocations)',
  flush_tlb: 'void mmspec_flush_tlb(uint32_t cpu)',
};

async function koffi() {
  try {
    return (await import('koffi')).default;
  } catch (error) {
    throw new Error(`ffi: needs the package koffi; install it with: npm install koffi (${(error as Error).message})`);
  }
}

/**
 * Loads a shared library.
 * @throws Error if it cannot be loaded, lacks a required function, or was built for another version of mmspec.h.
 */
export async function loadLibrary(path: string): Promise<Library> {
  const { load, view } = await koffi();
  const handle = load(path);
  const functions: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(REQUIRED)) {
    try {
      functions[name] = handle.func(definition);
    } catch {
      throw new Error(`${path} does not export mmspec_${name}, which fixtures/adapters/mmspec.h requires`);
    }
  }
  const abi = (functions.abi as () => number)();
  if (abi !== ABI)
    throw new Error(
      `${path} was built for version ${abi} of mmspec.h, this kit expects version ${ABI}; build it again with this kit's mmspec.h`,
    );
  for (const [name, definition] of Object.entries(OPTIONAL)) {
    try {
      functions[name] = handle.func(definition);
    } catch {
      // The library does not export it, so the call is not announced.
    }
  }
  const words = (pointer: unknown, page: number) => new Uint32Array(view(pointer, page));
  return { ...functions, words } as unknown as Library;
}
