import type { Address, Outcome, Step, Trace } from 'mmspec';

/** A user VMA of a trace. */
export interface Vma {
  readonly pages: readonly number[];
  /** What its vm_flags say; undefined after a failed remap_pfn_range, which may or may not have set VM_PFNMAP. */
  kind: 'plain' | 'pfnmap' | 'mixedmap' | undefined;
}

/** A step that ran, with page numbers (address / page size) instead of the names of areas and VMAs. */
export interface Visit {
  readonly call: string;
  /** The pages that the call maps, unmaps or accesses. A call on a file gives the pages of all VMAs. */
  readonly pages: readonly number[];
  /** The VMA that the step names first. */
  readonly vma?: Vma;
  /** All pages of the area that the step names first. */
  readonly area?: readonly number[];
  readonly outcome: Outcome;
}

const DID_NOT_RUN = new Set(['skipped', 'unsupported', 'warn', 'crash', 'timeout']);

const range = (start: number, length: number): number[] => Array.from({ length }, (_, i) => start + i);

/** The value of the first parameter of a type; undefined where the call has none. */
function argument<T>({ call, args }: Step, type: Step['call']['parameters'][number]['type']): T | undefined {
  const at = call.parameters.findIndex((parameter) => parameter.type === type);
  return at < 0 ? undefined : (args[at] as T);
}

/** More pages than an address space has. Page 3 of the parent is page `SPACE + 3` of child m0, and `2 * SPACE + 3` of m1. */
const SPACE = 2 ** 40;

/** Where the areas and VMAs of a trace are. */
class Places {
  readonly #size: number;
  readonly areas = new Map<number, readonly number[]>();
  /** VMAs by name, in each address space. The first one has the number -1. */
  readonly #spaces = new Map<number, Map<number, Vma>>([[-1, new Map()]]);
  readonly #dontCopy = new Set<number>();
  #vmas = this.#spaces.get(-1)!;

  /** @param size page size in bytes. */
  constructor(size: number) {
    this.#size = size;
  }

  /** What follows is about the address space in which a step runs. */
  enter(step: Step): void {
    this.#vmas = this.#spaces.get(argument<Address>(step, 'space')?.index ?? -1) ?? new Map();
  }

  vma({ base, index }: Address): Vma | undefined {
    return base === 'v' ? this.#vmas.get(index) : undefined;
  }

  mmap(step: Step, vma: Vma): void {
    this.#vmas.set(step.binds, vma);
    if (step.args.includes('dontcopy')) this.#dontCopy.add(step.binds);
  }

  /** A fork copied the VMAs of the first address space. */
  fork(name: number): void {
    const copies = [...this.#spaces.get(-1)!].filter(([vma]) => !this.#dontCopy.has(vma));
    const copied = ({ pages, kind }: Vma): Vma => ({ pages: pages.map((page) => page + SPACE * (name + 1)), kind });
    this.#spaces.set(name, new Map(copies.map(([vma, old]) => [vma, copied(old)])));
  }

  exit(name: number): void {
    this.#spaces.delete(name);
  }

  /** The pages of the area or VMA that a step makes. */
  made(step: Step, { value }: Outcome): number[] {
    return range(value, argument<number>(step, 'pages') ?? this.#length(step));
  }

  /** The pages that a step uses. A range may be given by its first address and the address after its end. */
  used(step: Step): readonly number[] {
    const { parameters } = step.call;
    const addresses = step.args.filter((_, at) => parameters[at].type === 'address') as Address[];
    if (addresses.length > 0) {
      const [first, end] = addresses.map((address) => this.#page(address));
      return first === undefined ? [] : range(first, end === undefined ? this.#length(step) : Math.max(0, end - first));
    }
    if (argument<Address>(step, 'object'))
      return [...this.#spaces.values()].flatMap((vmas) => [...vmas.values()].flatMap(({ pages }) => pages));
    const named = argument<Address>(step, 'area') ?? argument<Address>(step, 'vma');
    return named ? this.#whole(named) : [];
  }

  #page({ base, index, offset }: Address): number | undefined {
    const [first] = this.#whole({ base, index, offset: 0 });
    return first === undefined ? undefined : first + Math.floor(offset / this.#size);
  }

  /** How many pages a step is about. */
  #length(step: Step): number {
    const bytes = argument<number>(step, 'bytes');
    return (
      argument<readonly number[]>(step, 'frames')?.length ?? (bytes === undefined ? 1 : Math.ceil(bytes / this.#size))
    );
  }

  /** All pages of an area or VMA that is named by its first address. */
  #whole({ base, index, offset }: Address): readonly number[] {
    const named = base === 'a' ? this.areas.get(index) : this.vma({ base, index, offset })?.pages;
    return offset === 0 ? (named ?? []) : [];
  }
}

/**
 * The steps of a trace that ran, in order.
 * @param size page size in bytes.
 */
export function* walk({ program, outcomes }: Trace, size: number): Generator<Visit> {
  const places = new Places(size);
  for (const [i, outcome] of outcomes.entries()) {
    if (DID_NOT_RUN.has(outcome.kind)) continue;
    const step = program.steps[i];
    const { name, binds } = step.call;
    places.enter(step);
    if (name === 'fork' && outcome.kind === 'ok') places.fork(step.binds);
    if (name === 'exit') places.exit((step.args[0] as Address).index);
    const made = outcome.kind === 'address' ? places.made(step, outcome) : [];
    if (binds === 'a') places.areas.set(step.binds, made);
    const first = step.args[0] as Address | undefined;
    const vma = typeof first === 'object' ? places.vma(first) : undefined;
    const area = first?.base === 'a' ? places.areas.get(first.index) : undefined;
    // mremap makes the new VMA of an old one.
    const moved = binds && vma ? vma.pages : [];
    if (binds === 'v') places.mmap(step, { pages: made, kind: vma ? vma.kind : (step.args[2] as Vma['kind']) });
    if (vma && name.startsWith('vm_insert_page')) vma.kind = 'mixedmap';
    if (vma && name === 'remap_pfn_range' && vma.kind !== 'pfnmap')
      vma.kind = outcome.kind === 'number' ? 'pfnmap' : undefined;
    yield {
      call: name,
      pages: binds ? [...moved, ...made] : places.used(step),
      ...(vma ? { vma } : {}),
      ...(area ? { area } : {}),
      outcome,
    };
  }
}
