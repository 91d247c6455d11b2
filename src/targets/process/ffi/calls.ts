import { CALLS, type StepOf } from '../../../../reference/calls/index.ts';
import type { CallName, UserCallName } from '../../../../reference/notation/names.ts';
import type { Step } from '../../../../reference/notation/program.ts';
import type { Library } from './library.ts';
import { type LibrarySession, Unbound } from './session.ts';

/** `flags` of mmspec_vmap(). */
const PUT_PAGES = 1;

/** A function that a library may or may not export. */
type OptionalFunction = {
  [F in keyof Library]-?: undefined extends Library[F] ? F : never;
}[keyof Library];

/** How the steps of a call are executed on a library. */
interface Execution<S> {
  /** The functions that the library must export. */
  readonly needs: readonly OptionalFunction[];
  /** Executes a step. Returns the outcome as the notation writes it. */
  run(session: LibrarySession, step: S): string;
}

/**
 * The calls for which the C ABI can have functions. It has none for calls on user VMAs, for allocations to map there or
 * with huge pages, for sparse areas, for freeing later, for looking areas up, and for reclaim.
 */
type AbiCallName = Exclude<
  CallName,
  | UserCallName
  | ('vmalloc_user' | 'vmalloc_huge' | 'vrealloc' | 'vfree_atomic' | 'find_vm_area' | 'vread' | 'reclaim')
  | ('set_vm_flush_reset_perms' | 'set_memory_ro' | 'set_memory_rw')
  | ('get_vm_area' | 'free_vm_area' | 'vm_area_map_pages' | 'vm_area_unmap_pages')
  | ('apply_to_page_range' | 'apply_to_existing_page_range')
>;

const frees = (call: 'vunmap' | 'vfree'): Execution<StepOf<'vunmap' | 'vfree'>> => ({
  needs: [call],
  run(session, step) {
    session.library[call]!(step.cpu, session.address(step.args[0]));
    return 'ok';
  },
});

const allocates = (call: 'vmalloc' | 'vzalloc'): Execution<StepOf<'vmalloc' | 'vzalloc'>> => ({
  needs: [call, 'vmalloc_to_page'],
  run(session, step) {
    const { library, memory, page } = session;
    const bytes = step.args[0];
    const address = library[call]!(step.cpu, BigInt(bytes));
    const answer = session.bind(step, address);
    let dirty = -1;
    for (let index = 0; address && index * page < bytes; index++) {
      const pointer = library.vmalloc_to_page!(step.cpu, BigInt(address) + BigInt(index * page));
      if (!pointer) continue;
      const zero = memory.allocated(pointer, `a${step.binds}:${index}`);
      if (!zero && dirty < 0) dirty = index;
    }
    return call === 'vzalloc' && dirty >= 0 ? `${answer} dirty ${dirty}` : answer;
  },
});

const counts = (call: 'page_count' | 'page_mapcount'): Execution<StepOf<'page_count' | 'page_mapcount'>> => ({
  needs: [call],
  run: ({ library, memory }, step) => String(library[call]!(memory.frame(step.args[0]))),
});

/** How each call is executed. */
const EXECUTIONS: Readonly<Partial<Record<CallName, Execution<Step>>>> = {
  vmap: {
    needs: ['vmap'],
    run(session, step) {
      const frames = session.frames(step.args[0]);
      const flags = step.args[1]?.includes('put_pages') ? PUT_PAGES : 0;
      return session.bind(step, session.library.vmap!(step.cpu, frames, frames.length, flags));
    },
  },
  vunmap: frees('vunmap'),
  vm_map_ram: {
    needs: ['vm_map_ram'],
    run(session, step) {
      const frames = session.frames(step.args[0]);
      return session.bind(step, session.library.vm_map_ram!(step.cpu, frames, frames.length));
    },
  },
  vm_unmap_ram: {
    needs: ['vm_unmap_ram'],
    run(session, step) {
      session.library.vm_unmap_ram!(step.cpu, session.address(step.args[0]), step.args[1]);
      return 'ok';
    },
  },
  vm_unmap_aliases: {
    needs: ['vm_unmap_aliases'],
    run({ library }, step) {
      library.vm_unmap_aliases!(step.cpu);
      return 'ok';
    },
  },
  vmalloc: allocates('vmalloc'),
  vzalloc: allocates('vzalloc'),
  vfree: frees('vfree'),
  vmalloc_to_page: {
    needs: ['vmalloc_to_page'],
    run(session, step) {
      const pointer = session.library.vmalloc_to_page!(step.cpu, session.address(step.args[0]));
      return pointer ? session.memory.identity(pointer) : 'null';
    },
  },
  is_vmalloc_addr: {
    needs: ['is_vmalloc_addr'],
    run: (session, step) => (session.library.is_vmalloc_addr!(step.cpu, session.address(step.args[0])) ? '1' : '0'),
  },
  read: {
    needs: [],
    run: (session, step) => session.memory.read(step.cpu, session.word(step.args[0])),
  },
  write: {
    needs: [],
    run: (session, step) => session.memory.write(step.cpu, session.word(step.args[0]), step.args[1]),
  },
  reread: {
    needs: ['flush_one'],
    run(session, step) {
      session.library.flush_one!(step.cpu, session.address(step.args[0]));
      return session.memory.read(step.cpu, session.word(step.args[0]));
    },
  },
  page_count: counts('page_count'),
  page_mapcount: counts('page_mapcount'),
  allocated_pages: {
    needs: ['allocated_pages'],
    run: ({ library }) => String(library.allocated_pages!()),
  },
  fail_after: {
    needs: ['fail_after'],
    run({ library }, step) {
      library.fail_after!(step.args[0]);
      return 'ok';
    },
  },
  flush_tlb: {
    needs: ['flush_tlb'],
    run({ library }, step) {
      library.flush_tlb!(step.cpu);
      return 'ok';
    },
  },
} satisfies { readonly [N in AbiCallName]: Execution<StepOf<N>> };

/** How a library executes a call; undefined if it cannot. */
function executionOf(call: CallName, library: Library): Execution<Step> | undefined {
  const execution = EXECUTIONS[call];
  return execution?.needs.every((name) => library[name] !== undefined) ? execution : undefined;
}

/** Executes one step on a library. Returns the outcome as the notation writes it. */
export function execute(session: LibrarySession, step: Step): string {
  const execution = executionOf(step.call.name, session.library);
  if (execution === undefined) return 'unsupported';
  try {
    return execution.run(session, step);
  } catch (error) {
    if (error instanceof Unbound) return 'skipped';
    throw error;
  }
}

/** The calls that a library can execute and that need no ability. */
export const callsOf = (library: Library): CallName[] =>
  CALLS.filter((call) => !call.ability && executionOf(call.name, library)).map((call) => call.name);

/** The optional abilities of a library: those for whose calls it exports all functions, and `leaks` by `mmspec_end`. */
export function abilitiesOf(library: Library): string[] {
  const abilities = new Set(CALLS.flatMap(({ ability }) => ability ?? []));
  const able = (ability: string) =>
    CALLS.every((call) => call.ability !== ability || executionOf(call.name, library) !== undefined);
  return [...[...abilities].filter(able), 'leaks'];
}
