import {
  EBUSY,
  EFAULT,
  EINVAL,
  ENOMEM,
  type Kind,
  NULL,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
} from '../../../fixtures/simulator/implementations/implementation.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { type FrameId, vmaFrame } from '../../../reference/notation/frame.ts';
import {
  address,
  errno,
  FAULT,
  number,
  OK,
  OTHER,
  type Outcome,
  reached,
  vmfault,
} from '../../../reference/notation/outcome.ts';
import type { Step } from '../../../reference/notation/program.ts';
import type { Handler } from './handler.ts';
import { PAGE, type Session } from './session.ts';

const ERRNOS = new Map([
  [ENOMEM, 'ENOMEM'],
  [EFAULT, 'EFAULT'],
  [EBUSY, 'EBUSY'],
  [EINVAL, 'EINVAL'],
]);
const FAULTS = new Map([
  [VM_FAULT_OOM, 'OOM'],
  [VM_FAULT_SIGBUS, 'SIGBUS'],
  [VM_FAULT_NOPAGE, 'NOPAGE'],
]);

const vma = (session: Session, step: Step): number => session.vmas[(step.args[0] as Address).index]!;
const at = (session: Session, step: Step): number => session.page(step.args[1] as Address);
const pages = (step: Step, position: number): number => (step.args[position] as number) / PAGE;
const failed = (result: number): Outcome => errno(ERRNOS.get(-result) ?? `E${-result}`);
/** Reads a result that is 0 or a negative errno. */
const status = (_session: Session, _step: Step, result: number): Outcome =>
  result < 0 ? failed(result) : number(result);

/** Handlers of the user-side calls. */
export const USER: Readonly<Record<string, Handler>> = {
  mmap: {
    begin(session, step) {
      const [object, count, kind, share, remap, after] = step.args as readonly [
        Address,
        number,
        Kind,
        string,
        FrameId | undefined,
        Address | undefined,
      ];
      return session.implementation.user.mmap(step.cpu, {
        pages: count,
        kind,
        shared: share === 'shared',
        object: object.index,
        index: object.offset / PAGE,
        remap: remap ?? -1,
        after: after === undefined ? NULL : session.vmas[after.index]!,
      });
    },
    end(session, step, result) {
      if (result < 0) return failed(result);
      session.vmas[step.binds] = result;
      return address(result);
    },
  },
  munmap: {
    begin: (session, step) => session.implementation.user.munmap(step.cpu, vma(session, step)),
    end: () => OK,
  },
  remap_pfn_range: {
    begin: (session, step) =>
      session.implementation.user.remapPfnRange(
        step.cpu,
        vma(session, step),
        at(session, step),
        step.args[2] as FrameId,
        pages(step, 3),
      ),
    end: status,
  },
  vm_insert_page: {
    begin: (session, step) =>
      session.implementation.user.vmInsertPage(
        step.cpu,
        vma(session, step),
        at(session, step),
        step.args[2] as FrameId,
      ),
    end: status,
  },
  vmf_insert_pfn: {
    begin: (session, step) =>
      session.implementation.user.vmfInsertPfn(
        step.cpu,
        vma(session, step),
        at(session, step),
        step.args[2] as FrameId,
      ),
    end: (_session, _step, result) => vmfault(FAULTS.get(result) ?? `${result}`),
  },
  zap_vma_ptes: {
    begin: (session, step) =>
      session.implementation.user.zapVmaPtes(step.cpu, vma(session, step), at(session, step), pages(step, 2)),
    end: status,
  },
  follow_pfn: {
    begin: (session, step) => session.implementation.user.followPfn(step.cpu, vma(session, step), at(session, step)),
    end({ implementation }, _step, result) {
      if (result < 0) return failed(result);
      const identity = implementation.machine.frames.identity(result);
      return identity < 0 ? OTHER : reached(identity);
    },
  },
  unmap_mapping_range: {
    begin: ({ implementation }, step) => {
      const object = step.args[0] as Address;
      const evenCows = step.args[2] !== undefined;
      return implementation.user.unmapMappingRange(
        step.cpu,
        object.index,
        object.offset,
        step.args[1] as number,
        evenCows,
      );
    },
    end: () => OK,
  },
  break_cow: {
    begin: (session, step) => session.implementation.user.breakCow(step.cpu, session.page(step.args[0] as Address)),
    end({ implementation }, step, result) {
      if (result < -1) return FAULT;
      const { index, offset } = step.args[0] as Address;
      // A new copy is stamped; one that was there before is left as it is.
      if (result >= 0) implementation.machine.frames.stamp(result, vmaFrame(index, offset / PAGE));
      return OK;
    },
  },
};
