import { NULL } from '../../../fixtures/simulator/implementations/implementation.ts';
import { frameOf, NONE } from '../../../fixtures/simulator/machine/entry.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { areaFrame, type FrameId } from '../../../reference/notation/frame.ts';
import { address, NIL, number, OK, OTHER, type Outcome, reached } from '../../../reference/notation/outcome.ts';
import type { Step } from '../../../reference/notation/program.ts';
import type { Handler } from './handler.ts';
import { PAGE, type Session, toNotation } from './session.ts';

const frames = (step: Step): readonly FrameId[] => step.args[0] as readonly FrameId[];
const area = (session: Session, step: Step): number => session.page(step.args[0] as Address);
const ok = (): Outcome => OK;

/** Binds the step's name to the page that a mapping call returned. */
function bind(session: Session, step: Step, page: number, dirty = -1): Outcome {
  if (page === NULL) return NIL;
  session.areas[step.binds] = page;
  return address(toNotation(page), 0, dirty);
}

/** Takes (1) or drops (-1) the references that the caller gives to the area. */
function hold(session: Session, step: Step, references: 1 | -1): void {
  const { references: counts } = session.implementation.machine.frames;
  for (const frame of frames(step)) counts[frame] += references;
}

/**
 * Stamps the frames of a new allocation, not through the mapping under test.
 * @returns the first page of the allocation that was not all zero, or -1.
 */
function stamp(session: Session, step: Step, start: number): number {
  const { tables, frames: memory } = session.implementation.machine;
  const pages = Math.ceil((step.args[0] as number) / PAGE);
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

const allocates = (zero: boolean): Handler => ({
  begin: ({ implementation }, step) =>
    implementation.kernel.vmalloc(step.cpu, Math.ceil((step.args[0] as number) / PAGE), zero),
  end(session, step, page) {
    if (page === NULL) return NIL;
    const dirty = stamp(session, step, page);
    return bind(session, step, page, zero ? dirty : -1);
  },
});

/** Handlers of the kernel-side calls. */
export const KERNEL: Readonly<Record<string, Handler>> = {
  vmap: {
    begin(session, step) {
      const put = step.args[1] !== undefined;
      if (put) hold(session, step, 1);
      return session.implementation.kernel.vmap(step.cpu, frames(step), put);
    },
    end(session, step, page) {
      if (page === NULL && step.args[1] !== undefined) hold(session, step, -1);
      return bind(session, step, page);
    },
  },
  vunmap: {
    begin: (session, step) => session.implementation.kernel.vunmap(step.cpu, area(session, step)),
    end: ok,
  },
  vm_map_ram: {
    begin: ({ implementation }, step) => implementation.kernel.vmMapRam(step.cpu, frames(step)),
    end: (session, step, page) => bind(session, step, page),
  },
  vm_unmap_ram: {
    begin: (session, step) =>
      session.implementation.kernel.vmUnmapRam(step.cpu, area(session, step), step.args[1] as number),
    end: ok,
  },
  vm_unmap_aliases: {
    begin: ({ implementation }, step) => implementation.kernel.vmUnmapAliases(step.cpu),
    end: ok,
  },
  vmalloc: allocates(false),
  vzalloc: allocates(true),
  vfree: {
    begin: (session, step) => session.implementation.kernel.vfree(step.cpu, area(session, step)),
    end: ok,
  },
  vmalloc_to_page: {
    now(session, step) {
      const { kernel, machine } = session.implementation;
      const frame = kernel.vmallocToPage(area(session, step));
      if (frame < 0) return NIL;
      const identity = machine.frames.identity(frame);
      return identity < 0 ? OTHER : reached(identity);
    },
  },
  is_vmalloc_addr: {
    now: (session, step) => number(session.implementation.kernel.isVmallocAddr(area(session, step)) ? 1 : 0),
  },
};
