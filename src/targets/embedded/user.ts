import {
  FOLLOW_SPECIAL,
  FOLLOW_WRITABLE,
  NULL,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
} from '../../../fixtures/simulator/implementations/implementation.ts';
import { frameOf, NONE } from '../../../fixtures/simulator/machine/entry.ts';
import type { Run } from '../../../fixtures/simulator/machine/run.ts';
import type { StepOf } from '../../../reference/calls/index.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { vmaFrame } from '../../../reference/notation/frame.ts';
import {
  address,
  FAULT,
  number,
  OK,
  OTHER,
  type Outcome,
  reached,
  vmfault,
} from '../../../reference/notation/outcome.ts';
import type { SomeHandlers, Suspendable } from './handler.ts';
import { failed, status } from './results.ts';
import { PAGE, type Session } from './session.ts';

const FAULTS = new Map([
  [VM_FAULT_OOM, 'OOM'],
  [VM_FAULT_SIGBUS, 'SIGBUS'],
  [VM_FAULT_NOPAGE, 'NOPAGE'],
]);

/** First page of the VMA that a name stands for. */
const startOf = (session: Session, vma: Address): number => session.vmas[vma.index]!;

/** Binds the name of a step to the VMA that starts at a page. */
function bindVma(session: Session, { binds }: { readonly binds: number }, result: number): Outcome {
  if (result < 0) return failed(result);
  session.vmas[binds] = result;
  return address(result);
}

/** Begins one of the calls that insert a single frame into a VMA. */
const inserts =
  (call: 'vmInsertPage' | 'vmfInsertPfn' | 'vmfInsertMixed') =>
  (session: Session, step: StepOf<'vm_insert_page' | 'vmf_insert_pfn' | 'vmf_insert_mixed'>): Run<number> => {
    const { cpu, args } = step;
    return session.user[call](cpu, startOf(session, args[0]), session.page(args[1]), session.frame(args[2]));
  };

/** Executes one of the calls that insert a frame by its number, and return a VM_FAULT_ value. */
const insertsByNumber = (
  call: 'vmfInsertPfn' | 'vmfInsertMixed',
): Suspendable<StepOf<'vmf_insert_pfn' | 'vmf_insert_mixed'>> => ({
  begin: inserts(call),
  end: (_session, _step, result) => vmfault(FAULTS.get(result) ?? `${result}`),
});

