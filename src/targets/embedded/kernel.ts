import {
  EBUSY,
  ENXIO,
  type KernelCalls,
  NO_FRAME,
  NULL,
} from '../../../fixtures/simulator/implementations/implementation.ts';
import { entryOf, frameOf, NONE, WRITE } from '../../../fixtures/simulator/machine/entry.ts';
import type { Run } from '../../../fixtures/simulator/machine/run.ts';
import type { StepOf } from '../../../reference/calls/index.ts';
import { areaFrame } from '../../../reference/notation/frame.ts';
import { address, freed, NIL, number, OK, OTHER, type Outcome, reached } from '../../../reference/notation/outcome.ts';
import type { Step } from '../../../reference/notation/program.ts';
import type { Handler, SomeHandlers } from './handler.ts';
import { failed, status } from './results.ts';
import { PAGE, type Session, toNotation } from './session.ts';

type Allocation = 'vmalloc' | 'vzalloc' | 'vmalloc_user' | 'vmalloc_huge';

const ok = (): Outcome => OK;

/** Binds the step's name to the page that a mapping call returned. */
function bind(session: Session, step: Step, page: number, dirty = -1): Outcome {
  if (page === NULL) return NIL;
  session.areas[step.binds] = page;
  return address(toNotation(page), 0, dirty);
}

/** Takes (1) or drops (-1) the references that the caller gives to the area. */
function hold(session: Session, step: StepOf<'vmap'>, references: 1 | -1): void {
  const { references: counts } = session.machine.frames;
  for (const frame of step.args[0]) counts[frame] += references;
}

/**
 * Stamps the frames of a new allocation, not through the mapping under test.
 * @returns the first page of the allocation that was not all zero, or -1.
 */
function stamp(session: Session, step: StepOf<Allocation>, start: number): number {
  const { tables, frames: memory } = session.machine;
  const pages = Math.ceil(step.args[0] / PAGE);
  let dirty = -1;
  for (let page = 0; page < pages; page++) {
    const entry = tables.walk(start + page);
    if (entry === NONE) continue;
    const frame = frameOf(entry);
    if (memory.zeroed[frame] === 0 && dirty < 0) dirty = page;
    memory.stamp(frame, areaFrame(step.binds, page));
  }
  return dirty;
}

/** Stamps the frames of memory that was reallocated, not through the mapping under test. The words keep their values. */
function restamp(session: Session, step: StepOf<'vrealloc'>, start: number): void {
  const { tables, frames: memory } = session.machine;
  for (let page = 0; page * PAGE < step.args[1]; page++) {
    const entry = tables.walk(start + page);
    if (entry !== NONE) memory.restamp(frameOf(entry), areaFrame(step.binds, page));
  }
}

/** The frames of the area that starts at a page. */
function framesFrom({ kernel, machine: { tables } }: Session, start: number): readonly number[] {
  const { end } = kernel.findVmArea(start)!;
  return Array.from({ length: end - start }, (_, i) => frameOf(tables.walk(start + i)));
}

/** The first page of an area that was freed which the direct map does not let anyone write to, or -1. */
function lookAtDirectMap({ resets, machine, kernel, areas }: Session, step: StepOf<'vfree'>): number {
  const { base, index } = step.args[0];
  const frames = base === 'a' ? resets.get(index) : undefined;
  // An address inside the area may free nothing.
  return frames === undefined || kernel.findVmArea(areas[index]!) !== undefined
    ? -1
    : frames.findIndex((frame) => !machine.frames.isWritable(frame));
}

const allocates = (
  zero: boolean,
  allocate: (kernel: KernelCalls, cpu: number, pages: number) => Run<number>,
): Handler<Allocation> => ({
  begin: ({ kernel }, { cpu, args: [bytes] }) => allocate(kernel, cpu, Math.ceil(bytes / PAGE)),
  end(session, step, page) {
    if (page === NULL) return NIL;
    const dirty = stamp(session, step, page);
    return bind(session, step, page, zero ? dirty : -1);
  },
});

