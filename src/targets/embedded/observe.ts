import { type Entry, frameOf, NONE, WRITE } from '../../../fixtures/simulator/machine/entry.ts';
import { ADDRESS_PAGES, KERNEL_HALF } from '../../../fixtures/simulator/machine/machine.ts';
import type { StepOf } from '../../../reference/calls/index.ts';
import { FAULT, number, OK, OTHER, type Outcome, reached } from '../../../reference/notation/outcome.ts';
import type { SomeHandlers } from './handler.ts';
import type { Session } from './session.ts';

type Access = StepOf<'read' | 'write' | 'reread'>;

/**
 * The entry through which a CPU reaches an address. Kernel addresses are in the upper half of the address space, user
 * addresses in the lower.
 */
function translate(session: Session, step: Access): Entry {
  const address = step.args[0];
  const page = session.page(address);
  if (session.inChild && page >= KERNEL_HALF && !session.user.childSees(page)) return NONE;
  const inHalf = address.base === 'v' ? page >= 0 && page < KERNEL_HALF : page >= KERNEL_HALF && page < ADDRESS_PAGES;
  if (!inHalf) return NONE;
  const cpu = session.machine.cpus[step.cpu];
  return session.inChild && page >= KERNEL_HALF ? cpu.translateInChild(page) : cpu.translate(page);
}

function read(session: Session, step: Access): Outcome {
  const entry = translate(session, step);
  if (entry === NONE) return FAULT;
  const frame = frameOf(entry);
  const { frames } = session.machine;
  const identity = frames.identity(frame);
  return identity < 0 ? OTHER : reached(identity, frames.read(frame, session.word(step.args[0])));
}

/** Handlers of the observing calls: what the CPUs reach, and the machine's counts. */
export const OBSERVE = {
  read: { now: read },
  write: {
    now(session, step) {
      const entry = translate(session, step);
      if ((entry & WRITE) === 0) return FAULT;
      const frame = frameOf(entry);
      const { frames } = session.machine;
      const identity = frames.identity(frame);
      if (identity < 0) return OTHER;
      frames.write(frame, session.word(step.args[0]), step.args[1]);
      return reached(identity);
    },
  },
  reread: {
    now(session, step) {
      session.machine.cpus[step.cpu].flushPage(session.page(step.args[0]));
      return read(session, step);
    },
  },
  fail_after: {
    now({ machine }, step) {
      machine.failures.failAfter(step.args[0]);
      return OK;
    },
  },
  flush_tlb: {
    now({ machine }, step) {
      machine.cpus[step.cpu].flushAll();
      return OK;
    },
  },
  page_count: { now: ({ machine }, step) => number(machine.frames.references[step.args[0]]) },
  allocated_pages: {
    now({ machine }) {
      const { held, overput } = machine.frames.allocations;
      return number(held - overput);
    },
  },
  page_mapcount: { now: ({ machine }, step) => number(machine.frames.maps[step.args[0]]) },
} satisfies SomeHandlers;