/** Handlers of the user-side calls. */
export const USER = {
  mmap: {
    begin(session, { cpu, args }) {
      const after = args[5];
      return session.user.mmap(cpu, {
        pages: args[1],
        kind: args[2],
        shared: args[3] === 'shared',
        object: args[0].index,
        index: args[0].offset / PAGE,
        remap: args[4] ?? -1,
        after: after === undefined ? NULL : startOf(session, after),
        dontCopy: args[6] !== undefined,
      });
    },
    end: bindVma,
  },
  munmap: {
    begin: (session, step) => session.user.munmap(step.cpu, startOf(session, step.args[0])),
    end: () => OK,
  },
  vm_munmap: {
    begin: (session, { cpu, args: [start, end] }) => session.user.vmMunmap(cpu, session.page(start), session.page(end)),
    end: status,
  },
  mremap: {
    begin: (session, { cpu, args: [vma, pages, flags] }) =>
      session.user.mremap(cpu, startOf(session, vma), pages, flags !== undefined),
    end: bindVma,
  },
  mprotect: {
    begin: (session, { cpu, args: [vma, access] }) => session.user.mprotect(cpu, startOf(session, vma), access),
    end: status,
  },
  remap_pfn_range: {
    begin(session, { cpu, args }) {
      const pages = args[3] / PAGE;
      return session.user.remapPfnRange(cpu, startOf(session, args[0]), session.page(args[1]), args[2], pages);
    },
    end: status,
  },
  vm_insert_page: {
    begin: inserts('vmInsertPage'),
    end: status,
  },
  vm_insert_pages: {
    *run(session, { cpu, args: [vma, address, frames] }) {
      const count = { pages: frames.length };
      const page = session.page(address);
      const list = session.list(frames);
      const result = yield* session.user.vmInsertPages(cpu, startOf(session, vma), page, list, count);
      return result < 0 ? failed(result, count.pages) : number(result);
    },
  },
  vm_map_pages: {
    begin: (session, { cpu, args: [vma, frames] }) =>
      session.user.vmMapPages(cpu, startOf(session, vma), session.list(frames), undefined),
    end: status,
  },
  vm_map_pages_zero: {
    begin: (session, { cpu, args: [vma, frames] }) =>
      session.user.vmMapPages(cpu, startOf(session, vma), session.list(frames), 0),
    end: status,
  },
  remap_vmalloc_range: {
    begin: (session, { cpu, args: [vma, area, first] }) =>
      session.user.remapVmallocRange(cpu, startOf(session, vma), session.kernel, session.page(area), first),
    end: status,
  },
  vmf_insert_pfn: insertsByNumber('vmfInsertPfn'),
  vmf_insert_mixed: insertsByNumber('vmfInsertMixed'),
  fault: {
    begin: (session, { cpu, args: [address, frame] }) => session.user.fault(cpu, session.page(address), frame),
    end({ machine }, _step, result) {
      if (result < 0) return FAULT;
      const identity = machine.frames.identity(result);
      return identity < 0 ? OTHER : reached(identity, machine.frames.read(result, 0));
    },
  },
  zap_vma_ptes: {
    begin(session, { cpu, args }) {
      return session.user.zapVmaPtes(cpu, startOf(session, args[0]), session.page(args[1]), args[2] / PAGE);
    },
    end: status,
  },
  madvise: {
    begin(session, { cpu, args: [vma, address, bytes, advice] }) {
      const discard = advice === 'dontneed';
      return session.user.madvise(cpu, startOf(session, vma), session.page(address), bytes / PAGE, discard);
    },
    end: status,
  },
  follow_pfn: {
    begin: (session, { cpu, args }) => session.user.followPfn(cpu, startOf(session, args[0]), session.page(args[1])),
    end({ machine }, _step, result) {
      if (result < 0) return failed(result);
      const identity = machine.frames.identity(result);
      return identity < 0 ? OTHER : reached(identity);
    },
  },
  follow_pfnmap_start: {
    begin: (session, { cpu, args: [vma, address] }) =>
      session.user.followPfnmapStart(cpu, startOf(session, vma), session.page(address)),
    end(_session, { args }, result) {
      const bit = args[2] === 'writable' ? FOLLOW_WRITABLE : FOLLOW_SPECIAL;
      return result < 0 ? failed(result) : number((result & bit) === 0 ? 0 : 1);
    },
  },
  get_user_pages: {
    begin: (session, { cpu, args: [address] }) =>
      session.user.getUserPages(cpu, startOf(session, address), session.page(address)),
    end({ machine }, _step, result) {
      if (result < 0) return failed(result);
      machine.frames.references[result]--;
      const identity = machine.frames.identity(result);
      return identity < 0 ? OTHER : reached(identity);
    },
  },
  unmap_mapping_range: {
    begin: ({ user }, { cpu, args }) =>
      user.unmapMappingRange(cpu, args[0].index, args[0].offset, args[1], args[2] !== undefined),
    end: () => OK,
  },
  fork: {
    begin: ({ user }, { cpu }) => user.fork(cpu),
    end(session, { binds }, result) {
      if (result < 0) return failed(result);
      session.bindChild(binds);
      return OK;
    },
  },
  exit: {
    begin: ({ user }, { cpu }) => user.exit(cpu),
    end(session) {
      session.child = -1;
      return OK;
    },
  },
  break_cow: {
    begin(session, { cpu, args }) {
      const page = session.page(args[0]);
      const entry = session.machine.tables.walk(page);
      session.copied[cpu] = entry === NONE ? -1 : frameOf(entry);
      return session.user.breakCow(cpu, page);
    },
    end({ machine, copied }, { cpu, args }, result) {
      if (result < -1) return FAULT;
      const { index, offset } = args[0];
      if (result < 0) return OK;
      // Overlapping calls may replace the page, and overlapping writes change it, while it is copied.
      const { frames, preemptible } = machine;
      const right = preemptible ? frames.identity(result) >= 0 : frames.same(copied[cpu], result);
      // Only a new copy is stamped: one that existed before keeps what it holds.
      frames.stamp(result, vmaFrame(index, offset / PAGE));
      return right ? OK : OTHER;
    },
  },
} satisfies SomeHandlers;