/** Handlers of the kernel-side calls. */
export const KERNEL = {
  vmap: {
    begin(session, step) {
      const [frames, flags] = step.args;
      const put = flags?.includes('put_pages') ?? false;
      if (put) hold(session, step, 1);
      const list = flags?.includes('null') ? [...frames, NO_FRAME] : frames;
      return session.kernel.vmap(step.cpu, list, put, flags?.includes('read_only'));
    },
    end(session, step, page) {
      if (page === NULL && step.args[1]?.includes('put_pages')) hold(session, step, -1);
      return bind(session, step, page);
    },
  },
  vunmap: {
    begin: (session, step) => session.kernel.vunmap(step.cpu, session.page(step.args[0])),
    end: ok,
  },
  vm_map_ram: {
    begin: ({ kernel }, step) => kernel.vmMapRam(step.cpu, step.args[0]),
    end: (session, step, page) => bind(session, step, page),
  },
  vm_unmap_ram: {
    begin: (session, step) => session.kernel.vmUnmapRam(step.cpu, session.page(step.args[0]), step.args[1]),
    end: ok,
  },
  vm_unmap_aliases: {
    begin: ({ kernel }, step) => kernel.vmUnmapAliases(step.cpu),
    end: ok,
  },
  reclaim: {
    *run({ kernel, user }, { cpu }) {
      yield* kernel.reclaim(cpu);
      yield* user.reclaim(cpu);
      return OK;
    },
  },
  vmalloc: allocates(false, (kernel, cpu, pages) => kernel.vmalloc(cpu, pages, false)),
  vzalloc: allocates(true, (kernel, cpu, pages) => kernel.vmalloc(cpu, pages, true)),
  vmalloc_user: allocates(true, (kernel, cpu, pages) => kernel.vmallocUser(cpu, pages)),
  vmalloc_huge: allocates(false, (kernel, cpu, pages) => kernel.vmallocHuge(cpu, pages)),
  vfree: {
    begin: (session, step) => session.kernel.vfree(step.cpu, session.page(step.args[0])),
    end: (session, step) => (session.resets.size === 0 ? OK : freed(lookAtDirectMap(session, step))),
  },
  set_vm_flush_reset_perms: {
    begin: (session, { cpu, args: [area] }) => session.kernel.setVmFlushResetPerms(cpu, session.page(area)),
    end(session, { args: [area] }) {
      session.resets.set(area.index, framesFrom(session, session.page(area)));
      return OK;
    },
  },
  set_memory_ro: {
    begin: (session, { cpu, args: [area] }) => session.kernel.setMemory(cpu, session.page(area), false),
    end: status,
  },
  set_memory_rw: {
    begin: (session, { cpu, args: [area] }) => session.kernel.setMemory(cpu, session.page(area), true),
    end: status,
  },
  vrealloc: {
    begin: (session, { cpu, args: [area, bytes] }) =>
      session.kernel.vrealloc(cpu, session.page(area), Math.ceil(bytes / PAGE)),
    end(session, step, page) {
      if (page !== NULL) restamp(session, step, page);
      return bind(session, step, page);
    },
  },
  vfree_atomic: {
    begin: (session, step) => session.kernel.vfreeAtomic(step.cpu, session.page(step.args[0])),
    end: ok,
  },
  get_vm_area: {
    begin: ({ kernel }, { cpu, args: [bytes] }) => kernel.getVmArea(cpu, Math.ceil(bytes / PAGE)),
    end: (session, step, page) => bind(session, step, page),
  },
  free_vm_area: {
    begin: (session, step) => session.kernel.freeVmArea(step.cpu, session.page(step.args[0])),
    end: ok,
  },
  vm_area_map_pages: {
    begin: (session, { cpu, args: [area, start, frames] }) =>
      session.kernel.vmAreaMapPages(cpu, session.page(area), session.page(start), frames),
    end: status,
  },
  vm_area_unmap_pages: {
    begin: (session, { cpu, args: [area, start, bytes] }) =>
      session.kernel.vmAreaUnmapPages(cpu, session.page(area), session.page(start), bytes / PAGE),
    end: ok,
  },
  apply_to_page_range: {
    *run(session, { cpu, args: [, start, frames] }) {
      const { kernel, machine } = session;
      const { tables } = machine;
      const from = session.page(start);
      let left = frames.length;
      const mapNext = (page: number): number => {
        if (tables.walk(page) !== NONE) return -EBUSY;
        tables.set(page, entryOf(frames[frames.length - left], WRITE));
        left--;
        return 0;
      };
      const result = yield* kernel.applyToPageRange(cpu, from, frames.length, mapNext);
      if (machine.cpuOptions.negative) yield* machine.shootdown(cpu, from, from + frames.length, false);
      return result < 0 ? failed(result, left) : number(result);
    },
  },
  apply_to_existing_page_range: {
    *run(session, { cpu, args: [, start, frame, bytes] }) {
      const { kernel, machine } = session;
      const { tables } = machine;
      const from = session.page(start);
      const end = from + bytes / PAGE;
      let stop = end;
      const unmapOther = (page: number): number => {
        const found = tables.frameAt(page);
        if (found >= 0 && found !== frame) {
          tables.clear(page);
          return 0;
        }
        stop = page;
        return found < 0 ? -ENXIO : -EBUSY;
      };
      const result = yield* kernel.applyToExistingPageRange(cpu, from, end - from, unmapOther);
      yield* kernel.flushRange(cpu, from, end);
      return result < 0 ? failed(result, end - stop) : number(result);
    },
  },
  vmalloc_to_page: {
    now(session, step) {
      const { kernel, machine } = session;
      const frame = kernel.vmallocToPage(session.page(step.args[0]));
      if (frame < 0) return NIL;
      const identity = machine.frames.identity(frame);
      return identity < 0 ? OTHER : reached(identity);
    },
  },
  find_vm_area: {
    now(session, step) {
      const page = session.page(step.args[0]);
      const found = session.kernel.findVmArea(page);
      if (found === undefined) return NIL;
      return found.start === page ? number(found.end - found.start) : OTHER;
    },
  },
  vread: {
    now(session, step) {
      const { kernel, machine } = session;
      const frame = kernel.vread(session.page(step.args[0]));
      if (frame < 0) return NIL;
      const identity = machine.frames.identity(frame);
      return identity < 0 ? OTHER : reached(identity, machine.frames.read(frame, session.word(step.args[0])));
    },
  },
  is_vmalloc_addr: {
    now: (session, step) => number(session.kernel.isVmallocAddr(session.page(step.args[0])) ? 1 : 0),
  },
} satisfies SomeHandlers;
