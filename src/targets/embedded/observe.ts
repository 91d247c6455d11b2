import { type Entry, frameOf, NONE, WRITE } from '../../../fixtures/simulator/machine/entry.ts';
import { ADDRESS_PAGES, KERNEL_HALF } from '../../../fixtures/simulator/machine/machine.ts';
import type { Address } from '../../../reference/notation/address.ts';
import type { FrameId } from '../../../reference/notation/frame.ts';
import { FAULT, number, OK, OTHER, type Outcome, reached } from '../../../reference/notation/outcome.ts';
import type { Step } from '../../../reference/notation/program.ts';
import type { Handler } from './handler.ts';
import type { Session } from './session.ts';

/** The entry through which a CPU reaches an address. Kernel addresses are in the upper half, user addresses in the lower. */
function translate(session: Session, step: Step): Entry {
  const address = step.args[0] as Address;
  const page = session.page(address);
  const inHalf = address.base === 'v' ? page >= 0 && page < KERNEL_HALF : page >= KERNEL_HALF && page < ADDRESS_PAGES;
  return inHalf ? session.implementation.machine.cpus[step.cpu].translate(page) : NONE;
}

function read(session: Session, step: Step): Outcome {
  const entry = translate(session, step);
  if (entry === NONE) return FAULT;
  const frame = frameOf(entry);
  const { frames } = session.implementation.machine;
  const identity = frames.identity(frame);
  return identity < 0 ? OTHER : reached(identity, frames.read(frame, session.word(step.args[0] as Address)));
}

/** Handlers of the observing calls: what the CPUs reach, and the machine's counts. */
export const OBSERVE: Readonly<Record<string, Handler>> = {
  read: { now: read },
  write: {
    now(session, step) {
      const entry = translate(session, step);
      if ((entry & WRITE) === 0) return FAULT;
      const frame = frameOf(entry);
      const { frames } = session.implementation.machine;
      const identity = frames.identity(frame);
      if (identity < 0) return OTHER;
      frames.write(frame, session.word(step.args[0] as Address), step.args[1] as number);
      return reached(identity);
    },
  },
  reread: {
    now(session, step) {
      const page = session.page(step.args[0] as Address);
      session.implementation.machine.cpus[step.cpu].flushPage(page);
      return read(session, step);
    },
  },
  fail_after: {
    now({ implementation }, step) {
      implementation.machine.failures.failAfter(step.args[0] as number);
      return OK;
    },
  },
  page_count: {
    now: ({ implementation }, step) => number(implementation.machine.frames.references[step.args[0] as FrameId]),
  },
  page_mapcount: {
    now: ({ implementation }, step) => number(implementation.machine.frames.maps[step.args[0] as FrameId]),
  },
};
