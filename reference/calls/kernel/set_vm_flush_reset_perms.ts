import { clause } from '../../clauses/clause.ts';
import { define } from '../define.ts';
import { AREA, knownArea, undefinedPermission } from './permissions.ts';

const SOURCE =
  'comment on VM_FLUSH_RESET_PERMS: "reset direct map and flush TLB on unmap"; mm/vmalloc.c, vm_reset_perms(), before Linux 6.3 vm_remove_mappings()';

/** What vfree of such an area promises. */
export const RESET_FLUSHES = clause(
  'PERM-1',
  'When vfree of an area with VM_FLUSH_RESET_PERMS returns, no CPU reaches what was mapped there, without any flush by the caller.',
  SOURCE,
  { promises: 'flushes' },
);
export const RESET_WRITABLE = clause(
  'PERM-2',
  'When vfree of an area with VM_FLUSH_RESET_PERMS returns, its CPU can write to the pages of the area through the direct map.',
  SOURCE,
);
const KEEPS = clause(
  'PERM-6',
  'set_vm_flush_reset_perms changes no mapping and no permission.',
  'include/linux/vmalloc.h, set_vm_flush_reset_perms()',
  { promises: 'keeps' },
);

export const setVmFlushResetPerms = define({
  name: 'set_vm_flush_reset_perms',
  side: 'kernel',
  summary: 'makes vfree of the area flush, and reset the permissions of its pages (VM_FLUSH_RESET_PERMS)',
  noun: 'change of flags',
  example: { steps: ['@0 a0 = vmalloc 0x1000', '@0 set_vm_flush_reset_perms a0'], outcome: 'ok' },
  effect: 'protects',
  sees: 'nothing',
  parameters: [AREA],
  outcomes: ['ok'],
  clauses: [RESET_FLUSHES, RESET_WRITABLE, KEEPS],
  effects: [RESET_FLUSHES, RESET_WRITABLE],
  weight: 5,
  sequential: true,
  undefinedHere: undefinedPermission,
  predict(known, step) {
    knownArea(known, step).resets = true;
  },
  end(model, { args: [{ index }] }) {
    model.kernel.named[index]!.resets = true;
    model.kernel.keep(KEEPS);
  },
});
